import 'server-only'
import { pool } from '@/lib/platform/db'
import { channelOf, type GuideRef, LONGEST } from './guide-store'

export interface AiringRow {
  /** Place of its channel in the question. */
  n: number
  start: Date
  stop: Date
  title: string
  subTitle: string | null
  season: number | null
  episode: number | null
  isRepeat: boolean
}

export interface AiringFilter {
  from: Date
  to: Date
  /** Lower case; any of them. */
  titles: readonly string[]
  /** LIKE patterns in lower case; any of them. */
  patterns: readonly string[]
  /** A guide channel that several of the channels have is told of once, at the first of them. */
  once: boolean
}

/** Most programmes of one answer. */
const MAX_ROWS = 20_000

/** Programmes that begin between two moments and are called like this, by time. */
export async function listAiringRows(refs: readonly GuideRef[], filter: AiringFilter): Promise<AiringRow[]> {
  const { from, to, titles, patterns, once } = filter
  const { rows } = await pool().query<AiringRow>(
    `WITH asked AS (
       SELECT a.n::int - 1 AS n, c.id, c.shift FROM unnest($1::int[], $2::text[], $3::int[]) WITH ORDINALITY
         AS a (provider_id, guide_id, item_id, n)
       CROSS JOIN LATERAL (${channelOf('a.provider_id', 'a.guide_id', 'a.item_id')}) c WHERE c.id IS NOT NULL),
     channels AS (SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id, shift ORDER BY n) AS k FROM asked) x WHERE k = 1 OR NOT $8)
     SELECT c.n, p.start + c.shift * interval '1 minute' AS start, p.stop + c.shift * interval '1 minute' AS stop, p.title,
       p.sub_title AS "subTitle", (p.details->>'season')::int AS season, (p.details->>'episode')::int AS episode,
       coalesce((p.details->>'isRepeat')::bool, false) AS "isRepeat"
     FROM channels c JOIN programme p ON p.channel_id = c.id
       AND p.start >= $4::timestamptz - ${LONGEST} AND p.start < $5::timestamptz + ${LONGEST}
     WHERE p.start + c.shift * interval '1 minute' >= $4 AND p.start + c.shift * interval '1 minute' < $5
       AND (lower(p.title) = ANY($6::text[]) OR lower(p.title) LIKE ANY($7::text[]))
     ORDER BY 2, 1 LIMIT ${MAX_ROWS}`,
    [
      refs.map(({ providerId }) => providerId),
      refs.map(({ guideId }) => guideId),
      refs.map(({ itemId }) => itemId ?? null),
      from,
      to,
      titles,
      patterns,
      once,
    ],
  )
  return rows
}
