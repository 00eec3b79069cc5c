import 'server-only'
import type { LineUp } from '@/lib/catalogue'
import { pool } from '@/lib/platform/db'

/** Airings that are remembered of one title: those that are on or come first. More are only of what says nothing ("News"). */
const MAX_AIRINGS = 120
/** Titles whose airings are looked at, and airings a group that come back. */
const BEST_TITLES = 40
const BEST_AIRINGS = 60

export interface ToldTitle {
  title: string
  /** Written as PostgreSQL writes arrays: they only pass through. */
  channels: string
  starts: string
}

/** Puts what is known of a guide's titles right, and returns those that are new to it. */
export async function settleTitles(sourceId: number): Promise<ToldTitle[]> {
  const { rows } = await pool().query<ToldTitle>(
    `WITH airing AS (
       SELECT p.title, p.channel_id, p.start,
         row_number() OVER (PARTITION BY p.title ORDER BY p.start < now() - interval '3 hours', p.start, p.channel_id) AS n
       FROM guide_channel c JOIN programme p ON p.channel_id = c.id WHERE c.source_id = $1),
     told AS MATERIALIZED (
       SELECT title, array_agg(channel_id ORDER BY n) AS channels, array_agg(start ORDER BY n) AS starts
       FROM airing WHERE n <= ${MAX_AIRINGS} GROUP BY title),
     gone AS (DELETE FROM guide_title g WHERE g.source_id = $1 AND NOT EXISTS (SELECT 1 FROM told t WHERE t.title = g.title)),
     moved AS (
       UPDATE guide_title g SET channels = t.channels, starts = t.starts FROM told t
       WHERE g.source_id = $1 AND g.title = t.title AND (g.channels, g.starts) IS DISTINCT FROM (t.channels, t.starts))
     SELECT t.title, t.channels::text, t.starts::text FROM told t
     WHERE NOT EXISTS (SELECT 1 FROM guide_title g WHERE g.source_id = $1 AND g.title = t.title)`,
    [sourceId],
  )
  return rows
}

export async function insertTitles(sourceId: number, titles: readonly (ToldTitle & { key: string })[]): Promise<void> {
  await pool().query(
    // Lists of lists of one length only are arrays to PostgreSQL, so the airings travel as text.
    `INSERT INTO guide_title (source_id, title, key, channels, starts)
     SELECT g.id, n.title, n.key, n.channels::int[], n.starts::timestamptz[]
     FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS n (title, key, channels, starts)
     JOIN guide_source g ON g.id = $1
     ON CONFLICT (source_id, title) DO UPDATE SET channels = EXCLUDED.channels, starts = EXCLUDED.starts`,
    [
      sourceId,
      titles.map(({ title }) => title),
      titles.map(({ key }) => key),
      titles.map(({ channels }) => channels),
      titles.map(({ starts }) => starts),
    ],
  )
}

export async function listSourceIds(): Promise<number[]> {
  const { rows } = await pool().query<{ id: number }>('SELECT id FROM guide_source ORDER BY id')
  return rows.map(({ id }) => id)
}

export type AiringGroup = 'onNow' | 'comingUp' | 'catchUp'

export interface FoundAiring {
  group: AiringGroup
  itemId: number
  title: string
  /** Seconds since 1970. */
  start: number
  stop: number
}

/** The word with each pair of neighbours swapped: a short one has too few trigrams in common with what was meant. */
function slipsOf(word: string): string[] {
  const swapped = Array.from({ length: word.length - 1 }, (_, at) => {
    const [before, a, b, after] = [word.slice(0, at), word.charAt(at), word.charAt(at + 1), word.slice(at + 2)]
    return a === b ? '' : before + b + a + after
  })
  return swapped.filter(Boolean)
}

const literal = (text: string) => text.replace(/[\\%_]/g, '\\$&')

/** Titles of guides of the platform and of the account `$1`. */
const ofAccount = 't.source_id IN (SELECT id FROM guide_source WHERE owner_id IS NULL OR owner_id = $1::uuid)'

/** Words that stand in no title. */
export async function findUnknownWords(accountId: string, words: readonly string[]): Promise<Set<string>> {
  const { rows } = await pool().query<{ word: string }>(
    `SELECT w.word FROM unnest($2::text[], $3::text[]) AS w (word, pattern)
     WHERE NOT EXISTS (SELECT 1 FROM guide_title t WHERE t.key LIKE w.pattern AND ${ofAccount})`,
    [accountId, words, words.map(word => `%${literal(word)}%`)],
  )
  return new Set(rows.map(({ word }) => word))
}

/**
 * When and where titles are on that hold every word, on channels of the line-up: the best titles first, then the soonest. In the
 * place of words in `mistyped`, words that are like them count, too.
 */
