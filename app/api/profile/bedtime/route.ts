import { requireOwner } from '@/lib/accounts'
import { route } from '@/lib/edge'
import { updateBedtime } from '@/lib/profiles'
import { BedtimeInput } from '@/lib/profiles/schema'

export const PUT = route({
  who: 'viewer',
  body: BedtimeInput,
  run: async ({ viewer, body }) => {
    await requireOwner(viewer, body.password)
    return updateBedtime(viewer, body.bedtime)
  },
})
