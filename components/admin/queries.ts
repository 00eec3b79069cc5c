import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { getView } from '@/components/shell/api'
import type { LineSettings, PeoplePage } from '@/lib/accounts/schema'
import type { QualityDetail, QualityFilter, QualityView } from '@/lib/analytics/schema'
import type { BrowseKind, CategoryView } from '@/lib/catalogue/schema'
import { MINUTE, SECOND } from '@/lib/kernel/time'
import type { ConnectionView, ConversionView } from '@/lib/playback/schema'

export interface KeptFacts {
  hits: number
  misses: number
  bytes: number
  maxBytes: number
  entries: { key: string; bytes: number; hits: number; ageSeconds: number }[]
}

/** What GET /api/answers tells of the lists kept in memory and the guides kept in files. */
export interface AnswerFacts extends KeptFacts {
  guides: KeptFacts
}

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: ({ signal }) => getView<ConnectionView[]>('/api/connections', signal),
  staleTime: SECOND,
  refetchInterval: 5 * SECOND,
})

export const answersQuery = queryOptions({
  queryKey: ['answers'],
  queryFn: ({ signal }) => getView<AnswerFacts>('/api/answers', signal),
  staleTime: SECOND,
  refetchInterval: 5 * SECOND,
})

/** All accounts, a page at a time. */
export const peopleQuery = infiniteQueryOptions({
  queryKey: ['people'],
  queryFn: ({ pageParam, signal }) => getView<PeoplePage>(`/api/accounts${pageParam ? `?after=${pageParam}` : ''}`, signal),
  initialPageParam: '',
  getNextPageParam: page => page.next,
})

export const lineSettingsQuery = queryOptions({
  queryKey: ['line-settings'],
  queryFn: ({ signal }) => getView<LineSettings>('/api/line-settings', signal),
})

export const conversionQuery = queryOptions({
  queryKey: ['conversion-settings'],
  queryFn: ({ signal }) => getView<ConversionView>('/api/conversion-settings', signal),
})

const kinds: readonly BrowseKind[] = ['channel', 'movie', 'series']

/** The categories of all kinds. */
export const allCategoriesQuery = queryOptions({
  queryKey: ['categories', 'all'],
  queryFn: async ({ signal }) => {
    const lists = await Promise.all(kinds.map(kind => getView<CategoryView[]>(`/api/categories?kind=${kind}`, signal)))
    return lists.flat()
  },
  staleTime: MINUTE,
})

const sayFilter = ({ hours, by, players, item }: QualityFilter) =>
  `hours=${hours}&by=${by}&players=${players}${item === undefined ? '' : `&item=${item}`}`

/** How everything played in the last hours. */
export const qualityQuery = (filter: QualityFilter) =>
  queryOptions({
    queryKey: ['quality', sayFilter(filter)],
    queryFn: ({ signal }) => getView<QualityView>(`/api/quality?${sayFilter(filter)}`, signal),
    refetchInterval: 30 * SECOND,
  })

/** What stands behind one row of it. */
export const qualityDetailQuery = (filter: QualityFilter, key: string) =>
  queryOptions({
    queryKey: ['quality', sayFilter(filter), key],
    queryFn: ({ signal }) =>
      getView<QualityDetail>(`/api/quality/detail?${sayFilter(filter)}&key=${encodeURIComponent(key)}`, signal),
    refetchInterval: 30 * SECOND,
  })
