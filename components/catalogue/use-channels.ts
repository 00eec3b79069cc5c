'use client'

import { useQuery } from '@tanstack/react-query'
import { historyQuery } from './queries'
import { type Filters, toItemFilter } from './use-filters'
import { type ItemList, useItemList } from './use-item-list'

const PAGE = 120

/** The channels a category names. "recent" comes from what this profile watched, everything else from the catalogue. */
export function useChannels(filters: Filters): ItemList {
  const recent = filters.category === 'recent'
  const { category, ...rest } = filters
  const wanted = category === 'favourites' ? { ...rest, favourites: '1' } : recent || !category ? rest : { ...rest, category }
  const list = useItemList('channel', toItemFilter(wanted), PAGE)
  const history = useQuery({ ...historyQuery, enabled: recent })
  if (!recent) return list
  const text = (filters.text ?? '').toLowerCase()
  return {
    items: (history.data ?? []).filter(item => item.kind === 'channel' && item.name.toLowerCase().includes(text)),
    loading: history.isPending,
    changing: false,
    error: history.data ? null : history.error,
    more: false,
    loadMore: () => {},
    retry: () => void history.refetch(),
  }
}
