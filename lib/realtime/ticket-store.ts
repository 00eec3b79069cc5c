import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { db, pool } from '@/lib/platform/db'

export type TicketOwner = Pick<Viewer, 'accountId' | 'profileId' | 'sessionId'>

export async function insertTicket(tokenHash: Uint8Array<ArrayBuffer>, owner: TicketOwner, seconds: number): Promise<void> {
  const { accountId, profileId, sessionId } = owner
  const expiresAt = new Date(Date.now() + seconds * 1_000)
  await db().realtimeTicket.create({
    data: { tokenHash, accountId, profileId, sessionId, expiresAt },
    select: { expiresAt: true },
  })
}

/** Takes the ticket away with its first use; null for one that is unknown, used or too old. */
export async function takeTicket(tokenHash: Uint8Array): Promise<TicketOwner | null> {
  const { rows } = await pool().query<TicketOwner & { isFresh: boolean }>(
    `DELETE FROM realtime_ticket WHERE token_hash = $1
     RETURNING account_id AS "accountId", profile_id AS "profileId", session_id AS "sessionId", expires_at > now() AS "isFresh"`,
    [tokenHash],
  )
  const [row] = rows
  if (!row?.isFresh) return null
  const { accountId, profileId, sessionId } = row
  return { accountId, profileId, sessionId }
}
