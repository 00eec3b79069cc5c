import { route } from '@/lib/edge'
import { openPlayback } from '@/lib/playback'
import { PlaybackInput } from '@/lib/playback/schema'

export const POST = route({
  who: 'viewer',
  body: PlaybackInput,
  status: 201,
  run: ({ viewer, body, request, address }) =>
    openPlayback(viewer, body, { address, app: request.headers.get('user-agent') ?? '' }),
})
