import { route } from '@/lib/edge'
import { listMatches } from '@/lib/epg'
import { MatchQuery } from '@/lib/epg/schema'

/** Channels with the guide they have or may have. */
export const GET = route({ who: 'viewer', query: MatchQuery, run: ({ viewer, query }) => listMatches(viewer, query) })
