import 'server-only'
import { z } from 'zod'
import type { ImportState, ItemKind } from '@/lib/generated/prisma/enums'
import { errorCodes, isErrorCode } from '@/lib/kernel/errors'
import { db, pool } from '@/lib/platform/db'
import { type CategoryRow, isAdultGroup } from './normalise'
import { ImportPart, type ImportView } from './schema'
import { updateStatistics } from './stage-store'

const Parts = z.array(ImportPart)
/** Silence of a run after which its worker counts as dead; runs sign every half second. */
const DEAD_AFTER_SECONDS = 60
/** Finished runs that are kept of each provider. */
const KEPT_RUNS = 20

const columns = {
  id: true,
  providerId: true,
  state: true,
  progress: true,
  parts: true,
  errorCode: true,
  queuedAt: true,
  finishedAt: true,
} as const

interface Row {
  id: number
  providerId: number
  state: ImportState
  progress: number
  parts: unknown
  errorCode: string | null
  queuedAt: Date
  finishedAt: Date | null
}

function toView({ parts, errorCode, queuedAt, finishedAt, ...row }: Row): ImportView {
  const found = Parts.catch([]).parse(parts)
  const told = found.find(({ problem }) => problem?.code === errorCode)?.problem
  const general = errorCode !== null && isErrorCode(errorCode) ? { code: errorCode, message: errorCodes[errorCode].say } : null
  return {
    ...row,
    parts: found,
    problem: errorCode === null ? null : (told ?? general),
    queuedAt: queuedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  }
}

/** The latest run of each provider. */
export async function listLatest(providerIds: readonly number[]): Promise<ImportView[]> {
  const rows = await db().import.findMany({
    where: { providerId: { in: [...providerIds] } },
    select: columns,
    distinct: ['providerId'],
    orderBy: [{ providerId: 'asc' }, { id: 'desc' }],
  })
  return rows.map(toView)
}

/** The run of a provider that waits or works, null when there is none. */
export async function findLive(providerId: number): Promise<ImportView | null> {
  const row = await db().import.findFirst({
    where: { providerId, state: { in: ['queued', 'running'] } },
    select: columns,
    orderBy: { id: 'desc' },
  })
  return row ? toView(row) : null
}

/** A new waiting run, or null when one is alive already: one statement, so that two clicks make one run. */
export async function insertRun(providerId: number, parts: ImportPart[]): Promise<ImportView | null> {
  const { rows } = await pool().query<{ id: number }>(
    `INSERT INTO import (provider_id, parts)
     SELECT $1, $2::jsonb FROM (SELECT id FROM provider WHERE id = $1 FOR UPDATE) locked
     WHERE NOT EXISTS (SELECT 1 FROM import WHERE provider_id = $1 AND state IN ('queued', 'running'))
     RETURNING id`,
    [providerId, JSON.stringify(parts)],
  )
  const id = rows[0]?.id
  if (id === undefined) return null
  const row = await db().import.findUnique({ where: { id }, select: columns })
  return row ? toView(row) : null
}

/** Takes a waiting run, or one whose worker died, into work. Null when somebody else has it or it is over. */
export async function beginRun(id: number): Promise<{ providerId: number; parts: ImportPart[] } | null> {
  const { rows } = await pool().query<{ provider_id: number; parts: unknown }>(
    `UPDATE import SET state = 'running', started_at = coalesce(started_at, now()), beat_at = now()
     WHERE id = $1 AND (state = 'queued'
       OR (state = 'running' AND beat_at < now() - interval '${DEAD_AFTER_SECONDS} seconds'))
     RETURNING provider_id, parts`,
    [id],
  )
  const row = rows[0]
  return row ? { providerId: row.provider_id, parts: Parts.catch([]).parse(row.parts) } : null
}

/** Signs of life and progress; true when somebody asked to stop, or the run is no longer ours. */
export async function beat(id: number, progress: number, parts: ImportPart[]): Promise<boolean> {
  const { rows } = await pool().query<{ cancel_asked: boolean }>(
    `UPDATE import SET beat_at = now(), progress = $2, parts = $3::jsonb WHERE id = $1 AND state = 'running' RETURNING cancel_asked`,
    [id, progress, JSON.stringify(parts)],
  )
  return rows[0]?.cancel_asked ?? true
}

/** Puts a run back to wait. False when somebody asked it to stop, or it first began longer ago than allowed. */
export async function requeueRun(id: number, again: { parts: ImportPart[]; withinMinutes: number }): Promise<boolean> {
  const { rowCount } = await pool().query(
    `UPDATE import SET state = 'queued', progress = 0, parts = $2::jsonb, beat_at = NULL
     WHERE id = $1 AND state = 'running' AND NOT cancel_asked AND started_at > now() - $3 * interval '1 minute'`,
    [id, JSON.stringify(again.parts), again.withinMinutes],
  )
  return rowCount === 1
}

export async function endRun(
  id: number,
  end: { state: ImportState; errorCode: string | null; parts: ImportPart[] },
): Promise<void> {
  const progress = end.state === 'succeeded' || end.state === 'partial' ? 100 : undefined
  const { rows } = await pool().query<{ provider_id: number }>(
    `UPDATE import SET state = $2::"ImportState", error_code = $3, parts = $4::jsonb, progress = coalesce($5, progress),
       finished_at = now() WHERE id = $1 AND state IN ('queued', 'running') RETURNING provider_id`,
    [id, end.state, end.errorCode, JSON.stringify(end.parts), progress],
  )
  await pool().query(
    `DELETE FROM import WHERE provider_id = $1 AND id < $2 AND id NOT IN (
       SELECT id FROM import WHERE provider_id = $1 ORDER BY id DESC LIMIT ${KEPT_RUNS})`,
    [rows[0]?.provider_id ?? null, id],
  )
}

