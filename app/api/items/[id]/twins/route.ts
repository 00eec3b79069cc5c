import { findTwins } from '@/lib/catalogue'
import { ItemParams } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'

/** Items that look like the same thing from another source. */
export const GET = route({ who: 'viewer', params: ItemParams, run: ({ viewer, params }) => findTwins(viewer, params.id) })
