import { createBouquet, listBouquets } from '@/lib/catalogue'
import { BouquetInput } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'

export const GET = route({ who: 'admin', run: ({ viewer }) => listBouquets(viewer) })

export const POST = route({
  who: 'admin',
  body: BouquetInput,
  status: 201,
  run: ({ viewer, body }) => createBouquet(viewer, body),
})
