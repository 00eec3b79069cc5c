import { route } from '@/lib/edge'
import { listConnections } from '@/lib/playback'

/** Who watches what now. */
export const GET = route({ who: 'admin', run: ({ viewer }) => listConnections(viewer) })
