'use client'

import { useQuery } from '@tanstack/react-query'
import { Clock, Heart, Layers, SearchX } from 'lucide-react'
import { providersQuery } from '@/components/providers/queries'
import { Button } from '@/components/ui/button'
import { ButtonLink } from '@/components/ui/button-link'
import { EmptyState } from '@/components/ui/empty-state'
import { changeFilters, type Filters } from './use-filters'

const drawing = { size: '2.75rem', strokeWidth: 1.5 } as const

function clearAll(): void {
  changeFilters({
    category: null,
    genre: null,
    yearFrom: null,
    yearTo: null,
    rating: null,
    favourites: null,
    text: null,
    from: null,
  })
}

/** Why a list is empty, and what to do about it. */
export function ListEmpty({ filters, things }: { filters: Filters; things: string }) {
  const providers = useQuery(providersQuery).data
  if (filters.category === 'favourites' || filters.favourites) {
    return (
      <EmptyState
        drawing={<Heart {...drawing} />}
        title={`No favourite ${things} yet`}
        text="Press the heart of anything you like, and it is kept here."
        action={<Button onClick={clearAll}>Show everything</Button>}
      />
    )
  }
  if (filters.category === 'recent') {
    return <EmptyState drawing={<Clock {...drawing} />} title="Nothing watched yet" text="Channels you watch are listed here." />
  }
  if (filters.text || filters.category || filters.genre || filters.yearFrom || filters.rating || filters.from) {
    return (
      <EmptyState
        drawing={<SearchX {...drawing} />}
        title={`No ${things} match`}
        text="Try fewer filters or other words."
        action={<Button onClick={clearAll}>Clear filters</Button>}
      />
    )
  }
  const none = providers?.length === 0
  return (
    <EmptyState
      drawing={<Layers {...drawing} />}
      title={none ? 'No source yet' : `No ${things} here`}
      text={none ? 'Add the login or the playlist of your provider.' : 'Your sources have none, or they are still being fetched.'}
      action={
        <ButtonLink href="/sources" tone="primary">
          {none ? 'Add a source' : 'Open Sources'}
        </ButtonLink>
      }
    />
  )
}
