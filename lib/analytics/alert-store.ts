import 'server-only'
import { pool } from '@/lib/platform/db'
import { isOwn, stalledShare } from './figures-store'
import type { QualityAlertView } from './schema'

export async function listAlerts(hours: number): Promise<QualityAlertView[]> {
  const { rows } = await pool().query<
    Omit<QualityAlertView, 'startedAt' | 'endedAt'> & { startedAt: Date; endedAt: Date | null }
  >(
    `SELECT a.id, a.item_id AS "itemId", coalesce(i.name, 'No longer there') AS channel, a.viewers, a.failing, a.stalled,
       a.started_at AS "startedAt", a.ended_at AS "endedAt"
     FROM quality_alert a LEFT JOIN item i ON i.id = a.item_id
     WHERE a.ended_at IS NULL OR a.started_at > now() - $1 * interval '1 hour'
     ORDER BY a.ended_at IS NOT NULL, a.started_at DESC LIMIT 50`,
    [hours],
  )
  return rows.map(row => ({
    ...row,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  }))
}

/** Bad for everyone who plays here: at least three viewers, and half of what they opened failed or a twentieth of their time stood still. */
const badNow = `SELECT q.item_id, count(DISTINCT q.account_id)::int AS viewers, avg(q.failed::int)::float8 AS failing, coalesce(${stalledShare}, 0) AS stalled
  FROM playback_quality q WHERE q.live AND ${isOwn} AND q.updated_at > now() - interval '10 minutes' GROUP BY q.item_id
  HAVING count(DISTINCT q.account_id) >= 3 AND (avg(q.failed::int) >= 0.5 OR ${stalledShare} > 0.05)`

/** Answers the items of the alerts that began now. */
export async function openAlerts(): Promise<number[]> {
  const { rows } = await pool().query<{ itemId: number }>(
    `INSERT INTO quality_alert (item_id, viewers, failing, stalled)
     SELECT b.item_id, b.viewers, b.failing, b.stalled FROM (${badNow}) b
     ON CONFLICT (item_id) WHERE ended_at IS NULL DO NOTHING RETURNING item_id AS "itemId"`,
  )
  return rows.map(({ itemId }) => itemId)
}

/** Answers the items of the alerts that ended now. */
export async function closeAlerts(): Promise<number[]> {
  const { rows } = await pool().query<{ itemId: number }>(
    `UPDATE quality_alert SET ended_at = now()
     WHERE ended_at IS NULL AND item_id NOT IN (SELECT b.item_id FROM (${badNow}) b) RETURNING item_id AS "itemId"`,
  )
  return rows.map(({ itemId }) => itemId)
}
