import { ItemParams } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'
import { getDrm, removeDrm, updateDrm } from '@/lib/playback'
import { DrmInput } from '@/lib/playback/schema'

/** How the protected stream of an item is unlocked. */
export const GET = route({ who: 'viewer', params: ItemParams, run: ({ viewer, params }) => getDrm(viewer, params.id) })

export const PUT = route({
  who: 'viewer',
  params: ItemParams,
  body: DrmInput,
  run: ({ viewer, params, body }) => updateDrm(viewer, params.id, body),
})

export const DELETE = route({ who: 'viewer', params: ItemParams, run: ({ viewer, params }) => removeDrm(viewer, params.id) })
