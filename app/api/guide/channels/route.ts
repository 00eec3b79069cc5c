import { route } from '@/lib/edge'
import { listGuideRowIds } from '@/lib/epg'
import { GuideRowsQuery } from '@/lib/epg/schema'

/** The rows of the guide in order, as ids: what stands in them comes with the windows. */
export const GET = route({ who: 'viewer', query: GuideRowsQuery, run: ({ viewer, query }) => listGuideRowIds(viewer, query) })
