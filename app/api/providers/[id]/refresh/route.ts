import { startImport } from '@/lib/catalogue'
import { RefreshInput } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'
import { ProviderId } from '@/lib/providers/schema'

export const POST = route({
  who: 'viewer',
  params: ProviderId,
  body: RefreshInput,
  limit: 'providerCheck',
  status: 202,
  run: ({ viewer, params, body }) => startImport(viewer, params.id, body),
})
