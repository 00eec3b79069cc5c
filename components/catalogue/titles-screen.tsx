'use client'

import { PageHeader } from '@/components/shell/page-header'
import { ErrorState } from '@/components/ui/error-state'
import { VirtualGrid } from '@/components/ui/virtual-grid'
import type { ItemCard } from '@/lib/catalogue/schema'
import { FilterField } from './filter-field'
import { LetterJump } from './letter-jump'
import { ListEmpty } from './list-empty'
import { PosterCard } from './poster-card'
import { PosterSkeleton } from './poster-skeleton'
import { SourceSwitcher } from './source-switcher'
import { TitleFilters } from './title-filters'
import { toItemFilter, useFilters } from './use-filters'
import { type ItemList, useItemList } from './use-item-list'

interface TitlesScreenProps {
  kind: 'movie' | 'series'
}

const words = {
  movie: { title: 'Movies', things: 'movies', filter: 'Filter movies' },
  series: { title: 'Series', things: 'series', filter: 'Filter series' },
} as const

const PAGE = 90
const EAGER = 12

/** Three columns on a phone, more as there is room. */
const minColumn = (width: number) => (width < 40 ? 6.5 : 9.75)

// Made once: a card is drawn again only when its item changes.
const drawCard = (item: ItemCard, at: number) => <PosterCard item={item} eager={at < EAGER} first={at === 0} />

function TitleGrid({ list, label }: { list: ItemList; label: string }) {
  return (
    <div
      aria-busy={list.loading || list.changing}
      className={`min-w-0 grow transition-opacity duration-200 ${list.changing ? 'opacity-60' : ''}`}
    >
      <VirtualGrid
        label={label}
        items={list.items}
        keyOf={item => item.id}
        minColumn={minColumn}
        gap={1.125}
        cellHeight={column => column * 1.5 + 3}
        pending={list.loading ? 30 : list.more ? 18 : 0}
        render={drawCard}
        renderPending={PosterSkeleton}
        onEnd={list.loadMore}
      />
    </div>
  )
}

export function TitlesScreen({ kind }: TitlesScreenProps) {
  const filters = useFilters()
  const list = useItemList(kind, toItemFilter({ sort: 'added', ...filters }), PAGE)
  const { title, things, filter } = words[kind]
  const empty = !list.loading && !list.error && list.items.length === 0
  return (
    <div className="px-4 md:pr-6 md:pl-10">
      <PageHeader title={title}>
        <SourceSwitcher />
      </PageHeader>
      <div className="mb-6 flex flex-wrap items-center gap-2">
        <TitleFilters kind={kind} filters={filters} />
        <FilterField label={filter} value={filters.text ?? ''} />
      </div>
      {list.error ? <ErrorState error={list.error} onRetry={list.retry} /> : null}
      {empty ? <ListEmpty filters={filters} things={things} /> : null}
      {list.error || empty ? null : (
        <div className="flex gap-4">
          <TitleGrid list={list} label={title} />
          <LetterJump from={filters.from} />
        </div>
      )}
    </div>
  )
}
