import { SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import { FoundProgrammes } from '@/components/guide/found-programmes'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { Notice } from '@/components/ui/notice'
import type { ItemCard, SearchView } from '@/lib/catalogue/schema'
import type { FoundProgrammesView } from '@/lib/epg/schema'
import { ChannelTile } from './channel-tile'
import { PosterCard } from './poster-card'
import { PosterSkeleton } from './poster-skeleton'
import type { SearchOutcome } from './search-outcome'
import { WideCard } from './wide-card'

interface GroupProps {
  title: string
  items: readonly ItemCard[]
  columns: string
  render: (item: ItemCard) => ReactNode
}

function Group({ title, items, columns, render }: GroupProps) {
  if (items.length === 0) return null
  return (
    <section aria-labelledby={`found-${title}`} className="mt-8">
      <h2 id={`found-${title}`} className="mb-3 flex items-baseline gap-3 font-title text-20">
        {title}
        <span className="font-body text-14 text-faint tabular-nums">{items.length}</span>
      </h2>
      <ul className={`grid gap-x-4 gap-y-6 md:gap-x-5 ${columns}`}>
        {items.map(item => (
          <li key={item.id} className="min-w-0">
            {render(item)}
          </li>
        ))}
      </ul>
    </section>
  )
}

const posters = 'grid-cols-[repeat(auto-fill,minmax(6.5rem,1fr))] md:grid-cols-[repeat(auto-fill,minmax(9rem,1fr))]'
const tiles = 'grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] md:grid-cols-[repeat(auto-fill,minmax(12rem,1fr))]'

export function ResultSkeleton() {
  return (
    <div aria-hidden className="mt-8 grid grid-cols-3 gap-4 md:grid-cols-6">
      {['a', 'b', 'c', 'd', 'e', 'f'].map(key => (
        <PosterSkeleton key={key} />
      ))}
    </div>
  )
}

interface SearchResultsProps {
  found: SearchView
  programmes: FoundProgrammesView | undefined
  outcome: SearchOutcome
  text: string
  /** Looks for programmes again. */
  onRetry: () => void
}

/** What was found, channels first. */
export function SearchResults({ found, programmes, outcome, text, onRetry }: SearchResultsProps) {
  const groups = [...Object.values(found), ...Object.values(programmes ?? {})]
  const total = groups.reduce((sum, group) => sum + group.length, 0)
  const isFailed = outcome.programmes === 'failed'
  if (total === 0 && outcome.count === null) return <ResultSkeleton />
  if (total === 0 && !isFailed) {
    return (
      <EmptyState
        drawing={<SearchX size="2.75rem" strokeWidth={1.5} />}
        title={`Nothing found for “${text}”`}
        text="Check the spelling, or try a shorter piece of the name."
      />
    )
  }
  return (
    <>
      <Group title="Channels" items={found.channels} columns={tiles} render={item => <ChannelTile item={item} />} />
      {programmes ? <FoundProgrammes found={programmes} /> : null}
      {isFailed ? (
        <div className="mt-8 max-w-3xl">
          <Notice tone="warn" live>
            <p>{total === 0 ? `No channels, movies or series for “${text}”. ` : ''}Programmes could not be searched.</p>
            <Button size="small" className="mt-2" onClick={onRetry}>
              Try again
            </Button>
          </Notice>
        </div>
      ) : null}
      <Group title="Movies" items={found.movies} columns={posters} render={item => <PosterCard item={item} />} />
      <Group title="Series" items={found.series} columns={posters} render={item => <PosterCard item={item} />} />
      <Group
        title="Episodes"
        items={found.episodes}
        columns="grid-cols-[repeat(auto-fill,minmax(16rem,1fr))] md:grid-cols-[repeat(auto-fill,minmax(19rem,1fr))]"
        render={item => <WideCard item={item} />}
      />
    </>
  )
}
