import { route } from '@/lib/edge'
import { putOffNotification } from '@/lib/notifications'
import { NotificationParams } from '@/lib/notifications/schema'

export const POST = route({
  who: 'viewer',
  params: NotificationParams,
  run: ({ viewer, params }) => putOffNotification(viewer, params.id),
})
