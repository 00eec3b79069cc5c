import 'server-only'
import { z } from 'zod'
import type { ItemKind } from '@/lib/kernel/ids'
import { db } from '@/lib/platform/db'
import type { SourceFacts } from './decide'

const StoredFacts = z.object({
  container: z.enum(['mpegts', 'hls', 'mp4', 'matroska', 'webm', 'other']).nullable(),
  video: z.string().nullable(),
  audio: z.string().nullable(),
})

/** One way to an item, with what is needed to dial it. `secretUrl` is sealed. */
export interface SourceRecord {
  id: number
  providerId: number
  kind: ItemKind
  providerItemId: string
  container: string | null
  secretUrl: string | null
  name: string
  failedAt: Date | null
  facts: SourceFacts | null
}

export interface ItemRecord {
  id: number
  kind: ItemKind
  name: string
  sources: SourceRecord[]
}

/** The item with its sources at these providers, in the order of the line-up; null when it has none there. */
export async function findItem(itemId: number, providerIds: readonly number[]): Promise<ItemRecord | null> {
  const where = { providerId: { in: [...providerIds] } }
  const item = await db().item.findFirst({
    where: { id: itemId, sources: { some: where } },
    select: {
      id: true,
      kind: true,
      name: true,
      sources: {
        where,
        orderBy: [{ position: 'asc' }, { id: 'asc' }],
        select: {
          id: true,
          providerId: true,
          kind: true,
          providerItemId: true,
          container: true,
          secretUrl: true,
          name: true,
          failedAt: true,
          facts: true,
        },
      },
    },
  })
  if (item === null) return null
  const sources = item.sources.map(source => ({ ...source, facts: StoredFacts.nullable().catch(null).parse(source.facts) }))
  return { ...item, sources }
}

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

/** The source plays, and this is what it is. */
export async function noteSourceFacts(sourceId: number, facts: SourceFacts): Promise<void> {
  const data = { facts: { ...facts }, failedAt: null, failures: 0 }
  await db().source.updateMany({ where: { id: sourceId }, data })
}

export async function noteSourceFailure(sourceId: number): Promise<void> {
  await db().source.updateMany({ where: { id: sourceId }, data: { failedAt: new Date(), failures: { increment: 1 } } })
}
