'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { callApi } from '@/components/shell/api'
import { Button } from '@/components/ui/button'
import { ButtonLink } from '@/components/ui/button-link'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import type { AccountView } from '@/lib/accounts/schema'
import { AccountForm } from './account-form'
import { AuthTitle } from './auth-title'
import { entryQuery } from './queries'
import { signInWithPassword } from './session'
import { useFragment } from './use-fragment'

async function createAccount(values: Readonly<Record<string, string>>, invite: string | null): Promise<void> {
  const { name = '', email = '', password = '' } = values
  await callApi<AccountView>('POST', '/api/accounts', { name, email, password, ...(invite ? { invite } : {}) })
  await signInWithPassword(email, password)
}

function ClosedDoor({ text }: { text: string }) {
  return (
    <>
      <AuthTitle title="Create an account" text={text} />
      <ButtonLink href="/sign-in" tone="primary" size="large" className="w-full">
        Sign in instead
      </ButtonLink>
    </>
  )
}

export function SignUpScreen() {
  const invite = useFragment()
  const entry = useQuery(entryQuery)
  const create = useMutation({
    mutationFn: (values: Readonly<Record<string, string>>) => createAccount(values, invite),
    onSuccess: () => window.location.assign('/'),
  })
  if (entry.isPending || invite === null) return <Skeleton className="h-105 w-full" />
  if (entry.isError) return <ErrorState error={entry.error} onRetry={() => void entry.refetch()} />
  if (entry.data.signUpMode === 'closed' && !invite) {
    return <ClosedDoor text="New accounts are not open here. Ask the person who runs this server." />
  }
  if (entry.data.signUpMode === 'invite' && !invite) {
    return (
      <ClosedDoor text="You need an invitation here. Open the link you were sent, or ask the person who runs this server for one." />
    )
  }
  return (
    <>
      <AuthTitle
        title="Create an account"
        text={invite ? 'You have been invited. One short form and you are in.' : 'One short form and you are in.'}
      />
      <AccountForm label="Create an account" error={create.error} onSend={values => create.mutate(values)}>
        <Button type="submit" tone="primary" size="large" busy={create.isPending || create.isSuccess}>
          Create account
        </Button>
      </AccountForm>
      <p className="mt-6 text-14 text-muted">
        You have one already?{' '}
        <Link href="/sign-in" className="font-strong text-accent underline-offset-4 hover:underline">
          Sign in
        </Link>
      </p>
    </>
  )
}
