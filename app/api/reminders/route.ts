import { route } from '@/lib/edge'
import { createReminder, listRemindersOf } from '@/lib/notifications'
import { ReminderInput } from '@/lib/notifications/schema'

export const GET = route({ who: 'viewer', run: ({ viewer }) => listRemindersOf(viewer) })

export const POST = route({
  who: 'viewer',
  body: ReminderInput,
  status: 201,
  run: ({ viewer, body }) => createReminder(viewer, body),
})
