import 'server-only'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import type { ImportSession } from '@/lib/catalogue'
import { AppError } from '@/lib/kernel/errors'
import { pool } from '@/lib/platform/db'
import { runOf, type SourceRun } from './source-store'
import { channelColumns, programmeColumns, type StagedChannel } from './staged'

/** Each with some hundred programmes: a short statement, like all others. */
const CHANNELS_AT_ONCE = 100
/** Seconds of a programme that says no end and has none after it, and the most that one with an end missing lasts. */
const UNKNOWN_SECONDS = 1_800
const MAX_UNKNOWN_SECONDS = 43_200

export async function createStage({ client }: ImportSession): Promise<void> {
  await client.query(`
    DROP TABLE IF EXISTS pg_temp.stage_programme, pg_temp.stage_channel;
    CREATE TEMP TABLE stage_programme (channel_id int, start timestamptz, stop timestamptz, title text, sub_title text,
      description text, categories text[], details jsonb);
    CREATE TEMP TABLE stage_channel (id int PRIMARY KEY, xmltv_id text, names text[], icon text, first bigint, last bigint)`)
}

/** Numbers of the channels that the source has, by guide id. */
export async function loadChannels({ client }: ImportSession, sourceId: number): Promise<Map<string, number>> {
  const { rows } = await client.query<{ id: number; guideId: string }>(
    'SELECT id, xmltv_id AS "guideId" FROM guide_channel WHERE source_id = $1',
    [sourceId],
  )
  return new Map(rows.map(({ id, guideId }) => [guideId, id]))
}

/** Numbers for channels that will be made. */
export async function reserveChannels(count: number): Promise<number[]> {
  const { rows } = await pool().query<{ id: string }>(
    "SELECT nextval(pg_get_serial_sequence('guide_channel', 'id')) AS id FROM generate_series(1, $1)",
    [count],
  )
  return rows.map(({ id }) => Number(id))
}

/** One batch into a staging table. Short statements: a download of minutes must not meet the statement timeout. */
export async function copyLines(
  session: ImportSession,
  table: 'stage_programme' | 'stage_channel' | 'programme',
  pieces: Buffer[],
): Promise<void> {
  const columns = table === 'stage_channel' ? channelColumns : programmeColumns
  const into = session.client.query(copyFrom(`COPY ${table} (${columns}) FROM STDIN`))
  await pipeline(Readable.from(pieces), into)
}

/**
 * Puts channels right whose programmes are out of order, repeat, overlap or have no end: of two that begin together the
 * later one in the file counts, and where one begins the one before is over (protocols.md 5.2).
 */
export async function tidyChannels({ client }: ImportSession, numbers: readonly number[]): Promise<void> {
  if (numbers.length === 0) return
  await client.query('CREATE INDEX ON stage_programme (channel_id, start); ANALYZE stage_programme (channel_id, start)')
  await client.query(
    `DELETE FROM stage_programme s USING stage_programme later
     WHERE s.channel_id = ANY($1::int[]) AND later.channel_id = s.channel_id AND later.start = s.start AND later.ctid > s.ctid`,
    [numbers],
  )
  await client.query(
    `UPDATE stage_programme s SET stop = least(coalesce(s.stop, s.start + interval '${MAX_UNKNOWN_SECONDS} seconds'), o.next)
     FROM (SELECT channel_id, start, lead(start) OVER (PARTITION BY channel_id ORDER BY start) AS next
           FROM stage_programme WHERE channel_id = ANY($1::int[])) o
     WHERE s.channel_id = o.channel_id AND s.start = o.start AND o.next IS NOT NULL AND (s.stop IS NULL OR s.stop > o.next)`,
    [numbers],
  )
}

/**
 * Makes or renews the channels of the source. Returns how many changed. @throws NOT_FOUND when it is not this run's any more, a fault
 * of ours when another one made a channel meanwhile that programmes are staged for under another number
 */
