import 'server-only'
import { requireAccess } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { publish } from '@/lib/platform/bus'
import { databaseErrorCode, db, pool } from '@/lib/platform/db'
import { readBedtime, requireAwake } from './bedtime'
import { type Bedtime, PlayerChoices, type ProfileInput, type ProfileView, type ProgressInput } from './schema'

/** Watched to here, the rest is credits: an item counts as finished. */
const FINISHED_FRACTION = 0.93

export async function getProfile(viewer: Viewer): Promise<ProfileView> {
  const row = await db().profile.findFirst({
    where: { id: viewer.profileId, accountId: viewer.accountId },
    select: { id: true, name: true, picture: true, language: true, preferences: true, hidden: { select: { providerId: true } } },
  })
  if (!row) throw new AppError('NOT_FOUND')
  const { hidden, preferences, ...profile } = row
  const player = PlayerChoices.catch({}).parse(Object(preferences).player ?? {})
  return { ...profile, player, bedtime: readBedtime(preferences), hiddenProviders: hidden.map(({ providerId }) => providerId) }
}

/** Other devices are told of what was chosen for the player. @throws NOT_FOUND */
export async function updateProfile(viewer: Viewer, { player, ...input }: ProfileInput): Promise<ProfileView> {
  const data = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
  const { count } = await db().profile.updateMany({ where: { id: viewer.profileId, accountId: viewer.accountId }, data })
  if (count === 0) throw new AppError('NOT_FOUND')
  if (player !== undefined) await keepChoices(viewer, player)
  return getProfile(viewer)
}

/** One statement: two devices may choose at the same moment. */
async function keepChoices(viewer: Viewer, choices: PlayerChoices): Promise<void> {
  await pool().query(
    `UPDATE profile SET preferences = preferences || jsonb_build_object('player',
       CASE jsonb_typeof(preferences->'player') WHEN 'object' THEN preferences->'player' ELSE '{}' END || $3::jsonb)
     WHERE id = $1 AND account_id = $2`,
    [viewer.profileId, viewer.accountId, JSON.stringify(choices)],
  )
  await publish('choices.changed', actorOf(viewer))
}

/** The caller has made sure that it is the account's owner who asks. What plays now is checked at once. */
export async function updateBedtime(viewer: Viewer, bedtime: Bedtime | null): Promise<ProfileView> {
  const { rowCount } = await pool().query(
    `UPDATE profile SET preferences = preferences || jsonb_build_object('bedtime', $3::jsonb) WHERE id = $1 AND account_id = $2`,
    [viewer.profileId, viewer.accountId, JSON.stringify(bedtime)],
  )
  if (rowCount === 0) throw new AppError('NOT_FOUND')
  await publish('profile.changed', { profileId: viewer.profileId })
  return getProfile(viewer)
}

/** What an account may watch at most. */
export interface WatchTerms {
  /** Lines of the highest picture that it includes; null for any. */
  accountHeight: number | null
}

/** Whether something may begin to play now, and under which terms. @throws ACCESS_ENDED, BEDTIME, NOT_FOUND */
export async function requireMayWatch({ accountId, profileId }: Pick<Viewer, 'accountId' | 'profileId'>): Promise<WatchTerms> {
  // One statement: every zap waits for it.
  const { rows } = await pool().query<WatchTerms & { accessEndsAt: Date | null; preferences: unknown }>(
    `SELECT a.access_ends_at AS "accessEndsAt", a.max_height AS "accountHeight", p.preferences FROM profile p JOIN account a ON a.id = p.account_id
     WHERE p.id = $1 AND a.id = $2`,
    [profileId, accountId],
  )
  const [row] = rows
  if (row === undefined) throw new AppError('NOT_FOUND')
  requireAccess(row.accessEndsAt)
  requireAwake(readBedtime(row.preferences))
  return { accountHeight: row.accountHeight }
}

/** Ids of the providers this profile chose not to see. */
export async function listHiddenProviders(viewer: Viewer): Promise<number[]> {
  const rows = await db().hiddenProvider.findMany({
    where: { profileId: viewer.profileId, profile: { accountId: viewer.accountId } },
    select: { providerId: true },
  })
  return rows.map(row => row.providerId)
}

/** Shows or hides a provider for the profile in use. The caller has checked that the viewer may see the provider. */
export async function setProviderShown(viewer: Viewer, providerId: number, shown: boolean): Promise<void> {
  const key = { profileId: viewer.profileId, providerId }
  if (shown) await db().hiddenProvider.deleteMany({ where: key })
  else await db().hiddenProvider.upsert({ where: { profileId_providerId: key }, create: key, update: {} })
  await publish('profile.changed', { profileId: viewer.profileId })
}

const actorOf = ({ accountId, profileId, sessionId }: Viewer) => ({ accountId, profileId, sessionId })

/** The caller has checked that the item is in the viewer's line-up. */
export async function setFavourite(viewer: Viewer, itemId: number, favourite: boolean): Promise<void> {
  const key = { profileId: viewer.profileId, itemId }
  if (favourite) await ofExistingItem(db().favourite.upsert({ where: { profileId_itemId: key }, create: key, update: {} }))
  else await db().favourite.deleteMany({ where: key })
  await publish('favourite.changed', { ...actorOf(viewer), itemId })
}

/**
 * Notes how far the profile is; creates the history entry on the way. The caller has checked the line-up. Other devices are
 * told when the entry is new, is finished or not any more, and at the end of the session: not every ten seconds.
 */
export async function recordProgress(viewer: Viewer, input: ProgressInput, isLast = false): Promise<void> {
  const positionSeconds = Math.round(input.positionSeconds)
  const durationSeconds = Math.round(input.durationSeconds)
  const finished = durationSeconds > 0 && positionSeconds / durationSeconds >= FINISHED_FRACTION
  const key = { profileId: viewer.profileId, itemId: input.itemId }
  const values = { positionSeconds, durationSeconds, finished, watchedAt: new Date() }
  const where = { profileId_itemId: key }
  const before = await db().watch.findUnique({ where, select: { finished: true } })
  await ofExistingItem(db().watch.upsert({ where, create: { ...key, ...values }, update: values }))
  if (isLast || before?.finished !== finished) await publish('history.changed', { ...actorOf(viewer), itemId: input.itemId })
}

/** An item that was deleted between the check and the write is simply not there. */
async function ofExistingItem(write: PromiseLike<unknown>): Promise<void> {
  try {
    await write
  } catch (cause) {
    if (databaseErrorCode(cause) === 'P2003') throw new AppError('NOT_FOUND', { cause })
    throw cause
  }
}

/** Seconds to resume at; 0 for items not begun or finished. */
export async function findResumePoint(viewer: Viewer, itemId: number): Promise<number> {
  const row = await db().watch.findUnique({
    where: { profileId_itemId: { profileId: viewer.profileId, itemId } },
    select: { positionSeconds: true, finished: true },
  })
  return row && !row.finished ? row.positionSeconds : 0
}

/** Forgets one item, or the whole history of the profile. */
export async function deleteHistory(viewer: Viewer, itemId?: number): Promise<void> {
  await db().watch.deleteMany({ where: { profileId: viewer.profileId, ...(itemId === undefined ? {} : { itemId }) } })
  await publish('history.changed', { ...actorOf(viewer), itemId: itemId ?? null })
}
