import { cancelImport } from '@/lib/catalogue'
import { route } from '@/lib/edge'
import { ProviderId } from '@/lib/providers/schema'

export const POST = route({ who: 'viewer', params: ProviderId, run: ({ viewer, params }) => cancelImport(viewer, params.id) })