/** Asks the living run of a provider to stop; a waiting one ends at once. Returns its id, null when there is none. */
export async function askCancel(providerId: number): Promise<number | null> {
  const { rows } = await pool().query<{ id: number }>(
    `UPDATE import SET cancel_asked = true,
       state = CASE WHEN state = 'queued' THEN 'cancelled'::"ImportState" ELSE state END,
       error_code = CASE WHEN state = 'queued' THEN 'IMPORT_CANCELLED' ELSE error_code END,
       finished_at = CASE WHEN state = 'queued' THEN now() ELSE finished_at END
     WHERE provider_id = $1 AND state IN ('queued', 'running') RETURNING id`,
    [providerId],
  )
  return rows[0]?.id ?? null
}

/** Runs whose worker died, and waiting ones whose job got lost. */
export async function listAbandoned(): Promise<{ id: number; providerId: number }[]> {
  const { rows } = await pool().query<{ id: number; provider_id: number }>(
    `SELECT id, provider_id FROM import
     WHERE (state = 'running' AND beat_at < now() - interval '${DEAD_AFTER_SECONDS} seconds')
        OR (state = 'queued' AND queued_at < now() - interval '${DEAD_AFTER_SECONDS} seconds')`,
  )
  return rows.map(({ id, provider_id }) => ({ id, providerId: provider_id }))
}

/** Those of `providerIds` that had no run within the last hour: a broken provider is not asked every quarter of an hour. */
export async function withoutRecentRun(providerIds: readonly number[]): Promise<number[]> {
  const { rows } = await pool().query<{ id: number }>(
    `SELECT due.id FROM unnest($1::int[]) AS due (id)
     WHERE NOT EXISTS (SELECT 1 FROM import r WHERE r.provider_id = due.id AND r.queued_at > now() - interval '1 hour')`,
    [providerIds],
  )
  return rows.map(({ id }) => id)
}

/** Writes the categories of one kind; those no longer listed stay until `countCategories` finds them empty. True when one is new or another now. */
export async function saveCategories(providerId: number, kind: ItemKind, rows: readonly CategoryRow[]): Promise<boolean> {
  const { rowCount } = await pool().query(
    `INSERT INTO category (provider_id, kind, provider_category_id, name, position)
     SELECT $1, $2::"ItemKind", id, name, n - 1 FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS row (id, name, n)
     ON CONFLICT (provider_id, kind, provider_category_id) DO UPDATE SET name = EXCLUDED.name, position = EXCLUDED.position
       WHERE (category.name, category.position) IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.position)`,
    [providerId, kind, rows.map(({ id }) => id), rows.map(({ name }) => name)],
  )
  return (rowCount ?? 0) > 0
}

/** Ids (the provider's own) of categories whose name says that they are for adults: many panels mark nothing else. */
export async function listAdultCategories(providerId: number, kind: ItemKind): Promise<Set<string>> {
  const rows = await db().category.findMany({ where: { providerId, kind }, select: { providerCategoryId: true, name: true } })
  return new Set(rows.filter(({ name }) => isAdultGroup(name)).map(({ providerCategoryId }) => providerCategoryId))
}

/** The provider's ids of the categories it has listed so far, in its order. */
export async function listCategoryIds(providerId: number, kind: ItemKind): Promise<string[]> {
  const where = { providerId, kind, providerCategoryId: { not: '' } }
  const rows = await db().category.findMany({ where, select: { providerCategoryId: true }, orderBy: { position: 'asc' } })
  return rows.map(({ providerCategoryId }) => providerCategoryId)
}

/** The category for what the provider files nowhere (protocols.md 8.50), after all others. */
export async function getUncategorised(providerId: number, kind: ItemKind): Promise<number> {
  const { rows } = await pool().query<{ id: number }>(
    `INSERT INTO category (provider_id, kind, provider_category_id, name, position)
     VALUES ($1, $2::"ItemKind", '', 'Uncategorised', 1000000)
     ON CONFLICT (provider_id, kind, provider_category_id) DO UPDATE SET position = 1000000 RETURNING id`,
    [providerId, kind],
  )
  return rows[0]?.id ?? 0
}

export async function countCategories(providerId: number): Promise<void> {
  await pool().query(
    `UPDATE category SET item_count = found.n FROM (
       SELECT c.id, count(x.id)::int AS n FROM category c LEFT JOIN source x ON x.category_id = c.id
       WHERE c.provider_id = $1 GROUP BY c.id) found
     WHERE category.id = found.id AND category.item_count <> found.n`,
    [providerId],
  )
}

/**
 * After many rows were written: what the trigram indexes put aside is filed (until then each search reads through it), and
 * the planner learns the new sizes instead of waiting for the next autovacuum.
 */
export async function settleIndexes(): Promise<void> {
  const { rows } = await pool().query<{ oid: number }>(
    "SELECT indexrelid::int AS oid FROM pg_stat_user_indexes WHERE indexrelname LIKE 'item_search_%' OR indexrelname = 'search_word_word_idx'",
  )
  for (const { oid } of rows) await pool().query('SELECT gin_clean_pending_list($1::oid::regclass)', [oid])
  await updateStatistics(pool())
}
