'use client'

import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import { providersQuery } from '@/components/providers/queries'
import { useRememberedSource } from '@/components/shell/preferences'
import { type FilterName, filterNames, wire } from './filter-names'
import type { ItemFilter } from './queries'

export type Filters = Readonly<Partial<Record<FilterName, string>>>

/** Changes the address without asking the server: the lists are loaded by the screen itself. */
export function changeFilters(change: Partial<Record<FilterName, string | null>>): void {
  const query = new URLSearchParams(window.location.search)
  const before = query.toString()
  for (const [name, value] of Object.entries(change)) {
    if (value) query.set(name, value)
    else query.delete(name)
  }
  const text = query.toString()
  // To Next even a write that changes nothing is a navigation, and ends the one that is under way.
  if (text === before) return
  window.history.replaceState(null, '', text ? `?${text}` : window.location.pathname)
}

/** The filters in the address; the source is remembered from screen to screen when the address names none. */
export function useFilters(): Filters {
  const query = useSearchParams()
  const remembered = useRememberedSource()
  const providers = useQuery(providersQuery).data
  const filters: Partial<Record<FilterName, string>> = {}
  for (const name of filterNames) {
    const value = query.get(name)
    if (value) filters[name] = value
  }
  if (!filters.source && remembered !== null) filters.source = String(remembered)
  // A source that was deleted or hidden since would leave every list empty.
  if (providers && !providers.some(one => one.shown && String(one.id) === filters.source)) delete filters.source
  return filters
}

export function toItemFilter(filters: Filters): ItemFilter {
  const filter: Record<string, string> = {}
  for (const name of filterNames) {
    const value = filters[name]
    if (value) filter[wire[name]] = value
  }
  // A letter is a place in the alphabet.
  if (filter.from) filter.sort = 'name'
  return filter
}
