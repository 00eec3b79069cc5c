import { LineChange, LineParams } from '@/lib/accounts/schema'
import { route } from '@/lib/edge'
import { deleteDevice, updateDevice } from '@/lib/gateway'

export const PATCH = route({
  who: 'viewer',
  params: LineParams,
  body: LineChange,
  run: ({ viewer, params, body }) => updateDevice(viewer, params.id, body),
})

/** What runs with it ends within seconds. */
export const DELETE = route({
  who: 'viewer',
  params: LineParams,
  run: ({ viewer, params, address }) => deleteDevice(viewer, params.id, address),
})
