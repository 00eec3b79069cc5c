'use client'

import { useQuery } from '@tanstack/react-query'
import { BellRing } from 'lucide-react'
import { ButtonLink } from '@/components/ui/button-link'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import { remindersQuery } from './queries'
import { ReminderRow } from './reminder-row'

/** Everything this profile is to be reminded of. */
export function ReminderList() {
  const { data, error, refetch } = useQuery(remindersQuery)
  if (data === undefined) {
    if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
    return (
      <div aria-busy className="flex flex-col gap-4 py-3">
        {[0, 1, 2].map(key => (
          <Skeleton key={key} className="h-14" />
        ))}
      </div>
    )
  }
  if (data.length === 0) {
    return (
      <EmptyState
        drawing={<BellRing size="2.75rem" strokeWidth={1.5} />}
        title="No reminders yet"
        text="Choose a programme in the guide and press “Remind me”."
        action={<ButtonLink href="/guide">Open the guide</ButtonLink>}
      />
    )
  }
  return (
    <ul aria-label="Reminders">
      {data.map(reminder => (
        <ReminderRow key={reminder.id} reminder={reminder} />
      ))}
    </ul>
  )
}
