'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { CircleCheck, Tv } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { SearchField } from '@/components/ui/search-field'
import { Skeleton } from '@/components/ui/skeleton'
import { Tabs } from '@/components/ui/tabs'
import { MatchRow } from './match-row'
import { matchesQuery, type Shown } from './queries'

const lists: readonly { value: Shown; label: string; empty: string }[] = [
  { value: 'open', label: 'Without a guide', empty: 'Every channel has a guide' },
  { value: 'uncertain', label: 'Uncertain', empty: 'No guide was taken by a similar name' },
  { value: 'decided', label: 'Chosen by you', empty: 'You have not changed any channel' },
  { value: 'all', label: 'All', empty: 'No channel yet' },
]

const drawing = { size: '2.75rem', strokeWidth: 1.5 } as const

/** Channels and the guide each has: what waits for a person first. */
export function MatchList({ platform }: { platform: boolean }) {
  const [show, setShow] = useState<Shown>('open')
  const [text, setText] = useState('')
  const query = useInfiniteQuery(matchesQuery(platform, show, useDeferredValue(text.trim().toLowerCase())))
  const counts = query.data?.pages[0]?.counts
  const matches = query.data?.pages.flatMap(page => page.matches) ?? []
  const list = lists.find(({ value }) => value === show)
  return (
    <section aria-labelledby="matches" className="pb-16">
      <h2 id="matches" className="font-title text-20">
        Channels
      </h2>
      <p className="mt-1 mb-4 text-14 text-muted">
        Most channels find their guide by themselves. Choose it for the others; what you choose stays.
      </p>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <Tabs
          label="Which channels"
          id="matches"
          tabs={lists.map(({ value, label }) => ({
            value,
            label: counts ? `${label} (${counts[value].toLocaleString()})` : label,
          }))}
          value={show}
          onChange={value => setShow(lists.find(one => one.value === value)?.value ?? 'open')}
        />
        <SearchField label="Find a channel" value={text} onChange={setText} />
      </div>
      <div id="matches-panel" role="tabpanel" aria-labelledby={`matches-tab-${show}`}>
        {query.isPending ? <Skeleton className="h-64 w-full" /> : null}
        {query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : null}
        {query.isSuccess && matches.length === 0 ? (
          <EmptyState
            drawing={counts?.all === 0 ? <Tv {...drawing} /> : <CircleCheck {...drawing} />}
            title={text ? `No channel here is called ${text}` : counts?.all === 0 ? 'No channel yet' : (list?.empty ?? '')}
          />
        ) : null}
        <ul className="flex flex-col gap-3">
          {matches.map(match => (
            <MatchRow key={match.itemId} match={match} />
          ))}
        </ul>
        {query.hasNextPage ? (
          <Button className="mt-4" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show more
          </Button>
        ) : null}
      </div>
    </section>
  )
}
