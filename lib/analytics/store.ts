import 'server-only'
import { pool } from '@/lib/platform/db'
import type {
  QualityAlertView,
  QualityFigures,
  QualityFilter,
  QualityGroup,
  QualityPlayers,
  QualityReport,
  QualityRow,
} from './schema'

/** A report, and whose it is. */
export interface FiledReport extends QualityReport {
  accountId: string
  profileId: string
  browser: string
  /** The app of another maker, what it calls its session, and the kbit/s it measured. */
  app: string | null
  appSession: string | null
  throughput: number | null
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
    `INSERT INTO playback_quality AS q (session_id, account_id, item_id, source_id, provider_id, live, browser, app, app_session, throughput, connection, decision, zap,
       start_ms, watched_ms, stalls, network_ms, decode_ms, switch_ms, bitrate_switches, dropped_frames, decoded_frames, bitrate, height,
       errors, failed, started_at)
     SELECT p.id, p.account_id, p.item_id, p.source_id, s.provider_id, i.kind = 'channel' AND p.replay_start IS NULL, r.browser, r.app, r."appSession", r.throughput, r.connection,
       r.decision, r.zap, r."startMs", r."watchedMs", r.stalls, r.network, r.decode, r.switch, r."bitrateSwitches", r."droppedFrames",
       r."decodedFrames", r.bitrate, r.height, string_to_array(nullif(r.errors, ''), ' '), r.failed, p.started_at
     FROM (SELECT DISTINCT ON ("sessionId") * FROM jsonb_to_recordset($1::jsonb) AS given("sessionId" uuid,
         "accountId" uuid, "profileId" uuid, browser text, app text, "appSession" text, throughput int, zap boolean, "startMs" int,
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
       decoded_frames = greatest(q.decoded_frames, excluded.decoded_frames), bitrate = excluded.bitrate,
       throughput = coalesce(excluded.throughput, q.throughput), app_session = coalesce(excluded.app_session, q.app_session), height = excluded.height,
       errors = excluded.errors, failed = q.failed OR excluded.failed, updated_at = now()`,
    [JSON.stringify(rows)],
  )
  return rowCount ?? 0
}

const percentile = (share: number, of: string, which = 'true') =>
  `round(percentile_cont(${share}) WITHIN GROUP (ORDER BY ${of}) FILTER (WHERE ${which}))::int`

/** Apps of others tell that they halted, but neither for how long nor that they failed. */
const isOwn = 'q.app IS NULL'
const stalledMs = 'q.network_ms + q.decode_ms + q.switch_ms'
const stalledShare = `(sum(${stalledMs}) FILTER (WHERE ${isOwn}))::float8
  / nullif(sum(q.watched_ms::bigint + ${stalledMs}) FILTER (WHERE ${isOwn}), 0)`

const figures = `count(*)::int AS sessions, count(DISTINCT q.account_id)::int AS viewers,
  (avg(q.failed::int) FILTER (WHERE ${isOwn}))::float8 AS failed, ${stalledShare} AS stalled,
  avg(q.stalls)::float8 AS halts,
  ${percentile(0.5, 'q.start_ms', 'NOT q.zap')} AS "startP50", ${percentile(0.95, 'q.start_ms', 'NOT q.zap')} AS "startP95",
  ${percentile(0.5, 'q.start_ms', 'q.zap')} AS "zapP50", ${percentile(0.95, 'q.start_ms', 'q.zap')} AS "zapP95",
  ${percentile(0.5, 'q.bitrate', 'q.bitrate > 0')} AS "bitrateP50", ${percentile(0.95, 'q.bitrate', 'q.bitrate > 0')} AS "bitrateP95",
  ${percentile(0.5, 'q.throughput')} AS "throughputP50", ${percentile(0.95, 'q.throughput')} AS "throughputP95"`

const told: Readonly<Record<QualityPlayers, string>> = { all: 'true', own: isOwn, apps: 'q.app IS NOT NULL' }
const asked = (players: QualityPlayers) => `q.updated_at > now() - $1 * interval '1 hour' AND ${told[players]}`

export async function readFigures({ hours, players }: QualityFilter): Promise<QualityFigures> {
  const { rows } = await pool().query<QualityFigures>(`SELECT ${figures} FROM playback_quality q WHERE ${asked(players)}`, [
    hours,
  ])
  return rows[0] as QualityFigures
}

const playerName = "coalesce(q.app, 'WatchTheFlix')"

/** What a row stands for, where its name is found, and what it is called when that is gone. */
const groups: Readonly<Record<QualityGroup, { key: string; join: string; name: string; where: string; note?: string }>> = {
  channel: { key: 'q.item_id', join: 'LEFT JOIN item n ON n.id = q.item_id', name: 'n.name', where: 'q.live' },
  source: { key: 'q.source_id', join: 'LEFT JOIN source n ON n.id = q.source_id', name: 'n.name', where: 'true' },
  provider: { key: 'q.provider_id', join: 'LEFT JOIN provider n ON n.id = q.provider_id', name: 'n.name', where: 'true' },
  browser: { key: 'q.browser', join: '', name: 'q.browser', where: 'true' },
  player: { key: playerName, join: '', name: playerName, where: 'true' },
  session: {
    key: 'q.session_id',
    join: 'LEFT JOIN item n ON n.id = q.item_id',
    name: 'n.name',
    where: 'true',
    note: `concat_ws(' · ', min(${playerName}), min(q.app_session))`,
  },
}

const MOST_ROWS = 100

/** The worst first: those that fail, then those that stand still. */
export async function readGroups({ hours, by, players }: QualityFilter): Promise<QualityRow[]> {
  const { key, join, name, where, note = 'NULL' } = groups[by]
  const { rows } = await pool().query<QualityRow>(
    `SELECT coalesce(${key}::text, '') AS key, coalesce(min(${name}), 'No longer there') AS name, ${note} AS note, ${figures}
     FROM playback_quality q ${join} WHERE ${asked(players)} AND ${where}
     GROUP BY ${key} ORDER BY failed DESC NULLS LAST, stalled DESC NULLS LAST, halts DESC NULLS LAST, sessions DESC LIMIT ${MOST_ROWS}`,
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

/** Bad for everyone who plays here: at least three viewers, and half of what they opened failed or a twentieth of their time stood still. */
const badNow = `SELECT q.item_id, count(DISTINCT q.account_id)::int AS viewers, avg(q.failed::int)::float8 AS failing, coalesce(${stalledShare}, 0) AS stalled
  FROM playback_quality q WHERE q.live AND ${isOwn} AND q.updated_at > now() - interval '10 minutes' GROUP BY q.item_id
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
