'use client'

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { categoriesQuery, type ItemFilter, itemsQuery } from '@/components/catalogue/queries'
import { createStoredChoice } from '@/components/shell/stored-choice'
import type { ItemCard } from '@/lib/catalogue/schema'

/** A group of channels: `all`, `favourites`, or the number of a category. */
export interface Group {
  key: string
  name: string
}

export interface LineUp {
  /** Key of the group that is walked through. */
  scope: string
  setScope: (scope: string) => void
  /** All of them, in the order of the provider. */
  groups: readonly Group[]
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
const fixedGroups: readonly Group[] = [
  { key: 'all', name: 'All channels' },
  { key: 'favourites', name: 'Favourites' },
]

/** The channels of a group, as they are asked for. */
export function groupQuery(scope: string) {
  const filter: ItemFilter = scope === 'all' ? {} : scope === 'favourites' ? { favourites: '1' } : { category: scope }
  return itemsQuery('channel', filter, PAGE)
}

function useGroups(enabled: boolean): Pick<LineUp, 'scope' | 'groups'> {
  const { data } = useQuery({ ...categoriesQuery('channel'), enabled })
  const chosen = scopes.useValue()
  const groups = useMemo(() => {
    const categories = (data ?? []).filter(({ count }) => count > 0).map(({ id, name }) => ({ key: String(id), name }))
    return [...fixedGroups, ...categories]
  }, [data])
  // A category may have gone with its source since.
  const isThere = data === undefined || groups.some(({ key }) => key === chosen)
  return { groups, scope: isThere ? chosen : 'all' }
}

/**
 * The channels that channel +/-, digits and the list over the picture walk through. Loads on until the playing
 * channel is among them, so that its neighbours are known before somebody presses a key.
 */
export function useLineUp(enabled: boolean, currentId: number): LineUp {
  const [wanted, want] = useState<number | null>(null)
  const { scope, groups } = useGroups(enabled)
  const query = useInfiniteQuery({ ...groupQuery(scope), enabled })
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
    groups,
    channels,
    loading: query.isPending && enabled,
    error: data ? null : query.error,
    retry: () => void query.refetch(),
    more: hasNextPage,
    want,
    loadMore,
  }
}
