'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { itemsQuery } from '@/components/catalogue/queries'
import { createStoredChoice } from '@/components/shell/stored-choice'
import type { ItemCard } from '@/lib/catalogue/schema'

export type Scope = 'all' | 'favourites'

export interface LineUp {
  scope: Scope
  setScope: (scope: Scope) => void
  channels: readonly ItemCard[]
  loading: boolean
  error: Error | null
  retry: () => void
  more: boolean
  /** Somebody types this channel number: load on until it is there. */
  want: (number: number | null) => void
  loadMore: () => void
}

/** The largest page the server gives: few questions even for thousands of channels. */
const PAGE = 200
const scopes = createStoredChoice('wtf.zap-scope', 'all')

/**
 * The channels that channel +/-, digits and the list over the picture walk through. Loads on until the playing
 * channel is among them, so that its neighbours are known before somebody presses a key.
 */
export function useLineUp(enabled: boolean, currentId: number): LineUp {
  const [wanted, want] = useState<number | null>(null)
  const scope: Scope = scopes.useValue() === 'favourites' ? 'favourites' : 'all'
  const filter: Record<string, string> = scope === 'favourites' ? { favourites: '1' } : {}
  const query = useInfiniteQuery({ ...itemsQuery('channel', filter, PAGE), enabled })
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query
  const channels = useMemo(
    () => [...new Map((data?.pages ?? []).flatMap(page => page.items).map(item => [item.id, item])).values()],
    [data],
  )
  const loadMore = () => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage()
  }
  const at = channels.findIndex(channel => channel.id === currentId)
  const known = at >= 0 && at < channels.length - 1 && (wanted === null || channels.some(channel => channel.number === wanted))
  const reach = enabled && data !== undefined && !known && hasNextPage && !isFetchingNextPage && !isFetchNextPageError
  useEffect(() => {
    if (reach) void fetchNextPage()
  }, [reach, fetchNextPage])

  return {
    scope,
    setScope: scopes.set,
    channels,
    loading: query.isPending && enabled,
    error: data ? null : query.error,
    retry: () => void query.refetch(),
    more: hasNextPage,
    want,
    loadMore,
  }
}
