import { readQualityDetail } from '@/lib/analytics'
import { QualityDetailQuery } from '@/lib/analytics/schema'
import { route } from '@/lib/edge'

/** What stands behind one row of the quality list. */
export const GET = route({
  who: 'admin',
  query: QualityDetailQuery,
  run: ({ viewer, query: { key, ...query } }) => readQualityDetail(viewer, { ...query, hours: Number(query.hours) }, key),
})
