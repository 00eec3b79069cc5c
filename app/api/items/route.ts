import { listItems } from '@/lib/catalogue'
import { ItemQuery } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'

export const GET = route({ who: 'viewer', query: ItemQuery, run: ({ viewer, query }) => listItems(viewer, query) })
