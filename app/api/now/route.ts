import { NowQuery } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'
import { listNow } from '@/lib/epg'

/** What is on now on up to 30 channels, where their provider's short guide tells. */
export const GET = route({ who: 'viewer', query: NowQuery, run: ({ viewer, query }) => listNow(viewer, query.ids) })
