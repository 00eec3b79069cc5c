import { ItemParams } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'
import { listHoldings } from '@/lib/playback'

/** What is known to be in each of its sources. */
export const GET = route({ who: 'viewer', params: ItemParams, run: ({ viewer, params }) => listHoldings(viewer, params.id) })
