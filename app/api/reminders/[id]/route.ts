import { route } from '@/lib/edge'
import { changeReminder, removeReminder } from '@/lib/notifications'
import { ReminderChange, ReminderParams } from '@/lib/notifications/schema'

export const PATCH = route({
  who: 'viewer',
  params: ReminderParams,
  body: ReminderChange,
  run: ({ viewer, params, body }) => changeReminder(viewer, params.id, body.minutes),
})

export const DELETE = route({
  who: 'viewer',
  params: ReminderParams,
  run: ({ viewer, params }) => removeReminder(viewer, params.id),
})