export async function mergeChannels(session: ImportSession, work: SourceRun): Promise<number> {
  const { client } = session
  await beginWrite(session, work)
  const { rowCount } = await client.query(
    `INSERT INTO guide_channel AS c (id, source_id, xmltv_id, names, icon)
     SELECT id, $1, xmltv_id, names, icon FROM stage_channel
     ON CONFLICT (source_id, xmltv_id) DO UPDATE SET
       names = CASE WHEN EXCLUDED.names = '{}' THEN c.names ELSE EXCLUDED.names END, icon = coalesce(EXCLUDED.icon, c.icon)
     WHERE (EXCLUDED.names <> '{}' AND EXCLUDED.names IS DISTINCT FROM c.names)
        OR (EXCLUDED.icon IS NOT NULL AND EXCLUDED.icon IS DISTINCT FROM c.icon)`,
    [work.sourceId],
  )
  const strange = await client.query(
    `SELECT 1 FROM stage_channel s JOIN guide_channel c ON c.source_id = $1 AND c.xmltv_id = s.xmltv_id AND c.id <> s.id LIMIT 1`,
    [work.sourceId],
  )
  if (strange.rowCount !== 0) throw new Error('another import made the same channels')
  await commit(session, work)
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
  if (isMany) await client.query('CREATE INDEX ON stage_programme (channel_id)')
  await client.query('ANALYZE stage_programme (channel_id, start); ANALYZE stage_channel')
}

export interface Swap extends SourceRun {
  /** Numbers of the first and the last channel. */
  from: number
  to: number
  /** Nothing of this source is stored yet. */
  isFirst: boolean
  /** The guide came whole: what it does not tell of a later time is gone too. */
  isWhole: boolean
}

const staged = `s.channel_id, s.start, coalesce(s.stop, s.start + interval '${UNKNOWN_SECONDS} seconds'), s.title, s.sub_title,
  s.description, s.categories, s.details FROM stage_programme s WHERE s.channel_id BETWEEN $1 AND $2`

/**
 * Begins a transaction that holds the source, and with it its channels, against deletion: so the foreign keys need not be looked up
 * one by one (see catalogue/stage-store.ts beginWrite). @throws NOT_FOUND when the source is gone or has begun another run
 */
async function beginWrite({ client, canSkipChecks }: ImportSession, work: SourceRun): Promise<void> {
  // In one way there and back: while a guide is being read, each costs as much as the work itself.
  const checks = canSkipChecks ? 'SET LOCAL session_replication_role = replica;' : ''
  const results: unknown = await client.query(`BEGIN; ${checks} ${runOf(work)} FOR KEY SHARE`)
  const last: { rowCount: number | null } | undefined = Array.isArray(results) ? results.at(-1) : undefined
  if (last?.rowCount !== 1) throw new AppError('NOT_FOUND')
}

const NOT_OURS = 'P0002'

/**
 * Ends the transaction, or all of it is void when another run has begun meanwhile; from its last look on none can begin. @throws
 * NOT_FOUND
 */
async function commit({ client }: ImportSession, work: SourceRun): Promise<void> {
  const look = `${runOf(work).replace('SELECT', 'PERFORM')} FOR SHARE`
  try {
    await client.query(
      `DO $$ BEGIN ${look}; IF NOT FOUND THEN RAISE EXCEPTION 'another run' USING ERRCODE = '${NOT_OURS}'; END IF; END $$; COMMIT`,
    )
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === NOT_OURS) throw new AppError('NOT_FOUND')
    throw error
  }
}

export interface WholeChannels {
  work: SourceRun
  channels: readonly StagedChannel[]
  /** Lines for `programme` itself. */
  pieces: Buffer[]
}

/** Stores channels of which nothing is stored; fails when another import has made one of them meanwhile. Returns how many rows it wrote. @throws NOT_FOUND when the source is gone */
export async function storeAtOnce(session: ImportSession, { work, channels, pieces }: WholeChannels): Promise<number> {
  await beginWrite(session, work)
  const { rowCount } = await session.client.query(
    `INSERT INTO guide_channel (id, source_id, xmltv_id, names, icon)
     SELECT n, $1, id, names, icon FROM jsonb_to_recordset($2) AS t(n int, id text, names text[], icon text)
     ON CONFLICT (id) DO NOTHING`,
    [work.sourceId, JSON.stringify(channels.map(({ n, id, names, icon }) => ({ n, id, names, icon })))],
  )
  await copyLines(session, 'programme', pieces)
  await commit(session, work)
  return channels.reduce((sum, { count }) => sum + count, rowCount ?? 0)
}

