'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { BrowseKind, ItemCard } from '@/lib/catalogue/schema'
import { type ItemFilter, itemsQuery } from './queries'

export interface ItemList {
  items: readonly ItemCard[]
  /** Nothing known yet: show skeletons. */
  loading: boolean
  /** Old content stands while new content loads. */
  changing: boolean
  error: Error | null
  more: boolean
  loadMore: () => void
  retry: () => void
}

/** An endless list, loaded page by page as its end comes into view. */
export function useItemList(kind: BrowseKind, filter: ItemFilter, limit: number): ItemList {
  const query = useInfiniteQuery(itemsQuery(kind, filter, limit))
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query
  // An item may slip from one page to the next while the list changes; twice the same key would confuse the page.
  const items = useMemo(
    () => [...new Map((data?.pages ?? []).flatMap(page => page.items).map(item => [item.id, item])).values()],
    [data],
  )
  return {
    items,
    loading: query.isPending,
    changing: query.isPlaceholderData,
    error: data ? null : query.error,
    more: hasNextPage,
    loadMore: () => {
      if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage()
    },
    retry: () => void query.refetch(),
  }
}
