import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { getIfNew, getView, type Named } from '@/components/shell/api'
import { untilReachable } from '@/components/shell/until-reachable'
import type { ForYouView, FoundProgrammesView, GuideRowsView, GuideWindowView, ProgrammeView } from '@/lib/epg/schema'
import { HOUR, MINUTE, SECOND, sleep } from '@/lib/kernel/time'
import { isScrolling } from './hurry'
import { BLOCK_HOURS, BLOCK_ROWS, blockStart } from './lay-out'
import { type RowsFilter, rowsAddress } from './rows-address'

export const ROOM = 'guide'

/** While scrolling, what is passed over in less than this is not asked for: a thumb on the scroll bar crosses thousands of channels. */
const BLINK_MS = 90

/** Without a network it fails rather than waits, so that the grid can say so where it has nothing kept. */
const evenOffline = { networkMode: 'always', refetchOnReconnect: true } as const

export function rowsQuery(filter: RowsFilter) {
  return queryOptions({
    queryKey: [ROOM, 'rows', filter],
    queryFn: async ({ client, queryKey, signal }) => {
      const view = await getView<GuideRowsView>(rowsAddress(filter), signal)
      // What is on at the top of the list is asked for now rather than once an empty grid has been drawn.
      if (client.getQueryData(queryKey) === undefined && view.ids.length > 0) {
        void client.prefetchQuery(windowQuery(view.ids.slice(0, BLOCK_ROWS), blockStart(Date.now()), BLOCK_HOURS))
      }
      return view
    },
    staleTime: MINUTE,
    ...evenOffline,
    placeholderData: keepPreviousData,
  })
}

/** What is on now that this profile may like. */
export const forYouQuery = queryOptions({
  queryKey: [ROOM, 'for-you'],
  queryFn: ({ signal }) => getView<ForYouView>('/api/guide/for-you', signal),
  staleTime: MINUTE,
  refetchInterval: 5 * MINUTE,
  retry: false,
})

/** Some channels between two moments (ms). */
export function windowQuery(ids: readonly number[], from: number, hours: number) {
  const query = `ids=${ids.join(',')}&from=${from / SECOND}&hours=${hours}`
  return queryOptions({
    queryKey: [ROOM, 'window', query],
    queryFn: async ({ client, queryKey, signal }) => {
      if (isScrolling()) await sleep(BLINK_MS, signal)
      return getIfNew(`/api/guide?${query}`, client.getQueryData<Named<GuideWindowView>>(queryKey), signal)
    },
    staleTime: HOUR / 4,
    // More may come when providers have been asked; one that cannot be reached is not asked again by itself.
    refetchInterval: ({ state: { data, status } }) => (status === 'success' && data?.again ? data.again * SECOND : false),
    ...evenOffline,
  })
}

export function programmeQuery(channel: number, start: number) {
  return queryOptions({
    queryKey: [ROOM, 'programme', channel, start],
    queryFn: ({ signal }) => getView<ProgrammeView>(`/api/guide/programme?channel=${channel}&start=${start / SECOND}`, signal),
    staleTime: 5 * MINUTE,
  })
}

export function foundProgrammesQuery(text: string) {
  return queryOptions({
    queryKey: [ROOM, 'search', text],
    queryFn: ({ signal }) => getView<FoundProgrammesView>(`/api/search/programmes?q=${encodeURIComponent(text)}`, signal),
    enabled: text !== '',
    staleTime: MINUTE,
    placeholderData: keepPreviousData,
    ...untilReachable,
  })
}
