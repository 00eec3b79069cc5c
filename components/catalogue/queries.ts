import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { getView } from '@/components/shell/api'
import { untilReachable } from '@/components/shell/until-reachable'
import type { BrowseKind, CategoryView, HomeView, ItemCard, ItemPage, ItemPageView, SearchView } from '@/lib/catalogue/schema'
import { MINUTE } from '@/lib/kernel/time'
import type { PlaybackView } from '@/lib/playback/schema'

/** Every query of this room begins with this word, so that a favourite can be changed everywhere at once. */
export const ROOM = 'catalogue'

export type ItemFilter = Readonly<Record<string, string>>

export const homeQuery = queryOptions({
  queryKey: [ROOM, 'home'],
  queryFn: ({ signal }) => getView<HomeView>('/api/home', signal),
})

export function itemsQuery(kind: BrowseKind, filter: ItemFilter, limit: number) {
  return infiniteQueryOptions({
    queryKey: [ROOM, 'items', kind, filter],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ kind, ...filter, limit: String(limit) })
      if (pageParam) query.set('cursor', pageParam)
      return getView<ItemPage>(`/api/items?${query}`, signal)
    },
    initialPageParam: '',
    getNextPageParam: page => page.next,
    placeholderData: keepPreviousData,
  })
}

/** What is known to be in each source of an item. */
export function holdingsQuery(itemId: number) {
  return queryOptions({
    queryKey: [ROOM, 'holdings', itemId],
    queryFn: ({ signal }) => getView<PlaybackView['sources']>(`/api/items/${itemId}/sources`, signal),
  })
}

export function categoriesQuery(kind: BrowseKind) {
  return queryOptions({
    queryKey: [ROOM, 'categories', kind],
    queryFn: ({ signal }) => getView<CategoryView[]>(`/api/categories?kind=${kind}`, signal),
    staleTime: 5 * MINUTE,
  })
}

export function genresQuery(kind: BrowseKind) {
  return queryOptions({
    queryKey: [ROOM, 'genres', kind],
    queryFn: ({ signal }) => getView<string[]>(`/api/genres?kind=${kind}`, signal),
    staleTime: 5 * MINUTE,
  })
}

export function titleQuery(id: number) {
  return queryOptions({
    queryKey: [ROOM, 'title', id],
    queryFn: ({ signal }) => getView<ItemPageView>(`/api/items/${id}`, signal),
  })
}

export function twinsQuery(id: number) {
  return queryOptions({
    queryKey: [ROOM, 'twins', id],
    queryFn: ({ signal }) => getView<ItemCard[]>(`/api/items/${id}/twins`, signal),
  })
}

export const historyQuery = queryOptions({
  queryKey: [ROOM, 'history'],
  queryFn: ({ signal }) => getView<ItemCard[]>('/api/history', signal),
  staleTime: 0,
})

export function searchQuery(text: string) {
  return queryOptions({
    queryKey: [ROOM, 'search', text],
    queryFn: ({ signal }) => getView<SearchView>(`/api/search?q=${encodeURIComponent(text)}`, signal),
    enabled: text !== '',
    placeholderData: keepPreviousData,
    ...untilReachable,
  })
}
