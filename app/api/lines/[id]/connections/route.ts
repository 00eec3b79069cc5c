import { LineParams } from '@/lib/accounts/schema'
import { route } from '@/lib/edge'
import { endLineConnections } from '@/lib/playback'

/** Ends everything that plays with this line. */
export const DELETE = route({
  who: 'admin',
  params: LineParams,
  run: ({ viewer, params }) => endLineConnections(viewer, params.id),
})
