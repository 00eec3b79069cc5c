'use client'

import { SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import { useDensity } from '@/components/shell/preferences'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import { VirtualGrid } from '@/components/ui/virtual-grid'
import type { ItemCard } from '@/lib/catalogue/schema'
import { ChannelRow } from './channel-row'
import { ChannelTile } from './channel-tile'
import type { ItemList } from './use-item-list'

interface ChannelListProps {
  list: ItemList
  label: string
  /** What an empty list says; it differs for favourites, recent and filters. */
  empty: ReactNode
}

const shapes = {
  rows: { minColumn: () => 400, gap: 0.25, cellHeight: () => 4.5, pending: 3 },
  tiles: {
    minColumn: (width: number) => (width < 40 ? 9 : 11.5),
    gap: 1.25,
    cellHeight: (column: number) => (column * 9) / 16 + 3.25,
    pending: 8,
  },
} as const

const RowSkeleton = () => (
  <div className="flex h-full items-center gap-4 px-3">
    <Skeleton className="h-4 w-12" />
    <Skeleton className="h-12 w-20" />
    <span className="grow">
      <Skeleton className="h-4 w-48 max-w-full" />
      <Skeleton className="mt-2 h-3 w-72 max-w-full" />
    </span>
  </div>
)

const TileSkeleton = () => (
  <div>
    <Skeleton className="aspect-video w-full rounded-card" />
    <Skeleton className="mt-2.5 h-4 w-2/3" />
  </div>
)

// Made once: a cell is drawn again only when its item changes.
const drawRow = (item: ItemCard, at: number) => <ChannelRow item={item} first={at === 0} />
const drawTile = (item: ItemCard, at: number) => <ChannelTile item={item} first={at === 0} />

/** The channels of one category, as lines or as tiles. */
export function ChannelList({ list, label, empty }: ChannelListProps) {
  const density = useDensity()
  const shape = shapes[density]
  if (list.error) return <ErrorState error={list.error} onRetry={list.retry} />
  if (!list.loading && list.items.length === 0) {
    return empty ?? <EmptyState drawing={<SearchX size="2.75rem" strokeWidth={1.5} />} title="No channels here" />
  }
  return (
    <div
      aria-busy={list.loading || list.changing}
      className={`transition-opacity duration-200 ${list.changing ? 'opacity-60' : ''}`}
    >
      <VirtualGrid
        key={density}
        label={label}
        items={list.items}
        keyOf={item => item.id}
        minColumn={shape.minColumn}
        gap={shape.gap}
        cellHeight={shape.cellHeight}
        pending={list.loading ? 12 : list.more ? shape.pending : 0}
        render={density === 'rows' ? drawRow : drawTile}
        renderPending={density === 'rows' ? RowSkeleton : TileSkeleton}
        onEnd={list.loadMore}
      />
    </div>
  )
}
