import { route } from '@/lib/edge'
import { closePlayback } from '@/lib/playback'
import { PlaybackParams } from '@/lib/playback/schema'

/** The same as DELETE, for sendBeacon, which can only POST. */
export const POST = route({
  who: 'viewer',
  params: PlaybackParams,
  run: ({ viewer, params }) => closePlayback(viewer, params.id),
})
