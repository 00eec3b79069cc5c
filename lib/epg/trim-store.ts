import 'server-only'
import { pool } from '@/lib/platform/db'
import { guideReach } from './schema'

/** Takes away what nobody can watch again: what is over for longer than the archive of its channel reaches. */
export async function trimGuides(): Promise<number> {
  const { rowCount } = await pool().query(
    `DELETE FROM programme p USING (
       SELECT c.id, least(greatest(${guideReach.leastBack}, max(greatest(i.archive_days, matched.archive_days))), ${guideReach.mostBack}) AS days
       FROM guide_channel c
       LEFT JOIN (SELECT channel_id, item_id FROM guide_match UNION ALL SELECT channel_id, item_id FROM guide_own_match) m
         ON m.channel_id = c.id
       LEFT JOIN item matched ON matched.id = m.item_id
       LEFT JOIN (SELECT lower(guide_id) AS guide_id, max(archive_days) AS archive_days FROM item
                  WHERE kind = 'channel' AND guide_id <> '' AND archive_days > 0 GROUP BY 1) i
         ON i.guide_id = lower(c.xmltv_id)
       GROUP BY c.id) kept
     WHERE p.channel_id = kept.id AND p.stop < now() - kept.days * interval '1 day'`,
  )
  return rowCount ?? 0
}
