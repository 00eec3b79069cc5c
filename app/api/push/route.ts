import { route } from '@/lib/edge'
import { addPush, removePush } from '@/lib/notifications'
import { PushInput } from '@/lib/notifications/schema'

export const PUT = route({ who: 'viewer', body: PushInput, run: ({ viewer, body }) => addPush(viewer, body) })

export const DELETE = route({ who: 'viewer', run: ({ viewer }) => removePush(viewer) })
