import { route } from '@/lib/edge'
import { prewarmChannel } from '@/lib/playback'
import { PrewarmInput } from '@/lib/playback/schema'

/** A player says which channel its viewer is likely to turn to next. */
export const POST = route({
  who: 'viewer',
  body: PrewarmInput,
  limit: 'prewarm',
  run: ({ viewer, body, request, address }) =>
    prewarmChannel(viewer, body, { address, app: request.headers.get('user-agent') ?? '' }),
})
