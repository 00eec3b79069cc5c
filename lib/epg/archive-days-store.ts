import 'server-only'
import { pool } from '@/lib/platform/db'

export interface ArchiveDays {
  /** Days back that viewers may go, by guide id in small letters. */
  known: ReadonlyMap<string, number>
  /** Until a guide has been read once: the most of its owner's channels that have none yet, which it may turn out to be for. */
  open: number
}

/** Channels that a guide may serve: its provider's, or those of whoever added it. */
const served = `SELECT i.id, i.owner_id, lower(i.guide_id) AS guide_id, i.archive_days AS days FROM guide_source g
  JOIN source s ON s.provider_id = g.provider_id AND s.kind = 'channel' JOIN item i ON i.id = s.item_id
  WHERE g.id = $1 AND i.archive_days > 0
  UNION
  SELECT i.id, i.owner_id, lower(i.guide_id), i.archive_days FROM guide_source g JOIN item i ON g.owner_id IS NULL OR i.owner_id = g.owner_id
  WHERE g.id = $1 AND g.provider_id IS NULL AND i.kind = 'channel' AND i.archive_days > 0`

/** How far back viewers of a guide may go: where items name its ids, and where somebody or the rules led them to its channels. */
export async function listArchiveDays(sourceId: number): Promise<ArchiveDays> {
  const { rows } = await pool().query<{ id: string | null; days: number }>(
    `WITH served AS (${served}),
     matched AS (SELECT item_id, channel_id FROM guide_match WHERE channel_id IS NOT NULL
       UNION SELECT item_id, channel_id FROM guide_own_match)
     SELECT id, max(days) AS days FROM (
       SELECT guide_id AS id, days FROM served WHERE guide_id <> ''
       UNION ALL
       SELECT lower(c.xmltv_id), i.archive_days FROM guide_channel c JOIN matched m ON m.channel_id = c.id
       JOIN item i ON i.id = m.item_id WHERE c.source_id = $1 AND i.archive_days > 0
       UNION ALL
       SELECT NULL, s.days FROM served s JOIN guide_source g ON g.id = $1 AND g.refreshed_at IS NULL
         AND s.owner_id IS NOT DISTINCT FROM g.owner_id
       WHERE NOT EXISTS (SELECT 1 FROM matched m WHERE m.item_id = s.id)) found GROUP BY id`,
    [sourceId],
  )
  const known = new Map<string, number>()
  let open = 0
  for (const { id, days } of rows) {
    if (id === null) open = days
    else known.set(id, days)
  }
  return { known, open }
}
