import { SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import { FoundProgrammes } from '@/components/guide/found-programmes'
import { EmptyState } from '@/components/ui/empty-state'
import type { ItemCard, SearchView } from '@/lib/catalogue/schema'
import type { FoundProgrammesView } from '@/lib/epg/schema'
import { ChannelTile } from './channel-tile'
import { PosterCard } from './poster-card'
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

interface SearchResultsProps {
  found: SearchView
  /** Undefined until they have been looked for. */
  programmes: FoundProgrammesView | undefined
  text: string
}

/** What was found, channels first. */
export function SearchResults({ found, programmes, text }: SearchResultsProps) {
  const groups = [...Object.values(found), ...Object.values(programmes ?? {})]
  const total = groups.reduce((sum, group) => sum + group.length, 0)
  if (total === 0 && programmes === undefined) return null
  if (total === 0) {
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
