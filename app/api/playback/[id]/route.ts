import { route } from '@/lib/edge'
import { closePlayback } from '@/lib/playback'
import { PlaybackParams } from '@/lib/playback/schema'

export const DELETE = route({
  who: 'viewer',
  params: PlaybackParams,
  run: ({ viewer, params }) => closePlayback(viewer, params.id),
})
