import { queryOptions } from '@tanstack/react-query'
import { getView } from '@/components/shell/api'
import { SECOND } from '@/lib/kernel/time'
import type { RoomView } from '@/lib/playback/schema'

/** As many channels as one call may name. */
export const MOST_ASKED = 500

/** Which of these channels can be opened now, beside what plays; looked at again and again while somebody chooses. */
export function roomQuery(ids: readonly number[]) {
  return queryOptions({
    queryKey: ['room', ids],
    queryFn: ({ signal }) => getView<RoomView>(`/api/playback/room?ids=${ids.join(',')}`, signal),
    enabled: ids.length > 0,
    staleTime: 2 * SECOND,
    // A whole line-up is a long question.
    refetchInterval: (ids.length > 50 ? 15 : 4) * SECOND,
    retry: false,
  })
}

/** "2 of 3 connections are free"; null where no provider has a limit. */
export function sayRoom({ connections }: RoomView): string | null {
  const [first, ...others] = connections
  if (!first) return null
  if (others.length > 0)
    return connections.map(({ provider, limit, free }) => `${provider}: ${free} of ${limit} free`).join(' · ')
  const { limit, free } = first
  if (free === 0) return limit === 1 ? 'The only connection is in use' : `All ${limit} connections are in use`
  if (limit === 1) return 'One channel at a time'
  return `${free} of ${limit} connections ${free === 1 ? 'is' : 'are'} free`
}
