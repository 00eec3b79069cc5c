import { route } from '@/lib/edge'
import { getNotificationSettings, updateNotificationSettings } from '@/lib/notifications'
import { NotificationSettingsInput } from '@/lib/notifications/schema'

export const GET = route({ who: 'viewer', run: ({ viewer }) => getNotificationSettings(viewer) })

export const PATCH = route({
  who: 'viewer',
  body: NotificationSettingsInput,
  run: ({ viewer, body }) => updateNotificationSettings(viewer, body),
})
