'use client'

import { useClock } from '@/components/shell/use-clock'
import type { EpisodeView, ItemCard } from '@/lib/catalogue/schema'
import { MINUTE } from '@/lib/kernel/time'
import type { PlaybackView } from '@/lib/playback/schema'
import type { NextUp } from './scene'

/** What has just begun is hardly in the archive yet: whoever is that close to now gets the live picture. */
const BEGUN = 3 * MINUTE

interface Around {
  card: ItemCard | null
  nextEpisode: EpisodeView | null
  programme: PlaybackView['catchUp']
  go: (itemId: number) => void
  replay: (from: string | null) => void
}

/** What follows what plays, by itself or at a press. */
export function useNextUp({ card, nextEpisode, programme, go, replay }: Around): NextUp | null {
  const now = useClock()
  if (nextEpisode) {
    const { id, series, name, image } = nextEpisode
    const place = series ? ` · S${series.season} E${series.episode}` : ''
    return { key: String(id), label: `Next episode${place}`, name, image, go: () => go(id) }
  }
  if (!programme) return null
  const { next } = programme
  const name = card?.name ?? ''
  if (next && Date.parse(next.start) + BEGUN < now)
    return { key: next.start, label: `Next · ${name}`, name: next.title || name, image: null, go: () => replay(next.start) }
  return { key: `live ${programme.start}`, label: 'Live now', name, image: null, go: () => replay(null) }
}
