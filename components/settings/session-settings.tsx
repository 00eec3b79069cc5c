'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { MonitorSmartphone } from 'lucide-react'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { saySince } from '@/components/shell/say-time'
import { useClock } from '@/components/shell/use-clock'
import { Button } from '@/components/ui/button'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import { showToast } from '@/components/ui/toast-store'
import type { SessionView } from '@/lib/accounts/schema'
import { sessionsQuery } from './queries'

function SessionLine({ session, busy, onEnd }: { session: SessionView; busy: boolean; onEnd: () => void }) {
  const now = useClock()
  return (
    <li className="flex min-h-16 items-center gap-4 py-3 [&+li]:hairline-t">
      <MonitorSmartphone aria-hidden size="1.5rem" strokeWidth={1.75} className="shrink-0 text-muted" />
      <span className="min-w-0 grow">
        <span className="block truncate">{session.device}</span>
        <span className="block truncate text-12 text-muted">
          {session.current ? 'This device' : `Seen ${saySince(session.lastSeenAt, now)}`} · {session.address}
        </span>
      </span>
      {session.current ? null : (
        <Button size="small" aria-label={`Sign out ${session.device}`} disabled={busy} onClick={onEnd}>
          Sign out
        </Button>
      )}
    </li>
  )
}

/** Where this account is signed in. */
export function SessionSettings() {
  const sessions = useQuery(sessionsQuery)
  const client = useQueryClient()
  const end = useMutation({
    mutationFn: (id: string | null) => callApi<unknown>('DELETE', id === null ? '/api/sessions' : `/api/sessions/${id}`),
    onSuccess: () => showToast('Signed out.'),
    onError: error => showToast(toFailure(error).say, 'danger'),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  })
  if (sessions.isPending) return <Skeleton className="h-40 w-full" />
  if (sessions.isError) return <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />
  return (
    <div className="flex flex-col gap-4">
      <ul aria-label="Signed-in devices">
        {sessions.data.map(session => (
          <SessionLine key={session.id} session={session} busy={end.isPending} onEnd={() => end.mutate(session.id)} />
        ))}
      </ul>
      {sessions.data.length > 1 ? (
        <Button className="self-start" disabled={end.isPending} onClick={() => end.mutate(null)}>
          Sign out everywhere else
        </Button>
      ) : null}
    </div>
  )
}
