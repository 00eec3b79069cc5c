'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { Tv } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { AddSourceForm } from '@/components/providers/add-source-form'
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
import { SetupSteps } from './setup-steps'

async function createAdmin({ name = '', email = '', password = '' }: Readonly<Record<string, string>>): Promise<void> {
  await callApi<AccountView>('POST', '/api/setup', { name, email, password })
  await signInWithPassword(email, password)
}

function AdminStep({ onDone }: { onDone: () => void }) {
  const create = useMutation({ mutationFn: createAdmin, onSuccess: onDone })
  return (
    <>
      <AuthTitle title="Welcome" text="First, the account that runs this server." />
      <AccountForm label="First account" error={create.error} onSend={values => create.mutate(values)}>
        <Button type="submit" tone="primary" size="large" busy={create.isPending}>
          Create the first account
        </Button>
      </AccountForm>
    </>
  )
}

function SourceStep({ onDone }: { onDone: (added: boolean) => void }) {
  return (
    <>
      <AuthTitle title="Add a source" text="Your provider's login or playlist. It is tested before it is saved." />
      <AddSourceForm onAdded={() => onDone(true)} admin />
      <Button tone="quiet" className="mt-3 w-full" onClick={() => onDone(false)}>
        Do this later
      </Button>
    </>
  )
}

function DoneStep({ added }: { added: boolean }) {
  return (
    <>
      <Tv aria-hidden size="2.5rem" strokeWidth={1.75} className="mb-4 text-accent" />
      <AuthTitle
        title="Everything is ready"
        text={
          added
            ? 'Your channels, movies and series are being fetched now. You can look around meanwhile.'
            : 'You can add a source at any time under Sources.'
        }
      />
      {/* A plain link: Home must be asked of the server again, now that there is somebody signed in. */}
      <ButtonLink href="/" prefetch={false} tone="primary" size="large" className="w-full" data-focus-first>
        Go to Home
      </ButtonLink>
    </>
  )
}

export function SetupScreen() {
  const entry = useQuery({ ...entryQuery, refetchOnWindowFocus: false })
  const [step, setStep] = useState<1 | 2 | 3>(1)
  const [added, setAdded] = useState(false)
  const router = useRouter()
  const steps = useRef<HTMLDivElement>(null)
  const tooLate = step === 1 && entry.data?.setupNeeded === false

  useEffect(() => {
    if (tooLate) router.replace('/sign-in')
  }, [tooLate, router])

  // The button that was pressed is gone with its step: go on where the next one begins.
  useEffect(() => {
    if (step > 1) steps.current?.querySelector<HTMLElement>('[data-focus-first]')?.focus()
  }, [step])

  if (entry.isError) return <ErrorState error={entry.error} onRetry={() => void entry.refetch()} />
  if (entry.isPending || tooLate) return <Skeleton className="h-120 w-full" />
  return (
    <div ref={steps}>
      <SetupSteps at={step} />
      {step === 1 ? <AdminStep onDone={() => setStep(2)} /> : null}
      {step === 2 ? (
        <SourceStep
          onDone={done => {
            setAdded(done)
            setStep(3)
          }}
        />
      ) : null}
      {step === 3 ? <DoneStep added={added} /> : null}
    </div>
  )
}
