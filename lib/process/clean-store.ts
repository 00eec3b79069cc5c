import 'server-only'
import { pool } from '@/lib/platform/db'

const BATCH = 5_000

/** What may go, and when: nobody reads it any more. Each rule is bounded by an index or by the size of its batch. */
const rules: readonly [table: string, condition: string][] = [
  ['playback_session', "started_at < now() - interval '90 days'"],
  ['session', "expires_at < now() - interval '30 days' OR revoked_at < now() - interval '30 days'"],
  ['audit_event', "at < now() - interval '400 days'"],
  ['rate_limit', 'expire < extract(epoch FROM now()) * 1000'],
  ['password_reset', "expires_at < now() - interval '7 days'"],
  ['realtime_ticket', "expires_at < now() - interval '1 hour'"],
  ['invite', "expires_at < now() - interval '90 days'"],
  ['reminder', "stop < now() - interval '7 days'"],
  ['reminder_airing', "stop < now() - interval '90 days'"],
  ['notification', "created_at < now() - interval '60 days'"],
  ['playback_quality', "started_at < now() - interval '30 days'"],
  ['quality_alert', "started_at < now() - interval '30 days'"],
  ['import', "finished_at < now() - interval '60 days'"],
]

/** Deletes what has outlived its use, in batches, so that no table is locked for long. */
export async function cleanUp(signal: AbortSignal): Promise<void> {
  for (const [table, condition] of rules) {
    let deleted = BATCH
    while (deleted === BATCH && !signal.aborted) {
      const { rowCount } = await pool().query(
        `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${BATCH}))`,
      )
      deleted = rowCount ?? 0
    }
  }
}
