import 'server-only'
import { pool } from '@/lib/platform/db'
import type { QualityReport } from './schema'

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
       start_ms, watched_ms, stalls, network_ms, source_ms, decode_ms, switch_ms, seek_ms, bitrate_switches, dropped_frames, decoded_frames, bitrate, height,
       errors, failed, started_at)
     SELECT p.id, p.account_id, p.item_id, p.source_id, s.provider_id, i.kind = 'channel' AND p.replay_start IS NULL, r.browser, r.app, r."appSession", r.throughput, r.connection,
       r.decision, r.zap, r."startMs", r."watchedMs", r.stalls, r.network, r.source, r.decode, r.switch, r.seek, r."bitrateSwitches", r."droppedFrames",
       r."decodedFrames", r.bitrate, r.height, string_to_array(nullif(r.errors, ''), ' '), r.failed, p.started_at
     FROM (SELECT DISTINCT ON ("sessionId") * FROM jsonb_to_recordset($1::jsonb) AS given("sessionId" uuid,
         "accountId" uuid, "profileId" uuid, browser text, app text, "appSession" text, throughput int, zap boolean, "startMs" int,
         "watchedMs" int, stalls int, network int, source int, decode int, switch int, seek int, "bitrateSwitches" int, "droppedFrames" int,
         "decodedFrames" int, bitrate int, height int, errors text, failed boolean, decision text, connection text)
         ORDER BY "sessionId", "watchedMs" DESC) r
       JOIN playback_session p ON p.id = r."sessionId" AND p.account_id = r."accountId" AND p.profile_id = r."profileId"
         AND p.started_at > now() - interval '${REPORTED_WITHIN}'
       JOIN item i ON i.id = p.item_id LEFT JOIN source s ON s.id = p.source_id
     ON CONFLICT (session_id) DO UPDATE SET
       start_ms = coalesce(q.start_ms, excluded.start_ms), watched_ms = greatest(q.watched_ms, excluded.watched_ms),
       stalls = greatest(q.stalls, excluded.stalls), network_ms = greatest(q.network_ms, excluded.network_ms),
       source_ms = greatest(q.source_ms, excluded.source_ms), decode_ms = greatest(q.decode_ms, excluded.decode_ms),
       switch_ms = greatest(q.switch_ms, excluded.switch_ms), seek_ms = greatest(q.seek_ms, excluded.seek_ms),
       bitrate_switches = greatest(q.bitrate_switches, excluded.bitrate_switches),
       dropped_frames = greatest(q.dropped_frames, excluded.dropped_frames),
       decoded_frames = greatest(q.decoded_frames, excluded.decoded_frames), bitrate = excluded.bitrate,
       throughput = coalesce(excluded.throughput, q.throughput), app_session = coalesce(excluded.app_session, q.app_session), height = excluded.height,
       errors = excluded.errors, failed = q.failed OR excluded.failed,
       decision = coalesce(nullif(excluded.decision, ''), q.decision), updated_at = now()`,
    [JSON.stringify(rows)],
  )
  return rowCount ?? 0
}
