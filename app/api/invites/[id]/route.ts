import { z } from 'zod'
import { deleteInvite } from '@/lib/accounts'
import { route } from '@/lib/edge'

export const DELETE = route({
  who: 'admin',
  params: z.object({ id: z.uuid() }),
  run: ({ viewer, params }) => deleteInvite(viewer, params.id),
})
