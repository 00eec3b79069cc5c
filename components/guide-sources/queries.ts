import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { getView } from '@/components/shell/api'
import type { GuideChannelChoice, GuideSourceView, MatchesView, MatchQuery } from '@/lib/epg/schema'
import { SECOND } from '@/lib/kernel/time'

/** Every query of this room begins with this word. */
export const ROOM = 'guide-sources'

export type Shown = MatchQuery['show']

export const isBusy = ({ state }: GuideSourceView): boolean => state !== 'idle'

export const guideSourcesQuery = queryOptions({
  queryKey: [ROOM, 'list'],
  queryFn: ({ signal }) => getView<GuideSourceView[]>('/api/guide-sources', signal),
  staleTime: SECOND,
  refetchInterval: ({ state }) => (state.data?.some(isBusy) ? 2 * SECOND : 20 * SECOND),
})

/** Channels and what guide they have, page by page. */
export function matchesQuery(platform: boolean, show: Shown, text: string) {
  return infiniteQueryOptions({
    queryKey: [ROOM, 'matches', platform, show, text],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ platform: platform ? '1' : '0', show, text })
      if (pageParam !== null) query.set('after', String(pageParam))
      return getView<MatchesView>(`/api/guide-matches?${query}`, signal)
    },
    initialPageParam: null as number | null,
    getNextPageParam: page => page.next,
    placeholderData: keepPreviousData,
  })
}

export function choicesQuery(itemId: number, text: string) {
  return queryOptions({
    queryKey: [ROOM, 'choices', itemId, text],
    queryFn: ({ signal }) =>
      getView<GuideChannelChoice[]>(`/api/guide-matches/${itemId}/channels?${new URLSearchParams({ text })}`, signal),
    enabled: text !== '',
  })
}
