'use client'

import { useState } from 'react'
import { Tabs } from '@/components/ui/tabs'
import type { ItemPageView } from '@/lib/catalogue/schema'
import { EpisodeRow } from './episode-row'
import { findNextEpisode } from './title-actions'

/** Seasons as tabs, episodes as rows; it opens at the season to go on with. */
export function SeasonTabs({ title }: { title: ItemPageView }) {
  const next = findNextEpisode(title)
  const [chosen, setChosen] = useState<string | null>(null)
  const { seasons } = title
  const start = seasons.find(season => season.episodes.some(episode => episode.id === next?.id)) ?? seasons[0]
  const season = seasons.find(one => String(one.number) === chosen) ?? start
  if (!season) return null
  const value = String(season.number)
  return (
    <section aria-label="Episodes" className="relative mt-9 px-4 md:px-8">
      <Tabs
        label="Seasons"
        id="season"
        tabs={seasons.map(one => ({ value: String(one.number), label: one.name }))}
        value={value}
        onChange={setChosen}
      />
      <div id="season-panel" role="tabpanel" aria-labelledby={`season-tab-${value}`} className="mt-3">
        <ul className="flex flex-col gap-1">
          {season.episodes.map(episode => (
            <li key={episode.id}>
              <EpisodeRow episode={episode} next={episode.id === next?.id} />
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}
