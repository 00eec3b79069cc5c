import 'server-only'
import { pool } from '@/lib/platform/db'
import { channelOf, type GuideRef, LONGEST } from './guide-store'

export interface AiringRow {
  /** Place of what was asked. */
  k: number
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

/** A whole title in lower case, or LIKE patterns in lower case that a title all has; on the channel at a place, or on any. */
export interface AiringAsk {
  title: string | null
  patterns: readonly string[]
  n: number | null
}

export interface AiringFilter {
  from: Date
  to: Date
  asks: readonly AiringAsk[]
  /** A guide channel that several of the channels have is told of once, at the first of them. */
  once: boolean
}

/** Most programmes that answer one ask: the first by time. What is asked beside it loses nothing by many. */
export const MAX_PER_ASK = 500

/** In no pattern: titles are single lines. */
const SEPARATOR = '\n'
const longest = (patterns: readonly string[]) => patterns.reduce((a, b) => (b.length > a.length ? b : a), '')

/** Programmes that begin between two moments and are called like this, each ask by time. */
export async function listAiringRows(refs: readonly GuideRef[], filter: AiringFilter): Promise<AiringRow[]> {
  const { from, to, asks, once } = filter
  // The guide is read once for all of them, by the titles and one word of each.
  const { rows } = await pool().query<AiringRow>(
    `WITH asked AS (
       SELECT a.n::int - 1 AS n, c.id, c.shift FROM unnest($1::int[], $2::text[], $3::int[], $13::int[]) WITH ORDINALITY
         AS a (provider_id, guide_id, item_id, own_id, n)
       CROSS JOIN LATERAL (${channelOf('a.provider_id', 'a.guide_id', { item: 'a.item_id', own: 'a.own_id' })}) c WHERE c.id IS NOT NULL),
     channels AS (SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id, shift ORDER BY n) AS k FROM asked) x WHERE k = 1 OR NOT $8),
     found AS (
       SELECT c.n, p.start + c.shift * interval '1 minute' AS start, p.stop + c.shift * interval '1 minute' AS stop, p.title,
         lower(p.title) AS low, p.sub_title AS "subTitle", (p.details->>'season')::int AS season,
         (p.details->>'episode')::int AS episode, coalesce((p.details->>'isRepeat')::bool, false) AS "isRepeat"
       FROM channels c JOIN programme p ON p.channel_id = c.id
         AND p.start >= $4::timestamptz - ${LONGEST} AND p.start < $5::timestamptz + ${LONGEST}
       WHERE p.start + c.shift * interval '1 minute' >= $4 AND p.start + c.shift * interval '1 minute' < $5
         AND (lower(p.title) = ANY($6::text[]) OR lower(p.title) LIKE ANY($7::text[]))),
     asks AS MATERIALIZED (
       SELECT k::int - 1 AS k, title, string_to_array(patterns, $12) AS patterns, n
       FROM unnest($9::text[], $10::text[], $11::int[]) WITH ORDINALITY AS a (title, patterns, n, k)),
     -- Words are looked for in each title once, however often it is on; its airings stay with it, so that nothing is joined to
     -- them whose number the planner cannot know.
     names AS MATERIALIZED (
       SELECT low, array_agg(n) AS ns, array_agg(start) AS starts, array_agg(stop) AS stops, array_agg(title) AS titles,
         array_agg("subTitle") AS subs, array_agg(season) AS seasons, array_agg(episode) AS episodes, array_agg("isRepeat") AS repeats
       FROM found GROUP BY low),
     called AS (
       SELECT a.k, a.n AS only, m.* FROM asks a JOIN names m ON m.low = a.title
       UNION ALL
       SELECT a.k, a.n AS only, m.* FROM asks a JOIN names m ON a.title IS NULL AND m.low LIKE ALL(a.patterns)),
     -- What many channels show at the same moment counts once.
     hits AS (
       SELECT DISTINCT ON (c.k, x.start, c.low, x."subTitle", x.season, x.episode, x."isRepeat") c.k, x.*
       FROM called c CROSS JOIN LATERAL unnest(c.ns, c.starts, c.stops, c.titles, c.subs, c.seasons, c.episodes, c.repeats)
         AS x (n, start, stop, title, "subTitle", season, episode, "isRepeat")
       WHERE c.only IS NULL OR c.only = x.n
       ORDER BY c.k, x.start, c.low, x."subTitle", x.season, x.episode, x."isRepeat", x.n)
     SELECT k, n, start, stop, title, "subTitle", season, episode, "isRepeat"
     FROM (SELECT *, row_number() OVER (PARTITION BY k ORDER BY start, n) AS place FROM hits) h
     WHERE place <= ${MAX_PER_ASK} ORDER BY k, place`,
    [
      refs.map(({ providerId }) => providerId),
      refs.map(({ guideId }) => guideId),
      refs.map(({ itemId }) => itemId ?? null),
      from,
      to,
      asks.flatMap(({ title }) => title ?? []),
      asks.flatMap(({ patterns }) => (patterns.length > 0 ? [longest(patterns)] : [])),
      once,
      asks.map(({ title }) => title),
      asks.map(({ patterns }) => (patterns.length > 0 ? patterns.join(SEPARATOR) : null)),
      asks.map(({ n }) => n),
      SEPARATOR,
      refs.map(({ ownChannelId }) => ownChannelId ?? null),
    ],
  )
  return rows
}
