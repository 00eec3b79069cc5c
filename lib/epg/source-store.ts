import 'server-only'
import { errorCodes, isErrorCode } from '@/lib/kernel/errors'
import { db, pool } from '@/lib/platform/db'
import { GuideProgress, type GuideSourceView } from './schema'

/** Silence of a run after which its worker counts as dead; runs sign every half second. */
const DEAD_AFTER_SECONDS = 60
/** A guide that could not be read is not asked for again sooner, except by a person. */
const REST_MINUTES = 60

const columns = {
  id: true,
  providerId: true,
  name: true,
  priority: true,
  shiftMinutes: true,
  state: true,
  progress: true,
  refreshedAt: true,
  errorCode: true,
  version: true,
  address: true,
  refreshHours: true,
  ownerId: true,
  file: { select: { sourceId: true } },
  _count: { select: { channels: true } },
} as const

export type SourceRow = Omit<GuideSourceView, 'mine' | 'platform'> & { ownerId: string | null }

/** The guides of these providers, and with an account the added ones that serve it. */
export async function listSources(providerIds: readonly number[], accountId?: string): Promise<SourceRow[]> {
  const added =
    accountId === undefined ? [] : [{ providerId: null, fromNames: false, OR: [{ ownerId: null }, { ownerId: accountId }] }]
  const rows = await db().guideSource.findMany({
    where: { OR: [{ providerId: { in: [...providerIds] } }, ...added] },
    select: columns,
    orderBy: [{ priority: 'asc' }, { id: 'asc' }],
  })
  return rows.map(({ errorCode, progress, refreshedAt, file, _count, ...row }) => ({
    ...row,
    isFile: file !== null,
    channels: _count.channels,
    progress: GuideProgress.catch(GuideProgress.parse({})).parse(progress),
    refreshedAt: refreshedAt?.toISOString() ?? null,
    problem: errorCode !== null && isErrorCode(errorCode) ? { code: errorCode, message: errorCodes[errorCode].say } : null,
  }))
}

/** Makes the guide of a provider known, or finds it; its name and owner follow the provider's. Null when that is gone. */
export async function upsertSource(providerId: number): Promise<number | null> {
  const { rows } = await pool().query<{ id: number }>(
    `INSERT INTO guide_source AS g (provider_id, owner_id, name) SELECT id, owner_id, name FROM provider WHERE id = $1
     ON CONFLICT (provider_id) DO UPDATE SET name = EXCLUDED.name, owner_id = EXCLUDED.owner_id RETURNING g.id`,
    [providerId],
  )
  return rows[0]?.id ?? null
}

/** The provider has no guide any more. */
export async function deleteSourceOf(providerId: number): Promise<void> {
  await db().guideSource.deleteMany({ where: { providerId } })
}

/** What a worker that died may have changed without anybody being told: the version moves when its run is taken over. */
const ifDied = "version = version + CASE WHEN state = 'running' THEN 1 ELSE 0 END"

/** Marks a source as waiting. False when somebody has it in work. */
export async function markQueued(id: number): Promise<boolean> {
  const { rowCount } = await pool().query(
    `UPDATE guide_source SET state = 'queued', cancel_asked = false, progress = '{}', ${ifDied}
     WHERE id = $1 AND (state <> 'running' OR beat_at < now() - interval '${DEAD_AFTER_SECONDS} seconds')`,
    [id],
  )
  return rowCount === 1
}

export interface BegunSource {
  /** Which run this is: one that was silent for too long is not the source's any more. */
  run: string
  providerId: number | null
  shiftMinutes: number
}

/** Which run has a source in work. */
export interface SourceRun {
  sourceId: number
  run: string
}

/** Runs of one source are a minute apart at least, so their beginning tells them apart; milliseconds since 1970. */
const runText = '(extract(epoch FROM tried_at) * 1000)::bigint::text'
const isRun = `state = 'running' AND ${runText} = $2`
/** Finds the source while it is this run's. */
export const runOf = ({ sourceId, run }: SourceRun): string =>
  `SELECT 1 FROM guide_source WHERE id = ${Number(sourceId)} AND state = 'running' AND ${runText} = '${Number(run)}'`

/** Takes a source into work. Null when another worker has it, it was stopped while it waited, or it is gone. */
export async function beginSource(id: number): Promise<BegunSource | null> {
  const { rows } = await pool().query<{ run: string; provider_id: number | null; shift_minutes: number }>(
    `UPDATE guide_source SET state = 'running', beat_at = now(), tried_at = now(), progress = '{}', ${ifDied}
     WHERE id = $1 AND (state = 'queued' OR (state = 'running' AND beat_at < now() - interval '${DEAD_AFTER_SECONDS} seconds'))
     RETURNING ${runText} AS run, provider_id, shift_minutes`,
    [id],
  )
  const row = rows[0]
  return row ? { run: row.run, providerId: row.provider_id, shiftMinutes: row.shift_minutes } : null
}

