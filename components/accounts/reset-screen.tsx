'use client'

import { useMutation } from '@tanstack/react-query'
import { callApi } from '@/components/shell/api'
import { Button } from '@/components/ui/button'
import { ButtonLink } from '@/components/ui/button-link'
import { Form } from '@/components/ui/form'
import { PasswordField } from '@/components/ui/password-field'
import { Skeleton } from '@/components/ui/skeleton'
import { AuthTitle } from './auth-title'
import { useFragment } from './use-fragment'

export function ResetScreen() {
  const token = useFragment()
  const reset = useMutation({
    mutationFn: (values: Readonly<Record<string, string>>) =>
      callApi<unknown>('POST', '/api/password/reset', { token, password: values.password }),
  })
  if (token === null) return <Skeleton className="h-60 w-full" />
  if (!token) {
    return (
      <>
        <AuthTitle title="New password" text="This link is not complete. Open it again from the mail, or ask for a new one." />
        <ButtonLink href="/forgot" tone="primary" size="large" className="w-full">
          Ask for a new link
        </ButtonLink>
      </>
    )
  }
  if (reset.isSuccess) {
    return (
      <div role="status">
        <AuthTitle title="That is done" text="Your new password works from now on. Other devices have been signed out." />
        <ButtonLink href="/sign-in" tone="primary" size="large" className="w-full">
          Sign in
        </ButtonLink>
      </div>
    )
  }
  return (
    <>
      <AuthTitle title="New password" text="Choose one that you use nowhere else." />
      <Form label="New password" error={reset.error} fields={['password']} onSend={values => reset.mutate(values)}>
        {problemAt => (
          <>
            <PasswordField
              label="New password"
              name="password"
              autoComplete="new-password"
              hint="At least 10 characters."
              problem={problemAt('password')}
              data-focus-first
            />
            <Button type="submit" tone="primary" size="large" busy={reset.isPending}>
              Save the password
            </Button>
          </>
        )}
      </Form>
    </>
  )
}
