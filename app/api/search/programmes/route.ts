import { SearchQuery } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'
import { searchProgrammes } from '@/lib/epg'

export const GET = route({ who: 'viewer', query: SearchQuery, run: ({ viewer, query }) => searchProgrammes(viewer, query.q) })
