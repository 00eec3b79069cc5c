import { z } from 'zod'
import { route } from '@/lib/edge'
import { setProviderShown } from '@/lib/profiles'
import { requireVisibleProvider } from '@/lib/providers'
import { ProviderId } from '@/lib/providers/schema'

export const PUT = route({
  who: 'viewer',
  params: ProviderId,
  body: z.strictObject({ shown: z.boolean() }),
  run: async ({ viewer, params, body }) => {
    await requireVisibleProvider(viewer, params.id)
    await setProviderShown(viewer, params.id, body.shown)
  },
})
