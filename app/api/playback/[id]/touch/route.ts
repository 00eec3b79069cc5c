import { route } from '@/lib/edge'
import { touchPlayback } from '@/lib/playback'
import { PlaybackParams, TouchInput } from '@/lib/playback/schema'

export const POST = route({
  who: 'viewer',
  params: PlaybackParams,
  body: TouchInput,
  run: ({ viewer, params, body }) => touchPlayback(viewer, params.id, body),
})
