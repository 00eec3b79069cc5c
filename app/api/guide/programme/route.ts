import { route } from '@/lib/edge'
import { getProgramme } from '@/lib/epg'
import { ProgrammeQuery } from '@/lib/epg/schema'

export const GET = route({ who: 'viewer', query: ProgrammeQuery, run: ({ viewer, query }) => getProgramme(viewer, query) })
