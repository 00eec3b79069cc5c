import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { db, pool } from '@/lib/platform/db'
import type { PushTarget } from '@/lib/platform/push'
import { hashToken, open, seal } from '@/lib/platform/secrets'

/** Most browsers of one account (reliability.md B33); the oldest makes room. */
const MAX_SUBSCRIPTIONS = 16

const placeOf = (hash: Buffer) => ({ table: 'push_subscription', column: 'secret', row: hash.toString('hex') })

/**
 * Stores the subscription of the viewer's browser. A session has one, and an address has one owner: whoever signs in on a
 * device takes over its messages.
 */
export async function saveSubscription(viewer: Viewer, target: PushTarget): Promise<void> {
  const hash = hashToken(target.endpoint)
  const secret = seal(JSON.stringify(target), placeOf(hash))
  await pool().query('DELETE FROM push_subscription WHERE session_id = $1 AND endpoint_hash <> $2', [viewer.sessionId, hash])
  await pool().query(
    `INSERT INTO push_subscription (account_id, profile_id, session_id, endpoint_hash, secret) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (endpoint_hash) DO UPDATE SET account_id = $1, profile_id = $2, session_id = $3, secret = $5`,
    [viewer.accountId, viewer.profileId, viewer.sessionId, hash, secret],
  )
  await pool().query(
    `DELETE FROM push_subscription WHERE account_id = $1 AND id NOT IN (
       SELECT id FROM push_subscription WHERE account_id = $1 ORDER BY id DESC LIMIT ${MAX_SUBSCRIPTIONS})`,
    [viewer.accountId],
  )
}

export async function deleteSubscription(viewer: Viewer): Promise<void> {
  await db().pushSubscription.deleteMany({ where: { sessionId: viewer.sessionId, accountId: viewer.accountId } })
}

export async function countSubscriptions(viewer: Viewer): Promise<{ devices: number; here: boolean }> {
  const live = { revokedAt: null, expiresAt: { gt: new Date() } }
  const rows = await db().pushSubscription.findMany({
    where: { accountId: viewer.accountId, profileId: viewer.profileId, session: live },
    select: { sessionId: true },
  })
  return { devices: rows.length, here: rows.some(({ sessionId }) => sessionId === viewer.sessionId) }
}

/** @throws SECRET_UNREADABLE */
export const openSubscription = ({ hash, secret }: { hash: Buffer; secret: string }): PushTarget =>
  JSON.parse(open(secret, placeOf(hash))) as PushTarget

/** Removes what its service calls gone; not the one that the same browser has made since. */
export async function removeGone({ id, hash }: { id: number; hash: Buffer }): Promise<void> {
  await pool().query('DELETE FROM push_subscription WHERE id = $1 AND endpoint_hash = $2', [id, hash])
}
