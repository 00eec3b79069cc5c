import { deleteBouquet, updateBouquet } from '@/lib/catalogue'
import { BouquetInput, ItemParams } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'

export const PUT = route({
  who: 'admin',
  params: ItemParams,
  body: BouquetInput,
  run: ({ viewer, params, body }) => updateBouquet(viewer, params.id, body),
})

export const DELETE = route({ who: 'admin', params: ItemParams, run: ({ viewer, params }) => deleteBouquet(viewer, params.id) })