export async function findAirings(
  { accountId, ids, categoryIds, providers }: LineUp,
  words: readonly string[],
  mistyped: ReadonlySet<string>,
): Promise<FoundAiring[]> {
  const phrase = words.join(' ')
  const platformIds = [...providers.values()].filter(({ platform }) => platform).map(({ id }) => id)
  const values: unknown[] = [
    ...[accountId, phrase, `${literal(phrase)}%`, `% ${literal(phrase)}%`],
    ...[ids, categoryIds, platformIds],
  ]
  const add = (value: unknown) => `$${values.push(value)}`
  const isLike = (word: string) => {
    const inside = `t.key LIKE ${add(`%${literal(word)}%`)}`
    if (!mistyped.has(word)) return inside
    const slips = slipsOf(word).map(slip => `t.key LIKE ${add(`%${literal(slip)}%`)}`)
    return `(${[inside, `t.key %> ${add(word)}`, ...slips].join(' OR ')})`
  }
  const all = words.map(isLike).join(' AND ')
  const nearest = mistyped.size > 0 ? 'word_similarity($2, t.key) DESC,' : ''
  const client = await pool().connect()
  try {
    await client.query('BEGIN READ ONLY; SET LOCAL pg_trgm.word_similarity_threshold = 0.5; SET LOCAL jit = off')
    const { rows } = await client.query<FoundAiring>(
      // Several items can have one guide channel, of which the viewer sees some: what he does not see must not stand for it.
      `WITH mine AS MATERIALIZED (
         SELECT m.channel_id, m.shift_minutes, i.id, i.number, i.archive_days
         FROM (SELECT item_id, channel_id, 0 AS shift_minutes FROM guide_own_match WHERE account_id = $1
               UNION ALL
               SELECT item_id, channel_id, shift_minutes FROM guide_match g WHERE channel_id IS NOT NULL
                 AND item_id NOT IN (SELECT item_id FROM guide_own_match WHERE account_id = $1)) m
           JOIN item i ON i.id = m.item_id
         WHERE m.item_id IN (
           SELECT s.item_id FROM source s WHERE s.kind = 'channel' AND s.provider_id = ANY($5::int[])
             AND ($6::int[] IS NULL OR s.category_id = ANY($6::int[]) OR NOT s.provider_id = ANY($7::int[])))),
       found AS MATERIALIZED (
         SELECT t.title, t.key, t.channels, t.starts FROM guide_title t
         WHERE ${all} AND ${ofAccount}),
       ordered AS (
         SELECT t.*, row_number() OVER (ORDER BY t.key = $2 DESC, t.key LIKE $3 DESC, t.key LIKE $4 DESC, ${nearest}
           length(t.key), t.key) AS rank
         FROM found t ORDER BY rank OFFSET 0),
       best AS (
         -- From the best on, until there are enough. "IS TRUE" makes it one table of hashes for all titles, not a join for each.
         SELECT * FROM ordered t
         WHERE EXISTS (SELECT 1 FROM unnest(t.channels) AS c (id) WHERE (c.id IN (SELECT channel_id FROM mine)) IS TRUE)
         ORDER BY rank LIMIT ${BEST_TITLES}),
       airing AS (
         SELECT DISTINCT ON (b.title, p.channel_id, p.start) b.rank, b.title, m.id AS item_id, m.archive_days,
           p.start + m.shift_minutes * interval '1 minute' AS start, p.stop + m.shift_minutes * interval '1 minute' AS stop
         FROM best b CROSS JOIN LATERAL unnest(b.channels, b.starts) AS a (channel_id, start)
         JOIN programme p ON p.channel_id = a.channel_id AND p.start = a.start AND p.title = b.title
         JOIN mine m ON m.channel_id = p.channel_id
         ORDER BY b.title, p.channel_id, p.start, m.number, m.id),
       told AS (
         SELECT *, CASE WHEN start > now() THEN 'comingUp' WHEN stop > now() THEN 'onNow'
           WHEN start > now() - archive_days * interval '1 day' THEN 'catchUp' END AS group FROM airing),
       ranked AS (
         SELECT *, row_number() OVER (PARTITION BY "group" ORDER BY rank, abs(extract(epoch FROM start - now())), item_id) AS place
         FROM told WHERE "group" IS NOT NULL)
       SELECT "group", item_id AS "itemId", title, extract(epoch FROM start)::float8 AS start, extract(epoch FROM stop)::float8 AS stop
       FROM ranked WHERE place <= ${BEST_AIRINGS} ORDER BY place`,
      values,
    )
    return rows
  } finally {
    await client.query('ROLLBACK').catch(() => undefined)
    client.release()
  }
}
