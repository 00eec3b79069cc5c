import { route } from '@/lib/edge'
import { endConnection } from '@/lib/playback'
import { PlaybackParams } from '@/lib/playback/schema'

export const DELETE = route({
  who: 'admin',
  params: PlaybackParams,
  run: ({ viewer, params }) => endConnection(viewer, params.id),
})
