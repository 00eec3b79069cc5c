'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { forgetKept } from '@/components/shell/kept'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Form } from '@/components/ui/form'
import { PasswordField } from '@/components/ui/password-field'
import { AuthTitle } from './auth-title'
import { entryQuery } from './queries'
import { safeNext, signInElsewhere, signInWithPassword, toSignInFailure } from './session'

function useSetupFirst(): void {
  const { data } = useQuery(entryQuery)
  const router = useRouter()
  useEffect(() => {
    if (data?.setupNeeded) router.replace('/setup')
  }, [data, router])
}

interface SignInScreenProps {
  next: string | undefined
  /** Code of a failure that single sign-on came back with. */
  problem: string | undefined
}

export function SignInScreen({ next, problem }: SignInScreenProps) {
  useSetupFirst()
  useEffect(() => {
    // Whoever comes here is signed out, by an end of the session elsewhere as well.
    void forgetKept()
  }, [])
  const entry = useQuery(entryQuery).data
  const target = safeNext(next)
  const signIn = useMutation({
    mutationFn: (values: Readonly<Record<string, string>>) => signInWithPassword(values.email ?? '', values.password ?? ''),
    // A full load: nothing of the time before signing in stays in any cache.
    onSuccess: () => window.location.assign(target),
  })
  const [cameBack] = useState(() => (problem ? toSignInFailure(problem) : null))
  const busy = signIn.isPending || signIn.isSuccess

  return (
    <>
      <AuthTitle title="Sign in" text="Good to see you again." />
      <Form label="Sign in" error={signIn.error ?? cameBack} fields={[]} onSend={values => signIn.mutate(values)}>
        {() => (
          <>
            <Field label="Email" name="email" type="email" autoComplete="username" inputMode="email" required data-focus-first />
            <PasswordField label="Password" name="password" autoComplete="current-password" required />
            <Button type="submit" tone="primary" size="large" busy={busy}>
              Sign in
            </Button>
          </>
        )}
      </Form>
      {entry?.oidc ? (
        <Button className="mt-3 w-full" size="large" onClick={() => void signInElsewhere(target)}>
          Sign in with {entry.oidc.name}
        </Button>
      ) : null}
      <p className="mt-6 flex min-h-5 flex-wrap justify-between gap-3 text-14">
        <Link href="/forgot" className="text-muted underline-offset-4 hover:text-text hover:underline">
          Forgotten your password?
        </Link>
        {entry?.signUpMode === 'open' ? (
          <Link href="/sign-up" className="font-strong text-accent underline-offset-4 hover:underline">
            Create an account
          </Link>
        ) : null}
      </p>
    </>
  )
}
