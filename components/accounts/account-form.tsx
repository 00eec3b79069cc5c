import type { ReactNode } from 'react'
import { Field } from '@/components/ui/field'
import { Form } from '@/components/ui/form'
import { PasswordField } from '@/components/ui/password-field'

interface AccountFormProps {
  label: string
  error: Error | null
  onSend: (values: Readonly<Record<string, string>>) => void
  /** The button. */
  children: ReactNode
}

/** Name, address, password: what every new account gives. */
export function AccountForm({ label, error, onSend, children }: AccountFormProps) {
  return (
    <Form label={label} error={error} fields={['name', 'email', 'password']} onSend={onSend}>
      {problemAt => (
        <>
          <Field label="Name" name="name" autoComplete="name" problem={problemAt('name')} required data-focus-first />
          <Field
            label="Email"
            name="email"
            type="email"
            inputMode="email"
            autoComplete="username"
            problem={problemAt('email')}
            required
          />
          <PasswordField
            label="Password"
            name="password"
            autoComplete="new-password"
            hint="At least 10 characters."
            problem={problemAt('password')}
            required
          />
          {children}
        </>
      )}
    </Form>
  )
}
