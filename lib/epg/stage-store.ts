import 'server-only'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import type { ImportSession } from '@/lib/catalogue'
import { AppError } from '@/lib/kernel/errors'
import { channelColumns, programmeColumns } from './staged'

/** Seconds of a programme that says no end and has none after it, and the most that one with an end missing lasts. */
const UNKNOWN_SECONDS = 1_800
const MAX_UNKNOWN_SECONDS = 43_200

export async function createStage({ client }: ImportSession): Promise<void> {
  await client.query(`
    DROP TABLE IF EXISTS pg_temp.stage_programme, pg_temp.stage_channel;
    CREATE TEMP TABLE stage_programme (n int, start bigint, stop bigint, title text, sub_title text, description text,
      categories text[], details jsonb);
    CREATE TEMP TABLE stage_channel (n int PRIMARY KEY, xmltv_id text, names text[], icon text, first bigint, last bigint,
      id int)`)
}

/** One batch into a staging table. Short statements: a download of minutes must not meet the statement timeout. */
export async function copyLines(session: ImportSession, table: 'programme' | 'channel', pieces: Buffer[]): Promise<void> {
  const columns = table === 'programme' ? programmeColumns : channelColumns
  const into = session.client.query(copyFrom(`COPY stage_${table} (${columns}) FROM STDIN`))
  await pipeline(Readable.from(pieces), into)
}

/**
 * Puts channels right whose programmes are out of order, repeat, overlap or have no end: of two that begin together the
 * later one in the file counts, and where one begins the one before is over (protocols.md 5.2).
 */
export async function tidyChannels({ client }: ImportSession, numbers: readonly number[]): Promise<void> {
  if (numbers.length === 0) return
  await client.query('CREATE INDEX ON stage_programme (n, start); ANALYZE stage_programme (n, start)')
  await client.query(
    `DELETE FROM stage_programme s USING stage_programme later
     WHERE s.n = ANY($1::int[]) AND later.n = s.n AND later.start = s.start AND later.ctid > s.ctid`,
    [numbers],
  )
  await client.query(
    `UPDATE stage_programme s SET stop = least(coalesce(s.stop, s.start + ${MAX_UNKNOWN_SECONDS}), o.next)
     FROM (SELECT n, start, lead(start) OVER (PARTITION BY n ORDER BY start) AS next
           FROM stage_programme WHERE n = ANY($1::int[])) o
     WHERE s.n = o.n AND s.start = o.start AND o.next IS NOT NULL AND (s.stop IS NULL OR s.stop > o.next)`,
    [numbers],
  )
}

/** Makes or renews the channels of the source, and notes their ids in the staging table. Returns how many changed. */
export async function mergeChannels({ client }: ImportSession, sourceId: number): Promise<number> {
  const { rowCount } = await client.query(
    `INSERT INTO guide_channel AS c (source_id, xmltv_id, names, icon)
     SELECT $1, xmltv_id, names, icon FROM stage_channel
     ON CONFLICT (source_id, xmltv_id) DO UPDATE SET
       names = CASE WHEN EXCLUDED.names = '{}' THEN c.names ELSE EXCLUDED.names END, icon = coalesce(EXCLUDED.icon, c.icon)
     WHERE (EXCLUDED.names <> '{}' AND EXCLUDED.names IS DISTINCT FROM c.names)
        OR (EXCLUDED.icon IS NOT NULL AND EXCLUDED.icon IS DISTINCT FROM c.icon)`,
    [sourceId],
  )
  await client.query(
    'UPDATE stage_channel s SET id = c.id FROM guide_channel c WHERE c.source_id = $1 AND c.xmltv_id = s.xmltv_id',
    [sourceId],
  )
  return rowCount ?? 0
}

