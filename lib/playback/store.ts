import 'server-only'
import { db } from '@/lib/platform/db'

export interface PlaybackRecord {
  id: string
  accountId: string
  sessionId: string | null
  profileId: string
  itemId: number
  sourceId: number
  mode: string
  startedAt: Date
}

const playbackColumns = {
  id: true,
  accountId: true,
  sessionId: true,
  profileId: true,
  itemId: true,
  sourceId: true,
  mode: true,
  startedAt: true,
} as const

export function insertPlayback(input: Omit<PlaybackRecord, 'id' | 'startedAt'>): Promise<PlaybackRecord> {
  return db().playbackSession.create({ data: input, select: playbackColumns })
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

/** The account's open sessions beyond the `keep` that were seen last. */
export async function listSurplusPlaybacks(accountId: string, keep: number): Promise<string[]> {
  const rows = await db().playbackSession.findMany({
    where: { accountId, endedAt: null },
    orderBy: [{ lastSeenAt: 'desc' }, { startedAt: 'desc' }],
    skip: keep,
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}

/** Ended sessions stay as they are. */
export async function endPlaybacks(
  where: { ids: string[] } | { sessionId: string } | { accountId: string; seenBefore?: Date },
  reason: string,
): Promise<void> {
  await db().playbackSession.updateMany({
    where: { ...toWhere(where), endedAt: null },
    data: { endedAt: new Date(), endReason: reason },
  })
}

function toWhere(where: Parameters<typeof endPlaybacks>[0]) {
  if ('ids' in where) return { id: { in: where.ids } }
  if ('sessionId' in where) return { sessionId: where.sessionId }
  const { accountId, seenBefore } = where
  return { accountId, ...(seenBefore === undefined ? {} : { lastSeenAt: { lt: seenBefore } }) }
}
