import 'server-only'
import { db, pool } from '@/lib/platform/db'

/** The owners of these providers, null where it is the platform; what is gone is left out. */
export async function listProviderOwners(ids: readonly number[]): Promise<Map<number, string | null>> {
  const rows = await db().provider.findMany({ where: { id: { in: [...ids] } }, select: { id: true, ownerId: true } })
  return new Map(rows.map(({ id, ownerId }) => [id, ownerId]))
}

/** Undefined when the guide is gone. */
export async function findGuideOwner(sourceId: number): Promise<string | null | undefined> {
  const row = await db().guideSource.findUnique({ where: { id: sourceId }, select: { ownerId: true } })
  return row?.ownerId
}

export interface PlaybackOwner {
  id: string
  accountId: string
  profileId: string
}

export async function listPlaybackOwners(ids: readonly string[]): Promise<PlaybackOwner[]> {
  return db().playbackSession.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, accountId: true, profileId: true },
  })
}

/** Those of the sign-ins that are still good: not ended, their account not switched off. */
export async function listLiveSignIns(sessionIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await pool().query<{ id: string }>(
    `SELECT s.id FROM session s JOIN account a ON a.id = s.account_id
     WHERE s.id = ANY($1::uuid[]) AND s.revoked_at IS NULL AND s.expires_at > now() AND a.disabled_at IS NULL`,
    [sessionIds],
  )
  return new Set(rows.map(({ id }) => id))
}
