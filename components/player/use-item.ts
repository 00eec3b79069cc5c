'use client'

import { useQuery } from '@tanstack/react-query'
import { titleQuery } from '@/components/catalogue/queries'
import type { EpisodeView, ItemCard, ItemPageView } from '@/lib/catalogue/schema'
import { findNextEpisode } from './episode-order'

interface KnownItem {
  page: ItemPageView | null
  card: ItemCard | null
  nextEpisode: EpisodeView | null
}

/** What plays: from the list at once, in full as soon as its page is there, which what the list knows does not ask for while it opens. */
export function useItem(id: number, channels: readonly ItemCard[], isOpening: boolean): KnownItem {
  const listed = channels.find(channel => channel.id === id) ?? null
  const page = useQuery({ ...titleQuery(id), enabled: listed === null || !isOpening }).data ?? null
  const seriesId = page?.series?.id ?? null
  const series = useQuery({ ...titleQuery(seriesId ?? 0), enabled: seriesId !== null }).data
  return {
    page,
    card: page ?? listed,
    nextEpisode: series ? findNextEpisode(series, id) : null,
  }
}
