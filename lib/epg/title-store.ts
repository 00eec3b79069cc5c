import 'server-only'
import { pool } from '@/lib/platform/db'

/** Channels that are remembered of one title: more carry it only where it says nothing ("News"). */
const MAX_CHANNELS = 60
/** Titles that are looked at in time, and airings a group that come back. */
const BEST_TITLES = 60
const BEST_AIRINGS = 60
/** Days that airings are looked for: as long as archives reach, and as far as guides tell. */
const DAYS = { back: 31, ahead: 14 }

export interface ToldTitle {
  title: string
  channels: number[]
}

/** Puts what is known of a guide's titles right, and returns those that are new to it. */
export async function settleTitles(sourceId: number): Promise<ToldTitle[]> {
  const { rows } = await pool().query<ToldTitle>(
    `WITH told AS MATERIALIZED (
       SELECT p.title, (array_agg(DISTINCT p.channel_id))[1:${MAX_CHANNELS}] AS channels
       FROM guide_channel c JOIN programme p ON p.channel_id = c.id WHERE c.source_id = $1 GROUP BY p.title),
     gone AS (DELETE FROM guide_title g WHERE g.source_id = $1 AND NOT EXISTS (SELECT 1 FROM told t WHERE t.title = g.title)),
     moved AS (
       UPDATE guide_title g SET channels = t.channels FROM told t
       WHERE g.source_id = $1 AND g.title = t.title AND g.channels <> t.channels)
     SELECT t.title, t.channels FROM told t
     WHERE NOT EXISTS (SELECT 1 FROM guide_title g WHERE g.source_id = $1 AND g.title = t.title)`,
    [sourceId],
  )
  return rows
}

export async function insertTitles(sourceId: number, titles: readonly (ToldTitle & { key: string })[]): Promise<void> {
  await pool().query(
    // Lists of lists of one length only are arrays to PostgreSQL, so the channels travel as text.
    `INSERT INTO guide_title (source_id, title, key, channels)
     SELECT g.id, n.title, n.key, n.channels::int[] FROM unnest($2::text[], $3::text[], $4::text[]) AS n (title, key, channels)
     JOIN guide_source g ON g.id = $1
     ON CONFLICT (source_id, title) DO UPDATE SET channels = EXCLUDED.channels`,
    [
      sourceId,
      titles.map(({ title }) => title),
      titles.map(({ key }) => key),
      titles.map(({ channels }) => `{${channels.join(',')}}`),
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

const literal = (text: string) => text.replace(/[\\%_]/g, '\\$&')

/**
 * When and where titles are on that hold every word, on channels of the account's and the platform's guides: the best titles
 * first, then the soonest. `isNear`: words that are like them count, too. The caller leaves out what the viewer does not see.
 */
export async function findAirings(accountId: string, words: readonly string[], isNear: boolean): Promise<FoundAiring[]> {
  const phrase = words.join(' ')
  const values: unknown[] = [accountId, phrase, `${literal(phrase)}%`, `% ${literal(phrase)}%`]
  const add = (value: unknown) => `$${values.push(value)}`
  const isLike = (word: string) => {
    const inside = `t.key LIKE ${add(`%${literal(word)}%`)}`
    return isNear && word.length >= 4 ? `(${inside} OR t.key %> ${add(word)})` : inside
  }
  const all = words.map(isLike).join(' AND ')
  const nearest = isNear ? 'word_similarity($2, t.key) DESC,' : ''
  const client = await pool().connect()
  try {
    await client.query('BEGIN READ ONLY; SET LOCAL pg_trgm.word_similarity_threshold = 0.5')
    const { rows } = await client.query<FoundAiring>(
      `WITH found AS MATERIALIZED (
         SELECT t.title, t.key, t.channels FROM guide_title t
         WHERE ${all} AND t.source_id IN (SELECT id FROM guide_source WHERE owner_id IS NULL OR owner_id = $1::uuid)),
       best AS (
         SELECT t.*, row_number() OVER (ORDER BY t.key = $2 DESC, t.key LIKE $3 DESC, t.key LIKE $4 DESC, ${nearest}
           length(t.key), t.key) AS rank
         FROM found t ORDER BY rank LIMIT ${BEST_TITLES}),
       airing AS (
         SELECT DISTINCT ON (b.title, p.channel_id, p.start) b.rank, b.title, i.id AS item_id, i.archive_days,
           p.start + m.shift_minutes * interval '1 minute' AS start, p.stop + m.shift_minutes * interval '1 minute' AS stop
         FROM best b CROSS JOIN LATERAL unnest(b.channels) AS c (id)
         JOIN guide_match m ON m.channel_id = c.id
         JOIN item i ON i.id = m.item_id AND (i.owner_id IS NULL OR i.owner_id = $1::uuid)
         JOIN programme p ON p.channel_id = c.id AND p.title = b.title
           AND p.start > now() - interval '${DAYS.back} days' AND p.start < now() + interval '${DAYS.ahead} days'
         ORDER BY b.title, p.channel_id, p.start, i.number, i.id),
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
