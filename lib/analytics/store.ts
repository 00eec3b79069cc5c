import 'server-only'
import { pool } from '@/lib/platform/db'
import type { QualityAlertView, QualityFigures, QualityGroup, QualityReport, QualityRow } from './schema'

/** A report, and whose it is. */
export interface FiledReport extends QualityReport {
  accountId: string
  profileId: string
  browser: string
}

/** A player may report so long after its session began. */
const REPORTED_WITHIN = '2 days'

/**
 * Writes the reports whose session is the reporter's own; figures only grow, so that a late report takes nothing back. Answers
 * how many there were.
 */
export async function writeReports(reports: readonly FiledReport[]): Promise<number> {
  const rows = reports.map(({ stalledMs, errors, ...report }) => ({ ...report, ...stalledMs, errors: errors.join(' ') }))
  const { rowCount } = await pool().query(
    `INSERT INTO playback_quality AS q (session_id, account_id, item_id, source_id, provider_id, live, browser, connection, decision, zap,
       start_ms, watched_ms, stalls, network_ms, decode_ms, switch_ms, bitrate_switches, dropped_frames, decoded_frames, bitrate, height,
       errors, failed, started_at)
     SELECT p.id, p.account_id, p.item_id, p.source_id, s.provider_id, i.kind = 'channel' AND p.replay_start IS NULL, r.browser, r.connection,
       r.decision, r.zap, r."startMs", r."watchedMs", r.stalls, r.network, r.decode, r.switch, r."bitrateSwitches", r."droppedFrames",
       r."decodedFrames", r.bitrate, r.height, string_to_array(nullif(r.errors, ''), ' '), r.failed, p.started_at
     FROM (SELECT DISTINCT ON ("sessionId") * FROM jsonb_to_recordset($1::jsonb) AS given("sessionId" uuid,
         "accountId" uuid, "profileId" uuid, browser text, zap boolean, "startMs" int,
         "watchedMs" int, stalls int, network int, decode int, switch int, "bitrateSwitches" int, "droppedFrames" int,
         "decodedFrames" int, bitrate int, height int, errors text, failed boolean, decision text, connection text)
         ORDER BY "sessionId", "watchedMs" DESC) r
       JOIN playback_session p ON p.id = r."sessionId" AND p.account_id = r."accountId" AND p.profile_id = r."profileId"
         AND p.started_at > now() - interval '${REPORTED_WITHIN}'
       JOIN item i ON i.id = p.item_id LEFT JOIN source s ON s.id = p.source_id
     ON CONFLICT (session_id) DO UPDATE SET
       start_ms = coalesce(q.start_ms, excluded.start_ms), watched_ms = greatest(q.watched_ms, excluded.watched_ms),
       stalls = greatest(q.stalls, excluded.stalls), network_ms = greatest(q.network_ms, excluded.network_ms),
       decode_ms = greatest(q.decode_ms, excluded.decode_ms), switch_ms = greatest(q.switch_ms, excluded.switch_ms),
       bitrate_switches = greatest(q.bitrate_switches, excluded.bitrate_switches),
       dropped_frames = greatest(q.dropped_frames, excluded.dropped_frames),
       decoded_frames = greatest(q.decoded_frames, excluded.decoded_frames), bitrate = excluded.bitrate, height = excluded.height,
       errors = excluded.errors, failed = q.failed OR excluded.failed, updated_at = now()`,
    [JSON.stringify(rows)],
  )
  return rowCount ?? 0
}

const percentile = (share: number, which: string) =>
  `round(percentile_cont(${share}) WITHIN GROUP (ORDER BY q.start_ms) FILTER (WHERE ${which}))::int`

const stalledMs = 'q.network_ms + q.decode_ms + q.switch_ms'
/** Players of others tell that they halted, but not for how long: those sessions say nothing of the share. */
const isMeasured = `FILTER (WHERE q.stalls = 0 OR ${stalledMs} > 0)`
const stalledShare = `coalesce((sum(${stalledMs}) ${isMeasured})::float8
  / nullif(sum(q.watched_ms::bigint + ${stalledMs}) ${isMeasured}, 0), 0)`

const figures = `count(*)::int AS sessions, count(DISTINCT q.account_id)::int AS viewers,
  coalesce(avg(q.failed::int), 0)::float8 AS failed, ${stalledShare} AS stalled,
  ${percentile(0.5, 'NOT q.zap')} AS "startP50", ${percentile(0.95, 'NOT q.zap')} AS "startP95",
  ${percentile(0.5, 'q.zap')} AS "zapP50", ${percentile(0.95, 'q.zap')} AS "zapP95"`

const recent = "q.updated_at > now() - $1 * interval '1 hour'"

export async function readFigures(hours: number): Promise<QualityFigures> {
  const { rows } = await pool().query<QualityFigures>(`SELECT ${figures} FROM playback_quality q WHERE ${recent}`, [hours])
  return rows[0] as QualityFigures
}

/** What a row stands for, where its name is found, and what it is called when that is gone. */
const groups: Readonly<Record<QualityGroup, { key: string; join: string; name: string; where: string }>> = {
  channel: { key: 'q.item_id', join: 'LEFT JOIN item n ON n.id = q.item_id', name: 'n.name', where: 'q.live' },
  source: { key: 'q.source_id', join: 'LEFT JOIN source n ON n.id = q.source_id', name: 'n.name', where: 'true' },
  provider: { key: 'q.provider_id', join: 'LEFT JOIN provider n ON n.id = q.provider_id', name: 'n.name', where: 'true' },
  browser: { key: 'q.browser', join: '', name: 'q.browser', where: 'true' },
}

const MOST_ROWS = 100

/** The worst first: those that fail, then those that stand still. */
export async function readGroups(hours: number, by: QualityGroup): Promise<QualityRow[]> {
  const { key, join, name, where } = groups[by]
  const { rows } = await pool().query<QualityRow>(
    `SELECT coalesce(${key}::text, '') AS key, coalesce(min(${name}), 'No longer there') AS name, ${figures}
     FROM playback_quality q ${join} WHERE ${recent} AND ${where}
     GROUP BY ${key} ORDER BY failed DESC, stalled DESC, sessions DESC LIMIT ${MOST_ROWS}`,
    [hours],
  )
  return rows
}

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

/** Bad for everyone: at least three viewers, and half of what they opened failed or a twentieth of their time stood still. */
const badNow = `SELECT q.item_id, count(DISTINCT q.account_id)::int AS viewers, avg(q.failed::int)::float8 AS failing, ${stalledShare} AS stalled
  FROM playback_quality q WHERE q.live AND q.updated_at > now() - interval '10 minutes' GROUP BY q.item_id
  HAVING count(DISTINCT q.account_id) >= 3 AND (avg(q.failed::int) >= 0.5 OR ${stalledShare} > 0.05)`

/** Answers the items of the alerts that began now. */
export async function openAlerts(): Promise<number[]> {
  const { rows } = await pool().query<{ itemId: number }>(
    `INSERT INTO quality_alert (item_id, viewers, failing, stalled)
     SELECT b.item_id, b.viewers, b.failing, b.stalled FROM (${badNow}) b
     WHERE NOT EXISTS (SELECT 1 FROM quality_alert a WHERE a.item_id = b.item_id AND a.ended_at IS NULL)
     RETURNING item_id AS "itemId"`,
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
