import { requireInLineUp } from '@/lib/catalogue'
import { ItemParams } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'
import { setFavourite } from '@/lib/profiles'

export const PUT = route({
  who: 'viewer',
  params: ItemParams,
  run: async ({ viewer, params }) => {
    await requireInLineUp(viewer, params.id)
    await setFavourite(viewer, params.id, true)
  },
})

export const DELETE = route({
  who: 'viewer',
  params: ItemParams,
  run: ({ viewer, params }) => setFavourite(viewer, params.id, false),
})
