import { LineInput } from '@/lib/accounts/schema'
import { route } from '@/lib/edge'
import { createDevice, listDevices } from '@/lib/gateway'

export const GET = route({ who: 'viewer', run: ({ viewer }) => listDevices(viewer) })

/** The password is in this answer and never again. */
export const POST = route({
  who: 'viewer',
  body: LineInput,
  status: 201,
  run: ({ viewer, body, request, address }) =>
    createDevice(viewer, body, { address, host: request.headers.get('host') ?? undefined }),
})
