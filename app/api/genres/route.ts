import { z } from 'zod'
import { listGenres } from '@/lib/catalogue'
import { BrowseKind } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'

export const GET = route({
  who: 'viewer',
  query: z.strictObject({ kind: BrowseKind }),
  run: ({ viewer, query }) => listGenres(viewer, query.kind),
})
