import { route } from '@/lib/edge'
import { removeCalendar, renewCalendar } from '@/lib/notifications'

/** A new address; the one before leads nowhere. */
export const POST = route({ who: 'viewer', run: ({ viewer }) => renewCalendar(viewer) })

export const DELETE = route({ who: 'viewer', run: ({ viewer }) => removeCalendar(viewer) })
