import 'server-only'
import { pool } from '@/lib/platform/db'
import type { ConnectionView } from './schema'

/** Sessions of pages are kept open by their player's touch, those of lines by their process. Seconds. */
const SEEN_SECONDS = 60
const MAX_ROWS = 2_000

interface Row extends Omit<ConnectionView, 'startedAt' | 'bytes' | 'line'> {
  startedAt: Date
  bytes: string
  lineId: number | null
  lineName: string | null
}

/** Everything else has a connection to the provider for each viewer. */
const relayed = "(i.kind = 'channel' AND p.mode NOT IN ('direct', 'hls-proxy', 'catch-up', 'line-catch-up'))"

/** `shared`: how many viewers the same connection to a provider feeds. */
export async function listConnectionRows(): Promise<ConnectionView[]> {
  const { rows } = await pool().query<Row>(
    `SELECT p.id, a.name AS account, pr.name AS profile, p.line_id AS "lineId", l.name AS "lineName", i.id AS "itemId", i.name AS item,
       i.kind, p.mode, s.name AS source, pv.name AS provider, p.address, p.app, p.started_at AS "startedAt", p.bytes, p.bitrate,
       CASE WHEN ${relayed} THEN count(*) FILTER (WHERE ${relayed}) OVER (PARTITION BY p.source_id) ELSE 1 END::int AS shared
     FROM playback_session p JOIN account a ON a.id = p.account_id JOIN item i ON i.id = p.item_id
       LEFT JOIN profile pr ON pr.id = p.profile_id LEFT JOIN device_line l ON l.id = p.line_id
       LEFT JOIN source s ON s.id = p.source_id LEFT JOIN provider pv ON pv.id = s.provider_id
     WHERE p.ended_at IS NULL AND p.mode <> 'ahead' AND p.last_seen_at > now() - interval '${SEEN_SECONDS} seconds'
     ORDER BY p.started_at DESC, p.id LIMIT ${MAX_ROWS}`,
  )
  return rows.map(({ lineId, lineName, startedAt, bytes, ...row }) => ({
    ...row,
    line: lineId === null ? null : { id: lineId, name: lineName ?? '' },
    startedAt: startedAt.toISOString(),
    bytes: Number(bytes),
  }))
}
