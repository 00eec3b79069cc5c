import { readQuality, recordQuality } from '@/lib/analytics'
import { QualityInput, QualityQuery } from '@/lib/analytics/schema'
import { route } from '@/lib/edge'

/** How everything plays, for the admin. */
export const GET = route({
  who: 'admin',
  query: QualityQuery,
  run: ({ viewer, query }) => readQuality(viewer, { ...query, hours: Number(query.hours) }),
})

/** A player tells how its sessions play. */
export const POST = route({
  who: 'viewer',
  body: QualityInput,
  limit: 'quality',
  run: ({ viewer, body, request }) => recordQuality(viewer, body.reports, request.headers.get('user-agent') ?? ''),
})
