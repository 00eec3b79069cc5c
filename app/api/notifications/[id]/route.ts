import { route } from '@/lib/edge'
import { dismissNotification } from '@/lib/notifications'
import { NotificationParams } from '@/lib/notifications/schema'

export const DELETE = route({
  who: 'viewer',
  params: NotificationParams,
  run: ({ viewer, params }) => dismissNotification(viewer, params.id),
})
