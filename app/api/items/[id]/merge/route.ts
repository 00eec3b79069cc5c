import { mergeItems } from '@/lib/catalogue'
import { ItemParams, MergeInput } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'

/** Moves the sources of another item to this one. */
export const POST = route({
  who: 'viewer',
  params: ItemParams,
  body: MergeInput,
  run: ({ viewer, params, body }) => mergeItems(viewer, params.id, body.itemId),
})