export async function hasProgrammes({ client }: ImportSession, sourceId: number): Promise<boolean> {
  const { rows } = await client.query<{ has: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM guide_channel c WHERE c.source_id = $1
       AND EXISTS (SELECT 1 FROM programme p WHERE p.channel_id = c.id)) AS has`,
    [sourceId],
  )
  return rows[0]?.has ?? false
}

/** Tells the planner what is staged. `isMany`: the swaps read a part of it each. */
export async function settleStage({ client }: ImportSession, isMany: boolean): Promise<void> {
  if (isMany) await client.query('CREATE INDEX ON stage_programme (n)')
  await client.query('ANALYZE stage_programme (n, start); ANALYZE stage_channel')
}

export interface Swap {
  sourceId: number
  /** Numbers of the first and the last channel. */
  from: number
  to: number
  /** Nothing of this source is stored yet. */
  isFirst: boolean
  /** The guide came whole: what it does not tell of a later time is gone too. */
  isWhole: boolean
}

const staged = `c.id, to_timestamp(s.start), to_timestamp(coalesce(s.stop, s.start + ${UNKNOWN_SECONDS})), s.title, s.sub_title,
  s.description, s.categories, s.details FROM stage_programme s JOIN stage_channel c USING (n) WHERE s.n BETWEEN $1 AND $2`
const columns = 'channel_id, start, stop, title, sub_title, description, categories, details'

/**
 * Puts the staged programmes of some channels in the place of what was there, at once for all who read; what had the time
 * before the first of them stays. Returns how many rows it wrote or took away. @throws NOT_FOUND when the source is gone
 */
export async function swapChannels({ client, canSkipChecks }: ImportSession, swap: Swap): Promise<number> {
  const range = [swap.from, swap.to]
  await client.query('BEGIN')
  const { rowCount: isThere } = await client.query('SELECT 1 FROM guide_source WHERE id = $1 FOR KEY SHARE', [swap.sourceId])
  if (isThere === 0) throw new AppError('NOT_FOUND')
  // Every channel number written comes from a join with the channels themselves: see catalogue/stage-store.ts beginWrite.
  if (canSkipChecks) await client.query('SET LOCAL session_replication_role = replica')
  let changed = 0
  if (swap.isFirst) {
    changed += (await client.query(`INSERT INTO programme (${columns}) SELECT ${staged}`, range)).rowCount ?? 0
  } else {
    for (const sql of replaceSteps(swap.isWhole)) changed += (await client.query(sql, range)).rowCount ?? 0
  }
  await client.query('COMMIT')
  return changed
}

/** What is gone, what reaches into the first new programme, and what is new or told otherwise; equal rows are not touched. */
function replaceSteps(isWhole: boolean): string[] {
  const end = isWhole ? '' : 'AND p.start < to_timestamp(c.last)'
  return [
    `DELETE FROM programme p USING stage_channel c
     WHERE c.n BETWEEN $1 AND $2 AND c.last > 0 AND p.channel_id = c.id AND p.start >= to_timestamp(c.first) ${end}
       AND NOT EXISTS (SELECT 1 FROM stage_programme s WHERE s.n = c.n AND to_timestamp(s.start) = p.start)`,
    `UPDATE programme p SET stop = to_timestamp(c.first) FROM stage_channel c
     WHERE c.n BETWEEN $1 AND $2 AND c.last > 0 AND p.channel_id = c.id AND p.start < to_timestamp(c.first)
       AND p.start > to_timestamp(c.first) - interval '1 day' AND p.stop > to_timestamp(c.first)`,
    `INSERT INTO programme AS p (${columns}) SELECT ${staged}
       AND NOT EXISTS (SELECT 1 FROM programme o WHERE o.channel_id = c.id AND o.start = to_timestamp(s.start)
         AND o.stop = to_timestamp(coalesce(s.stop, s.start + ${UNKNOWN_SECONDS})) AND o.title = s.title
         AND (o.sub_title, o.description, o.categories, o.details)
           IS NOT DISTINCT FROM (s.sub_title, s.description, s.categories, s.details))
     ON CONFLICT (channel_id, start) DO UPDATE SET stop = EXCLUDED.stop, title = EXCLUDED.title, sub_title = EXCLUDED.sub_title,
       description = EXCLUDED.description, categories = EXCLUDED.categories, details = EXCLUDED.details`,
  ]
}
