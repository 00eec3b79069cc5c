'use client'

import { CalendarClock, Repeat, Search, X } from 'lucide-react'
import Link from 'next/link'
import { useMinute } from '@/components/guide/use-minute'
import { IconButton } from '@/components/ui/icon-button'
import type { ReminderView } from '@/lib/notifications/schema'
import { leadOptions, sayAiring, sayMore, sayScope } from './reminder-words'
import { useChangeReminder, useRemoveReminder } from './use-reminders'

const pictures = { programme: CalendarClock, series: Repeat, search: Search } as const

function sayNext({ kind, airings }: ReminderView, now: number): string {
  const [next] = airings
  if (next) return sayAiring(next, now) + sayMore(airings.length)
  return kind === 'programme' ? 'Not in the guide any more' : 'Nothing in the guide yet'
}

/** One reminder: what for, what comes next, how long before, and the way to remove it. */
export function ReminderRow({ reminder }: { reminder: ReminderView }) {
  const now = useMinute()
  const change = useChangeReminder()
  const remove = useRemoveReminder()
  const Icon = pictures[reminder.kind]
  const scope = sayScope(reminder)
  const [next] = reminder.airings
  const title = reminder.kind === 'search' ? `“${reminder.title}”` : reminder.title
  return (
    <li className="flex min-h-18 flex-wrap items-center gap-x-4 gap-y-2 py-3 [&+li]:hairline-t">
      <span className="flex size-11 shrink-0 items-center justify-center rounded-card bg-accent-soft text-accent">
        <Icon aria-hidden size="1.25rem" strokeWidth={1.75} />
      </span>
      <span className="min-w-0 grow basis-40">
        {next ? (
          <Link href={`/title/${next.itemId}`} className="block truncate font-strong hover:underline">
            {title}
          </Link>
        ) : (
          <span className="block truncate font-strong">{title}</span>
        )}
        {scope ? <span className="block truncate text-12 text-muted">{scope}</span> : null}
        <span className={`block truncate text-14 tabular-nums ${next ? 'text-muted' : 'text-faint'}`}>
          {sayNext(reminder, now)}
        </span>
      </span>
      <span className="ml-auto flex items-center gap-1">
        <select
          aria-label={`How long before: ${reminder.title}`}
          value={String(reminder.minutes)}
          disabled={change.isPending}
          onChange={event => change.mutate({ id: reminder.id, minutes: Number(event.currentTarget.value) })}
          className="h-11 rounded-full border border-line-strong bg-fill px-3 text-14 [&>option]:bg-surface"
        >
          {leadOptions.map(option => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <IconButton
          label={`Remove the reminder for ${reminder.title}`}
          icon={<X aria-hidden size="1.25rem" strokeWidth={1.75} />}
          disabled={remove.isPending}
          onClick={() => remove.mutate(reminder.id)}
        />
      </span>
    </li>
  )
}
