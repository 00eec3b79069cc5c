'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { PageHeader } from '@/components/shell/page-header'
import { Button } from '@/components/ui/button'
import { ErrorState } from '@/components/ui/error-state'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import type { PersonView } from '@/lib/accounts/schema'
import { PersonDialog } from './person-dialog'
import { PersonRow } from './person-row'
import { peopleQuery } from './queries'

/** Who has an account, who is switched off, and until when each may watch. Administrators only. */
export function PeopleScreen() {
  const people = useInfiniteQuery(peopleQuery)
  const [changing, setChanging] = useState<PersonView | null>(null)
  const all = people.data?.pages.flatMap(page => page.people) ?? []
  return (
    <div className="px-4 md:px-10">
      <PageHeader title="People" />
      <div className="flex max-w-6xl flex-col gap-5">
        {people.isPending ? <Skeleton className="h-96 w-full rounded-card" /> : null}
        {people.isError && !people.data ? <ErrorState error={people.error} onRetry={() => void people.refetch()} /> : null}
        {people.isError && people.data ? (
          <Notice tone="warn">This list could not be refreshed just now. What you see may be a little old.</Notice>
        ) : null}
        {all.length > 0 ? (
          <ul aria-label="Accounts" className="hairline rounded-card bg-surface px-5">
            {all.map(person => (
              <PersonRow key={person.id} person={person} onChange={() => setChanging(person)} />
            ))}
          </ul>
        ) : null}
        {people.hasNextPage ? (
          <Button className="self-center" busy={people.isFetchingNextPage} onClick={() => void people.fetchNextPage()}>
            Show more
          </Button>
        ) : null}
        {people.data ? (
          <p className="text-14 text-muted">
            New people come in by invitation, or as it is set under “New accounts” in Settings.
          </p>
        ) : null}
      </div>
      {changing ? <PersonDialog person={changing} onClose={() => setChanging(null)} /> : null}
    </div>
  )
}
