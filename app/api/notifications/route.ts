import { route } from '@/lib/edge'
import { listNotifications } from '@/lib/notifications'

export const GET = route({ who: 'viewer', run: ({ viewer }) => listNotifications(viewer) })
