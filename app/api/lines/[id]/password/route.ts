import { LineParams } from '@/lib/accounts/schema'
import { route } from '@/lib/edge'
import { renewDevice } from '@/lib/gateway'

/** A new password, shown once; apps with the old one stop. */
export const POST = route({
  who: 'viewer',
  params: LineParams,
  run: ({ viewer, params, request, address }) =>
    renewDevice(viewer, params.id, { address, host: request.headers.get('host') ?? undefined }),
})
