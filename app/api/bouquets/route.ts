import { createBouquet, listBouquets } from '@/lib/catalogue'
import { BouquetInput } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'

/** Anybody may hold a device of theirs to some of them: a bouquet only ever narrows. */
export const GET = route({ who: 'viewer', run: () => listBouquets() })

export const POST = route({
  who: 'admin',
  body: BouquetInput,
  status: 201,
  run: ({ viewer, body }) => createBouquet(viewer, body),
})