/** Takes away channels that this run stored at once, with all their programmes. @throws NOT_FOUND when another run has begun */
export async function takeAway(session: ImportSession, work: SourceRun, numbers: readonly number[]): Promise<void> {
  const { client } = session
  // What failed may have left a transaction open.
  await client.query('ROLLBACK')
  for (let at = 0; at < numbers.length; at += CHANNELS_AT_ONCE) {
    await client.query('BEGIN')
    await client.query('DELETE FROM guide_channel WHERE id = ANY($1::int[])', [numbers.slice(at, at + CHANNELS_AT_ONCE)])
    await commit(session, work)
  }
}

/** Puts what was stored at once before what will be staged, to be swapped together with it. */
export async function takeBack({ client }: ImportSession, numbers: readonly number[]): Promise<void> {
  await client.query(
    `INSERT INTO stage_programme (${programmeColumns})
     SELECT ${programmeColumns} FROM programme WHERE channel_id = ANY($1::int[]) ORDER BY channel_id, start`,
    [numbers],
  )
}

/**
 * Puts the staged programmes of some channels in the place of what was there, at once for all who read; what had the time
 * before the first of them stays. Returns how many rows it wrote or took away. @throws NOT_FOUND when the source is gone
 */
export async function swapChannels(session: ImportSession, swap: Swap): Promise<number> {
  const { client } = session
  const range = [swap.from, swap.to]
  await beginWrite(session, swap)
  let changed = 0
  if (swap.isFirst) {
    changed += (await client.query(`INSERT INTO programme (${programmeColumns}) SELECT ${staged}`, range)).rowCount ?? 0
  } else {
    for (const sql of replaceSteps(swap.isWhole)) changed += (await client.query(sql, range)).rowCount ?? 0
  }
  await commit(session, swap)
  return changed
}

/** What is gone, what reaches into the first new programme, and what is new or told otherwise; equal rows are not touched. */
function replaceSteps(isWhole: boolean): string[] {
  const end = isWhole ? '' : 'AND p.start < to_timestamp(c.last)'
  return [
    `DELETE FROM programme p USING stage_channel c
     WHERE c.id BETWEEN $1 AND $2 AND c.last > 0 AND p.channel_id = c.id AND p.start >= to_timestamp(c.first) ${end}
       AND NOT EXISTS (SELECT 1 FROM stage_programme s WHERE s.channel_id = c.id AND s.start = p.start)`,
    `UPDATE programme p SET stop = to_timestamp(c.first) FROM stage_channel c
     WHERE c.id BETWEEN $1 AND $2 AND c.last > 0 AND p.channel_id = c.id AND p.start < to_timestamp(c.first)
       AND p.start > to_timestamp(c.first) - interval '1 day' AND p.stop > to_timestamp(c.first)`,
    `INSERT INTO programme AS p (${programmeColumns}) SELECT ${staged}
       AND NOT EXISTS (SELECT 1 FROM programme o WHERE o.channel_id = s.channel_id AND o.start = s.start
         AND o.stop = coalesce(s.stop, s.start + interval '${UNKNOWN_SECONDS} seconds') AND o.title = s.title
         AND (o.sub_title, o.description, o.categories, o.details)
           IS NOT DISTINCT FROM (s.sub_title, s.description, s.categories, s.details))
     ON CONFLICT (channel_id, start) DO UPDATE SET stop = EXCLUDED.stop, title = EXCLUDED.title, sub_title = EXCLUDED.sub_title,
       description = EXCLUDED.description, categories = EXCLUDED.categories, details = EXCLUDED.details`,
  ]
}
