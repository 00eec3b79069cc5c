import { splitSource } from '@/lib/catalogue'
import { SourceParams } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'

/** Takes one source out of a merged item and gives it an item of its own. */
export const POST = route({ who: 'viewer', params: SourceParams, run: ({ viewer, params }) => splitSource(viewer, params.id) })
