import 'server-only'
import { publish } from '@/lib/platform/bus'
import { db, pool } from '@/lib/platform/db'
import { isBedtime, readBedtime } from '@/lib/profiles'
import type { Asked } from './asked'

export interface PlaybackRecord {
  id: string
  accountId: string
  sessionId: string | null
  profileId: string
  itemId: number
  sourceId: number
  mode: string
  startedAt: Date
  /** The device line it was opened with; null for our own pages. */
  lineId: number | null
  address: string
  /** User-Agent. */
  app: string
  /** The stretch of time that is replayed; absent for everything but catch-up. */
  replayStart?: Date | null
  replayStop?: Date | null
  /** For readAsked; null for device lines. */
  asked?: unknown
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
  lineId: true,
  address: true,
  app: true,
  replayStart: true,
  replayStop: true,
  asked: true,
} as const

export function insertPlayback({
  asked,
  ...input
}: Omit<PlaybackRecord, 'id' | 'startedAt' | 'asked'> & { asked: Asked }): Promise<PlaybackRecord> {
  // Prisma takes no `undefined` inside JSON, which JSON leaves out.
  const data = { ...input, asked: JSON.parse(JSON.stringify(asked)) }
  return db().playbackSession.create({ data, select: playbackColumns })
}

/** A session that may still play: not ended, its sign-in not revoked, its account not switched off. Null otherwise. */
export async function findOpenPlayback(id: string): Promise<PlaybackRecord | null> {
  const row = await db().playbackSession.findFirst({ where: { id, endedAt: null }, select: playbackColumns })
  if (row === null) return null
  return (await listAllowedPlaybacks([id])).has(id) ? row : null
}

/**
 * Those of the sessions that may go on: open, their account neither switched off nor over, their sign-in or device line still
 * good, their profile not in bed.
 */
export async function listAllowedPlaybacks(ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await pool().query<{ id: string; preferences: unknown }>(
    `SELECT p.id, pr.preferences FROM playback_session p JOIN account a ON a.id = p.account_id
       LEFT JOIN profile pr ON pr.id = p.profile_id AND pr.preferences ? 'bedtime'
       LEFT JOIN session s ON s.id = p.session_id AND s.account_id = p.account_id
       LEFT JOIN device_line l ON l.id = p.line_id AND l.account_id = p.account_id
     WHERE p.id = ANY($1::uuid[]) AND p.ended_at IS NULL AND a.disabled_at IS NULL
       AND coalesce(a.access_ends_at, 'infinity') > now()
       AND (p.session_id IS NULL OR (s.revoked_at IS NULL AND s.expires_at > now()))
       AND (p.line_id IS NULL OR (l.revoked_at IS NULL AND coalesce(l.expires_at, 'infinity') > now()))`,
    [ids],
  )
  const now = new Date()
  return new Set(rows.filter(({ preferences }) => !isBedtime(readBedtime(preferences ?? {}), now)).map(({ id }) => id))
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

/** How it is played has turned out otherwise than it was opened for. */
export async function noteMode(id: string, mode: string): Promise<void> {
  await db().playbackSession.updateMany({ where: { id }, data: { mode } })
}

/** The account's open sessions beyond the `keep` that were seen last. */
export async function listSurplusPlaybacks(accountId: string, keep: number): Promise<string[]> {
  const rows = await db().playbackSession.findMany({
    where: { accountId, lineId: null, endedAt: null },
    orderBy: [{ lastSeenAt: 'desc' }, { startedAt: 'desc' }],
    skip: keep,
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}

/** Ended sessions stay as they are. Answers those that ended now. */
export async function endPlaybacks(
  where: { ids: string[] } | { sessionId: string } | { lineId: number } | { accountId: string; seenBefore?: Date },
  reason: string,
): Promise<string[]> {
  const rows = await db().playbackSession.updateManyAndReturn({
    where: { ...toWhere(where), endedAt: null },
    data: { endedAt: new Date(), endReason: reason },
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}

function toWhere(where: Parameters<typeof endPlaybacks>[0]) {
  if ('ids' in where) return { id: { in: where.ids } }
  if ('sessionId' in where) return { sessionId: where.sessionId }
  if ('lineId' in where) return { lineId: where.lineId }
  const { accountId, seenBefore } = where
  return { accountId, ...(seenBefore === undefined ? {} : { lastSeenAt: { lt: seenBefore } }) }
}

export async function readSetting(key: string): Promise<unknown> {
  return (await db().setting.findUnique({ where: { key }, select: { value: true } }))?.value
}

/** Every process is told. */
export async function writeSetting(key: string, value: object): Promise<void> {
  await db().setting.upsert({ where: { key }, create: { key, value }, update: { value } })
  await publish('settings.changed', {})
}
