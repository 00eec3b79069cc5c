import { route } from '@/lib/edge'
import { markNotificationsSeen } from '@/lib/notifications'
import { SeenInput } from '@/lib/notifications/schema'

export const POST = route({
  who: 'viewer',
  body: SeenInput,
  run: ({ viewer, body }) => markNotificationsSeen(viewer, body.upTo),
})
