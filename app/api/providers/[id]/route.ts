import { queueImport } from '@/lib/catalogue'
import { route } from '@/lib/edge'
import { deleteProvider, updateProvider } from '@/lib/providers'
import { ProviderChange, ProviderId } from '@/lib/providers/schema'

// Another login may list other things.
const loginFields = ['address', 'username', 'password', 'playlistUrl', 'playlistText'] as const

export const PATCH = route({
  who: 'viewer',
  params: ProviderId,
  body: ProviderChange,
  maxBodyBytes: 24_000_000,
  limit: 'providerCheck',
  run: async ({ viewer, params, body }) => {
    const provider = await updateProvider(viewer, params.id, body)
    if (loginFields.some(field => body[field] !== undefined)) await queueImport(params.id)
    return provider
  },
})

/** Removes everything derived from it, too. */
export const DELETE = route({ who: 'viewer', params: ProviderId, run: ({ viewer, params }) => deleteProvider(viewer, params.id) })
