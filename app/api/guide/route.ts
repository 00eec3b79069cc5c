import { respondIfNew, route } from '@/lib/edge'
import { findGuideWindow } from '@/lib/epg'
import { GuideWindowQuery } from '@/lib/epg/schema'

/** Some channels between two moments: what the grid shows. */
export const GET = route({
  who: 'viewer',
  query: GuideWindowQuery,
  run: async ({ viewer, query, request }) => respondIfNew(request, await findGuideWindow(viewer, query)),
})
