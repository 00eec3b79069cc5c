'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { MailCheck, MailX } from 'lucide-react'
import { callApi } from '@/components/shell/api'
import { Button } from '@/components/ui/button'
import { ButtonLink } from '@/components/ui/button-link'
import { Field } from '@/components/ui/field'
import { Form } from '@/components/ui/form'
import { Skeleton } from '@/components/ui/skeleton'
import { AuthTitle } from './auth-title'
import { entryQuery } from './queries'

function NoMail() {
  return (
    <>
      <MailX aria-hidden size="2.5rem" strokeWidth={1.75} className="mb-4 text-muted" />
      <AuthTitle
        title="Forgotten your password?"
        text="This server cannot send mail. Ask the person who runs it for a new link."
      />
      <ButtonLink href="/sign-in" size="large" className="w-full">
        Back to sign in
      </ButtonLink>
    </>
  )
}

export function ForgotScreen() {
  const entry = useQuery(entryQuery)
  const ask = useMutation({
    mutationFn: (values: Readonly<Record<string, string>>) =>
      callApi<unknown>('POST', '/api/password/forgot', { email: values.email }),
  })
  if (entry.isPending) return <Skeleton className="h-80 w-full" />
  if (entry.data?.mail === false) return <NoMail />
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
