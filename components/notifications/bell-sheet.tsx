'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Gauge, Play, X } from 'lucide-react'
import { useMinute } from '@/components/guide/use-minute'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { saySince } from '@/components/shell/say-time'
import { Button } from '@/components/ui/button'
import { ButtonLink } from '@/components/ui/button-link'
import { Dialog } from '@/components/ui/dialog'
import { ErrorState } from '@/components/ui/error-state'
import { IconButton } from '@/components/ui/icon-button'
import { KeptFocus } from '@/components/ui/kept-focus'
import { Skeleton } from '@/components/ui/skeleton'
import { showToast } from '@/components/ui/toast-store'
import { alertPath, sayAlert } from '@/lib/kernel/alert-words'
import { MINUTE, SECOND } from '@/lib/kernel/time'
import type { AiringView, NotificationView } from '@/lib/notifications/schema'
import { notificationsQuery, remindersQuery } from './queries'
import { sayAiring } from './reminder-words'

const COMING = 3

function sayState({ start, stop }: NotificationView, now: number): string | null {
  if (now >= stop * SECOND) return 'Over'
  if (now >= start * SECOND) return 'On now'
  const minutes = Math.ceil((start * SECOND - now) / MINUTE)
  return minutes < 60 ? `In ${minutes} min` : null
}

/** What the message says, and its small line. */
function sayNotification(notification: NotificationView, now: number): { title: string; note: string } {
  const { kind, title, others, createdAt } = notification
  if (kind !== 'reminder') return { title: sayAlert({ kind, title, others }), note: saySince(createdAt, now) }
  return { title, note: [sayState(notification, now), sayAiring(notification, now)].filter(Boolean).join(' · ') }
}

type Act = (what: 'snooze' | 'dismiss') => void

function Ways({ notification, isPending, act }: { notification: NotificationView; isPending: boolean; act: Act }) {
  const { kind, itemId, title } = notification
  return (
    <span className="flex flex-wrap gap-2">
      {kind === 'reminder' ? (
        <ButtonLink
          href={`/watch/${itemId}`}
          prefetch={false}
          size="small"
          aria-label={`Watch ${title}`}
          icon={<Play aria-hidden size="1rem" className="fill-current" strokeWidth={1.75} />}
        >
          Watch
        </ButtonLink>
      ) : (
        <ButtonLink
          href={alertPath(notification)}
          prefetch={false}
          size="small"
          aria-label={`How ${title} plays`}
          icon={<Gauge aria-hidden size="1rem" strokeWidth={1.75} />}
        >
          How it plays
        </ButtonLink>
      )}
      {notification.snoozable ? (
        <Button size="small" aria-label={`Snooze ${title}`} disabled={isPending} onClick={() => act('snooze')}>
          Snooze
        </Button>
      ) : null}
    </span>
  )
}

function NotificationRow({ notification, now }: { notification: NotificationView; now: number }) {
  const client = useQueryClient()
  const act = useMutation({
    mutationFn: (what: 'snooze' | 'dismiss') =>
      what === 'snooze'
        ? callApi<unknown>('POST', `/api/notifications/${notification.id}/snooze`)
        : callApi<unknown>('DELETE', `/api/notifications/${notification.id}`),
    onSuccess: (_data, what) => what === 'snooze' && showToast('We will remind you again in 5 minutes.'),
    onError: error => showToast(toFailure(error).say, 'danger'),
    onSettled: () => client.invalidateQueries({ queryKey: notificationsQuery.queryKey }),
  })
  const { title, note } = sayNotification(notification, now)
  const isAlert = notification.kind !== 'reminder'
  const isOver = !isAlert && now >= notification.stop * SECOND
  return (
    <li className="flex flex-col gap-2 py-3 [&+li]:hairline-t">
      <span className="flex items-start gap-2">
        <span className={`min-w-0 grow ${isOver ? 'text-muted' : ''}`}>
          <span className={`block font-strong ${isAlert ? '' : 'truncate'}`}>{title}</span>
          <span className="block truncate text-12 text-muted tabular-nums">{note}</span>
        </span>
        <IconButton
          label={`Dismiss ${title}`}
          icon={<X aria-hidden size="1.125rem" strokeWidth={1.75} />}
          disabled={act.isPending}
          onClick={() => act.mutate('dismiss')}
        />
      </span>
      {isOver ? null : <Ways notification={notification} isPending={act.isPending} act={act.mutate} />}
    </li>
  )
}

function Told({ now }: { now: number }) {
  const { data, error, refetch } = useQuery(notificationsQuery)
  if (data === undefined) {
    return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton className="my-3 h-16" />
  }
  if (data.notifications.length === 0) {
    return (
      <p className="py-4 text-14 text-muted">Nothing yet. What you asked to be reminded of appears here when its time comes.</p>
    )
  }
  return (
    <ul aria-label="Notifications">
      {data.notifications.map(notification => (
        <NotificationRow key={notification.id} notification={notification} now={now} />
      ))}
    </ul>
  )
}

function Coming({ now }: { now: number }) {
  const told = useQuery(notificationsQuery).data?.notifications ?? []
  const isTold = ({ itemId, start }: AiringView) => told.some(one => one.itemId === itemId && one.start === start)
  const next = (useQuery(remindersQuery).data ?? []).flatMap(({ id, airings }) => airings.map(airing => ({ id, airing })))
  const first = next
    .filter(({ airing }) => !isTold(airing))
    .sort((a, b) => a.airing.start - b.airing.start)
    .slice(0, COMING)
  if (first.length === 0) return null
  return (
    <section className="mt-6">
      <h3 className="mb-1 font-strong text-14">Coming up</h3>
      <ul>
        {first.map(({ id, airing }) => (
          <li key={`${id} ${airing.itemId} ${airing.start}`} className="py-2">
            <span className="block truncate text-14">{airing.title}</span>
            <span className="block truncate text-12 text-muted tabular-nums">{sayAiring(airing, now)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What the profile was told of, and what comes next. */
export function BellSheet({ onClose }: { onClose: () => void }) {
  const now = useMinute()
  return (
    <Dialog title="Notifications" shape="sheet" onClose={onClose}>
      <KeptFocus>
        <Told now={now} />
      </KeptFocus>
      <Coming now={now} />
      <ButtonLink href="/reminders" className="mt-6 w-full" onClick={onClose}>
        All reminders
      </ButtonLink>
    </Dialog>
  )
}
