import { queueImport } from '@/lib/catalogue'
import { route } from '@/lib/edge'
import { listHiddenProviders } from '@/lib/profiles'
import { createProvider, listProviders } from '@/lib/providers'
import { ProviderInput } from '@/lib/providers/schema'

export const GET = route({
  who: 'viewer',
  run: async ({ viewer }) => listProviders(viewer, await listHiddenProviders(viewer)),
})

/** Authenticates at the provider first; what fails there is said and nothing is saved. */
export const POST = route({
  who: 'viewer',
  body: ProviderInput,
  // An uploaded playlist rides in the body.
  maxBodyBytes: 24_000_000,
  limit: 'providerCheck',
  status: 201,
  run: async ({ viewer, body }) => {
    const provider = await createProvider(viewer, body)
    await queueImport(provider.id)
    return provider
  },
})
