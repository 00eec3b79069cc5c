import { route } from '@/lib/edge'
import { closePlayback } from '@/lib/playback'
import { PlaybackParams, TouchInput } from '@/lib/playback/schema'

/** The same as DELETE, for sendBeacon, which can only POST; takes the last position along. */
export const POST = route({
  who: 'viewer',
  params: PlaybackParams,
  body: TouchInput.optional(),
  run: ({ viewer, params, body }) => closePlayback(viewer, params.id, body),
})
