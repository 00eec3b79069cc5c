import { route } from '@/lib/edge'
import { addLogin, listLogins } from '@/lib/providers'
import { LoginSecret, ProviderId } from '@/lib/providers/schema'

/** Further logins at the same provider: the same catalogue, more streams at a time. */
export const GET = route({ who: 'viewer', params: ProviderId, run: ({ viewer, params }) => listLogins(viewer, params.id) })

export const POST = route({
  who: 'viewer',
  params: ProviderId,
  body: LoginSecret,
  limit: 'providerCheck',
  status: 201,
  run: ({ viewer, params, body }) => addLogin(viewer, params.id, body),
})
