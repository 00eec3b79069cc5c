import { providerContents } from '@/lib/catalogue'
import { route } from '@/lib/edge'
import { ProviderId } from '@/lib/providers/schema'

/** What deleting this provider would remove. */
export const GET = route({ who: 'viewer', params: ProviderId, run: ({ viewer, params }) => providerContents(viewer, params.id) })
