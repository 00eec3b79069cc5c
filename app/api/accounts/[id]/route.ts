import { z } from 'zod'
import { updatePerson } from '@/lib/accounts'
import { PersonChange } from '@/lib/accounts/schema'
import { route } from '@/lib/edge'

export const PATCH = route({
  who: 'admin',
  params: z.object({ id: z.uuid() }),
  body: PersonChange,
  run: ({ viewer, params, body, address }) => updatePerson(viewer, params.id, { change: body, address }),
})
