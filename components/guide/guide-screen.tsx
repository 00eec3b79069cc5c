'use client'

import { useQuery } from '@tanstack/react-query'
import { ListEmpty } from '@/components/catalogue/list-empty'
import { categoriesQuery } from '@/components/catalogue/queries'
import { SourceSwitcher } from '@/components/catalogue/source-switcher'
import { type Filters, useFilters } from '@/components/catalogue/use-filters'
import { toFailure } from '@/components/shell/failure'
import { PageHeader } from '@/components/shell/page-header'
import { ButtonLink } from '@/components/ui/button-link'
import { ErrorState } from '@/components/ui/error-state'
import { GuideDesk } from './guide-desk'
import { useFavouritesFirst } from './guide-preferences'
import { GuideSkeleton } from './guide-skeleton'
import { GuideFilters } from './guide-toolbar'
import { OfflineNote } from './offline-note'
import { OnNowList } from './on-now-list'
import { rowsQuery } from './queries'
import type { RowsFilter } from './rows-address'
import { shownSince } from './shown-since'
import { useKeptGuide } from './use-kept-guide'
import { useNarrow } from './use-narrow'

function toRowsFilter({ category, source, text }: Filters, first: boolean): RowsFilter {
  const filter: Record<string, string> = {}
  if (category === 'favourites') filter.favourites = 'only'
  else {
    if (first) filter.favourites = 'first'
    if (category && /^\d+$/.test(category)) filter.category = category
  }
  if (source) filter.provider = source
  if (text) filter.text = text
  return filter
}

function useCategories(source: string | undefined) {
  const { data } = useQuery(categoriesQuery('channel'))
  return (data ?? [])
    .filter(({ provider }) => !source || String(provider.id) === source)
    .map(({ id, name, count }) => ({ value: String(id), label: name, note: count.toLocaleString() }))
}

/** What is on, when and where: a grid, and on phones a list of what is on now. */
export function GuideScreen({ profileId }: { profileId: string }) {
  useKeptGuide(profileId)
  const filters = useFilters()
  const rows = useQuery(rowsQuery(toRowsFilter(filters, useFavouritesFirst())))
  const categories = useCategories(filters.source)
  const narrow = useNarrow()
  const filterBar = (
    <>
      <GuideFilters filters={filters} categories={categories} />
      {filters.text ? (
        <ButtonLink href={`/search?q=${encodeURIComponent(filters.text)}`} prefetch={false} size="small">
          Programmes with this
        </ButtonLink>
      ) : null}
    </>
  )
  const empty = <ListEmpty filters={filters} things="channels" />
  const content = () => {
    if (rows.data === undefined && rows.error) {
      return (
        <>
          {/* A filter that cannot be loaded can be taken back. */}
          <div className="mb-3 flex flex-wrap items-center gap-2">{filterBar}</div>
          <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />
        </>
      )
    }
    if (rows.data === undefined) return <GuideSkeleton />
    if (narrow === null) return <GuideSkeleton />
    const { ids, archiveDays } = rows.data
    if (narrow) {
      return (
        <>
          <div className="mb-3 flex flex-wrap items-center gap-2">{filterBar}</div>
          {ids.length === 0 ? empty : <OnNowList ids={ids} />}
        </>
      )
    }
    return <GuideDesk ids={ids} archiveDays={archiveDays} filters={filterBar} empty={empty} />
  }
  return (
    <div className="flex flex-col px-4 md:-mb-16 md:h-dvh md:px-8 md:pb-4">
      <PageHeader title="Guide">
        <OfflineNote failed={rows.error !== null && toFailure(rows.error).code === 'UNAVAILABLE'} since={shownSince(rows)} />
        <SourceSwitcher />
      </PageHeader>
      {content()}
    </div>
  )
}
