import 'server-only'
import { db } from '@/lib/platform/db'

export interface PlaybackRecord {
  id: string
  accountId: string
  sessionId: string | null
  profileId: string
  itemId: number
  sourceId: number
}

const playbackColumns = { id: true, accountId: true, sessionId: true, profileId: true, itemId: true, sourceId: true } as const

export async function insertPlayback(input: Omit<PlaybackRecord, 'id'> & { mode: string }): Promise<string> {
  const { id } = await db().playbackSession.create({ data: input, select: { id: true } })
  return id
}

/** A session that may still play: not ended, its sign-in not revoked, its account not switched off. Null otherwise. */
export async function findOpenPlayback(id: string): Promise<PlaybackRecord | null> {
  const row = await db().playbackSession.findFirst({ where: { id, endedAt: null }, select: playbackColumns })
  if (row === null) return null
  const account = await db().account.findFirst({ where: { id: row.accountId, disabledAt: null }, select: { id: true } })
  if (account === null) return null
  if (row.sessionId === null) return row
  const signIn = { id: row.sessionId, accountId: row.accountId, revokedAt: null, expiresAt: { gt: new Date() } }
  return (await db().session.findFirst({ where: signIn, select: { id: true } })) === null ? null : row
}

/** The viewer's own open session; null for a stranger's, an ended or an unknown one. */
export function findOwnPlayback(owner: { accountId: string; profileId: string }, id: string): Promise<PlaybackRecord | null> {
  return db().playbackSession.findFirst({ where: { id, ...owner, endedAt: null }, select: playbackColumns })
}

/** False when it has ended meanwhile. */
export async function touchOpenPlayback(id: string): Promise<boolean> {
  const { count } = await db().playbackSession.updateMany({ where: { id, endedAt: null }, data: { lastSeenAt: new Date() } })
  return count === 1
}

export async function endPlaybacks(
  where: { id: string } | { accountId: string; seenBefore: Date },
  reason: string,
): Promise<void> {
  const which = 'id' in where ? { id: where.id } : { accountId: where.accountId, lastSeenAt: { lt: where.seenBefore } }
  await db().playbackSession.updateMany({ where: { ...which, endedAt: null }, data: { endedAt: new Date(), endReason: reason } })
}
