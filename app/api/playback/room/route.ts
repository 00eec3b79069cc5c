import { route } from '@/lib/edge'
import { viewRoom } from '@/lib/playback'
import { RoomQuery } from '@/lib/playback/schema'

/** Which of up to 500 channels can be opened now, beside what plays already. */
export const GET = route({ who: 'viewer', query: RoomQuery, run: ({ viewer, query }) => viewRoom(viewer, query.ids) })
