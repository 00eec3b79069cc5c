import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { pool } from '@/lib/platform/db'
import { chooseReplaced, type OpenStream } from './line-cap'
import type { PlaybackRecord } from './store'

/** A session of a line that no process has vouched for in this time is over: its process was killed. Seconds. */
export const LINE_TTL_SECONDS = 30

const columns = `id, account_id AS "accountId", session_id AS "sessionId", profile_id AS "profileId", item_id AS "itemId",
  source_id AS "sourceId", mode, started_at AS "startedAt", line_id AS "lineId", address, app`
const running = `ended_at IS NULL AND last_seen_at > now() - interval '${LINE_TTL_SECONDS} seconds'`

export interface LinePlace {
  lineId: number
  maxConnections: number
  whenFull: 'replace' | 'refuse'
}

type NewPlayback = Omit<PlaybackRecord, 'id' | 'startedAt' | 'sessionId' | 'lineId'>

/**
 * Opens a session under the line's cap. The line's row is locked meanwhile, so that two servers cannot both take the last
 * place. Answers which sessions had to go. @throws LINE_FULL, LINE_ENDED when the line is gone
 */
export async function insertLinePlayback(
  place: LinePlace,
  wanted: NewPlayback,
): Promise<{ record: PlaybackRecord; replaced: string[] }> {
  const client = await pool().connect()
  try {
    await client.query('BEGIN')
    const locked = await client.query('SELECT id FROM device_line WHERE id = $1 AND revoked_at IS NULL FOR UPDATE', [
      place.lineId,
    ])
    if (locked.rowCount === 0) throw new AppError('LINE_ENDED')
    const open = await client.query<OpenStream>(
      `SELECT id, item_id AS "itemId", address, app FROM playback_session WHERE line_id = $1 AND ${running} ORDER BY started_at, id`,
      [place.lineId],
    )
    const replaced = chooseReplaced(open.rows, wanted, place)
    if (replaced.length > 0) {
      await client.query(
        `UPDATE playback_session SET ended_at = now(), end_reason = 'replaced' WHERE id = ANY($1::uuid[]) AND ended_at IS NULL`,
        [replaced],
      )
    }
    const made = await client.query<PlaybackRecord>(
      `INSERT INTO playback_session (account_id, profile_id, item_id, source_id, mode, line_id, address, app)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${columns}`,
      [
        wanted.accountId,
        wanted.profileId,
        wanted.itemId,
        wanted.sourceId,
        wanted.mode,
        place.lineId,
        wanted.address,
        wanted.app.slice(0, 200),
      ],
    )
    await client.query('COMMIT')
    return { record: made.rows[0] as PlaybackRecord, replaced }
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

/** Streams that run now, a line. */
export async function countLinePlaybacks(lineIds: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await pool().query<{ lineId: number; count: number }>(
    `SELECT line_id AS "lineId", count(*)::int AS count FROM playback_session WHERE line_id = ANY($1::int[]) AND ${running}
     GROUP BY line_id`,
    [lineIds],
  )
  return new Map(rows.map(({ lineId, count }) => [lineId, count]))
}

export interface Beat {
  id: string
  bytes: number
  /** kbit/s. */
  bitrate: number
  sourceId: number
}

/** Writes what this process knows of its sessions; those of lines stay open by it, those of pages by their own touch. */
export async function beatPlaybacks(beats: readonly Beat[]): Promise<void> {
  await pool().query(
    `UPDATE playback_session p SET bytes = b.bytes, bitrate = b.bitrate, source_id = b.source_id,
       last_seen_at = CASE WHEN p.line_id IS NULL THEN p.last_seen_at ELSE now() END
     FROM unnest($1::uuid[], $2::bigint[], $3::int[], $4::int[]) AS b (id, bytes, bitrate, source_id)
     WHERE p.id = b.id AND p.ended_at IS NULL`,
    [
      beats.map(({ id }) => id),
      beats.map(({ bytes }) => Math.round(bytes)),
      beats.map(({ bitrate }) => Math.round(bitrate)),
      beats.map(({ sourceId }) => sourceId),
    ],
  )
}