/** Signs of life and progress; true when somebody asked to stop, another run has begun, or the source is gone. */
export async function beatSource(id: number, run: string, progress: GuideProgress): Promise<boolean> {
  const { rows } = await pool().query<{ cancel_asked: boolean }>(
    `UPDATE guide_source SET beat_at = now(), progress = $3 WHERE id = $1 AND ${isRun} RETURNING cancel_asked`,
    [id, run, JSON.stringify(progress)],
  )
  return rows[0]?.cancel_asked ?? true
}

export interface SourceEnd {
  run: string
  errorCode: string | null
  progress: GuideProgress
  /** Programmes were taken from it, if not all. */
  isRefreshed: boolean
  /** It waits again: this process was stopped, or a fault of ours. */
  isAgain?: boolean
}

/** Does nothing when another run has begun. */
export async function endSource(id: number, end: SourceEnd): Promise<void> {
  const { run, errorCode, progress, isRefreshed, isAgain = false } = end
  await pool().query(
    `UPDATE guide_source SET state = $3::"GuideState", error_code = $4, progress = $5, cancel_asked = false,
       refreshed_at = CASE WHEN $6 THEN now() ELSE refreshed_at END, version = version + $7
     WHERE id = $1 AND ${isRun}`,
    [id, run, isAgain ? 'queued' : 'idle', errorCode, JSON.stringify(progress), isRefreshed, progress.changed > 0 ? 1 : 0],
  )
}

/** Asks the run of a guide to stop; one that waits ends at once. Returns its source, null when there is none. */
export async function askStop(which: { providerId: number } | { sourceId: number }): Promise<number | null> {
  const [column, id] = 'providerId' in which ? ['provider_id', which.providerId] : ['id', which.sourceId]
  const { rows } = await pool().query<{ id: number }>(
    `UPDATE guide_source SET cancel_asked = state = 'running',
       state = CASE WHEN state = 'queued' THEN 'idle'::"GuideState" ELSE state END
     WHERE ${column} = $1 AND state <> 'idle' RETURNING id`,
    [id],
  )
  return rows[0]?.id ?? null
}

/**
 * Providers whose guide is older than their timetable allows, and those whose guide was being read when a worker died. A
 * provider that was never read itself is left out: its guide follows its first import.
 */
export async function listDueGuides(): Promise<number[]> {
  const { rows } = await pool().query<{ id: number }>(
    `SELECT p.id FROM provider p LEFT JOIN guide_source g ON g.provider_id = p.id
     WHERE (g.state = 'running' AND g.beat_at < now() - interval '${DEAD_AFTER_SECONDS} seconds')
        OR (p.refresh_hours > 0 AND p.refreshed_at IS NOT NULL AND coalesce(g.state, 'idle') <> 'running'
          AND (g.refreshed_at IS NULL OR g.refreshed_at < now() - p.refresh_hours * interval '1 hour')
          AND (g.tried_at IS NULL OR g.tried_at < now() - interval '${REST_MINUTES} minutes'))`,
  )
  return rows.map(({ id }) => id)
}

/** Added guides that are older than their timetable allows, and those that were being read when a worker died. */
export async function listDueAdded(): Promise<number[]> {
  const { rows } = await pool().query<{ id: number }>(
    `SELECT g.id FROM guide_source g WHERE g.provider_id IS NULL
       AND ((g.state = 'running' AND g.beat_at < now() - interval '${DEAD_AFTER_SECONDS} seconds')
         OR (g.refresh_hours > 0 AND g.secret IS NOT NULL AND g.state <> 'running'
           AND (g.refreshed_at IS NULL OR g.refreshed_at < now() - g.refresh_hours * interval '1 hour')
           AND (g.tried_at IS NULL OR g.tried_at < now() - interval '${REST_MINUTES} minutes')))`,
  )
  return rows.map(({ id }) => id)
}

/** Moves when any guide that may serve these providers' channels does, those that `account` added included; for caches. */
export async function findGuideVersion(providerIds: readonly number[], account: string | null = null): Promise<string> {
  const { rows } = await pool().query<{ version: string }>(
    `SELECT string_agg(g.id || '.' || g.version, ',' ORDER BY g.id) AS version FROM guide_source g
     WHERE g.provider_id = ANY($1::int[]) OR (g.provider_id IS NULL AND (g.owner_id IS NULL
       OR g.owner_id = $2::uuid OR g.owner_id IN (SELECT owner_id FROM provider WHERE id = ANY($1::int[]))))`,
    [providerIds, account],
  )
  return rows[0]?.version ?? ''
}
