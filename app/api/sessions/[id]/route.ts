import { z } from 'zod'
import { endSessions } from '@/lib/accounts'
import { route } from '@/lib/edge'

export const DELETE = route({
  who: 'viewer',
  params: z.object({ id: z.uuid() }),
  run: ({ viewer, params }) => endSessions(viewer.accountId, { id: params.id }),
})
