import { route } from '@/lib/edge'
import { listForYou } from '@/lib/epg'

/** What is on now that this profile may like. */
export const GET = route({ who: 'viewer', run: ({ viewer }) => listForYou(viewer) })
