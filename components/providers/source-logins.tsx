'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import { callApi } from '@/components/shell/api'
import { Button } from '@/components/ui/button'
import { ErrorState } from '@/components/ui/error-state'
import { Field } from '@/components/ui/field'
import { Form } from '@/components/ui/form'
import { IconButton } from '@/components/ui/icon-button'
import { MoreOptions } from '@/components/ui/more-options'
import { PasswordField } from '@/components/ui/password-field'
import { Skeleton } from '@/components/ui/skeleton'
import { showToast } from '@/components/ui/toast-store'
import type { LoginView } from '@/lib/providers/schema'
import { loginsQuery } from './queries'

const empty = { username: '', password: '' }

function sayStreams({ account, problem }: LoginView): string {
  if (problem) return problem.message
  const most = account?.maxConnections ?? null
  if (most === null) return 'As many streams as it likes'
  return most === 1 ? '1 stream' : `${most} streams`
}

/** Further logins at the same provider: the same channels, more streams at a time. */
export function SourceLogins({ providerId }: { providerId: number }) {
  const [open, setOpen] = useState(false)
  return (
    <MoreOptions label="More logins at this provider" open={open} onToggle={setOpen}>
      <p className="text-14 text-muted">
        Each further login adds its streams. The channels stay the same, and you need not care which one is in use.
      </p>
      {open ? <LoginList providerId={providerId} /> : null}
    </MoreOptions>
  )
}

function LoginList({ providerId }: { providerId: number }) {
  const logins = useQuery(loginsQuery(providerId))
  const client = useQueryClient()
  const refresh = () => client.invalidateQueries({ queryKey: ['providers'] })
  const remove = useMutation({
    mutationFn: (id: number) => callApi<void>('DELETE', `/api/providers/${providerId}/logins/${id}`),
    onSuccess: async () => {
      showToast('The login was removed.')
      await refresh()
    },
  })
  if (logins.isPending) return <Skeleton className="h-11 w-full rounded-cell" />
  if (logins.isError) return <ErrorState error={logins.error} onRetry={() => void logins.refetch()} />
  return (
    <>
      {logins.data.length > 0 ? (
        <ul className="flex flex-col gap-2" aria-label="Further logins">
          {logins.data.map(login => (
            <li key={login.id} className="flex items-center gap-3 rounded-cell bg-fill py-1 pl-4">
              <span className="min-w-0 flex-1">
                <span className="block truncate font-strong text-14">{login.username}</span>
                <span className={`block text-13 ${login.problem ? 'text-danger' : 'text-muted'}`}>{sayStreams(login)}</span>
              </span>
              <IconButton
                label={`Remove ${login.username}`}
                icon={<X aria-hidden size="1.125rem" strokeWidth={1.75} />}
                onClick={() => remove.mutate(login.id)}
              />
            </li>
          ))}
        </ul>
      ) : null}
      <AddLogin providerId={providerId} onAdded={refresh} />
    </>
  )
}

function AddLogin({ providerId, onAdded }: { providerId: number; onAdded: () => Promise<void> }) {
  const [draft, setDraft] = useState(empty)
  const add = useMutation({
    mutationFn: () => callApi<LoginView>('POST', `/api/providers/${providerId}/logins`, draft),
    onSuccess: async ({ username }) => {
      showToast(`${username} was added.`)
      setDraft(empty)
      await onAdded()
    },
  })
  return (
    <Form label="Add a login" error={add.error} fields={['username', 'password']} onSend={() => add.mutate()}>
      {problemAt => (
        <>
          <Field
            label="User name"
            name="login-username"
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            value={draft.username}
            problem={problemAt('username')}
            onChange={event => setDraft({ ...draft, username: event.currentTarget.value })}
          />
          <PasswordField
            label="Password"
            name="login-password"
            autoComplete="off"
            value={draft.password}
            problem={problemAt('password')}
            onChange={event => setDraft({ ...draft, password: event.currentTarget.value })}
          />
          <Button type="submit" busy={add.isPending}>
            Add this login
          </Button>
        </>
      )}
    </Form>
  )
}
