import { search } from '@/lib/catalogue'
import { SearchQuery } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'

export const GET = route({ who: 'viewer', query: SearchQuery, run: ({ viewer, query }) => search(viewer, query.q) })
