'use client'

import { useMutation } from '@tanstack/react-query'
import { MailCheck } from 'lucide-react'
import { callApi } from '@/components/shell/api'
import { Button } from '@/components/ui/button'
import { ButtonLink } from '@/components/ui/button-link'
import { Field } from '@/components/ui/field'
import { Form } from '@/components/ui/form'
import { AuthTitle } from './auth-title'

export function ForgotScreen() {
  const ask = useMutation({
    mutationFn: (values: Readonly<Record<string, string>>) =>
      callApi<unknown>('POST', '/api/password/forgot', { email: values.email }),
  })
  if (ask.isSuccess) {
    return (
      <div role="status">
        <MailCheck aria-hidden size="2.5rem" strokeWidth={1.75} className="mb-4 text-accent" />
        <AuthTitle
          title="Look in your mail"
          text="If there is an account with this address, a link to choose a new password is on its way. It works for one hour."
        />
        <ButtonLink href="/sign-in" size="large" className="w-full">
          Back to sign in
        </ButtonLink>
      </div>
    )
  }
  return (
    <>
      <AuthTitle title="Forgotten your password?" text="Give your address and we send you a link to choose a new one." />
      <Form label="Forgotten password" error={ask.error} fields={['email']} onSend={values => ask.mutate(values)}>
        {problemAt => (
          <>
            <Field
              label="Email"
              name="email"
              type="email"
              autoComplete="username"
              problem={problemAt('email')}
              data-focus-first
            />
            <Button type="submit" tone="primary" size="large" busy={ask.isPending}>
              Send the link
            </Button>
            <ButtonLink href="/sign-in" tone="quiet">
              Back to sign in
            </ButtonLink>
          </>
        )}
      </Form>
    </>
  )
}
