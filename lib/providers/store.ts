import 'server-only'
import { randomBytes } from 'node:crypto'
import { canAdminister } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import type { Prisma } from '@/lib/generated/prisma/client'
import { AppError } from '@/lib/kernel/errors'
import { db, pool } from '@/lib/platform/db'
import { open, seal } from '@/lib/platform/secrets'
import { packText, unpackText } from './playlist'
import { AccountStatus, Credentials, type ProviderKind, ProviderOptions } from './schema'

/** A provider without its credentials. */
export interface ProviderRecord {
  id: number
  ownerId: string | null
  kind: ProviderKind
  name: string
  address: string
  options: ProviderOptions
  account: AccountStatus | null
  errorCode: string | null
  refreshHours: number
  refreshedAt: Date | null
  version: number
  episodeVersion: number
}

const columns = {
  id: true,
  ownerId: true,
  kind: true,
  name: true,
  address: true,
  options: true,
  accountStatus: true,
  errorCode: true,
  refreshHours: true,
  refreshedAt: true,
  version: true,
  episodeVersion: true,
} as const satisfies Prisma.ProviderSelect

type Row = Prisma.ProviderGetPayload<{ select: typeof columns }>

function toRecord({ options, accountStatus, ...row }: Row): ProviderRecord {
  return {
    ...row,
    options: ProviderOptions.catch(ProviderOptions.parse({})).parse(options),
    account: AccountStatus.nullable().catch(null).parse(accountStatus),
  }
}

/** Platform providers and the viewer's own: nobody sees another account's. */
const visibleTo = (viewer: Viewer) => ({ OR: [{ ownerId: null }, { ownerId: viewer.accountId }] })
const changeableBy = (viewer: Viewer) => (canAdminister(viewer) ? visibleTo(viewer) : { ownerId: viewer.accountId })

const secretPlace = (id: number) => ({ table: 'provider', column: 'secret', row: id })
const playlistPlace = (id: number) => ({ table: 'provider_playlist', column: 'sealed', row: id })

export async function listVisible(viewer: Viewer): Promise<ProviderRecord[]> {
  const rows = await db().provider.findMany({ where: visibleTo(viewer), select: columns, orderBy: { id: 'asc' } })
  return rows.map(toRecord)
}

export const countOwned = (accountId: string): Promise<number> => db().provider.count({ where: { ownerId: accountId } })

/** @throws NOT_FOUND */
export async function getVisible(viewer: Viewer, id: number): Promise<ProviderRecord> {
  const row = await db().provider.findFirst({ where: { id, ...visibleTo(viewer) }, select: columns })
  if (!row) throw new AppError('NOT_FOUND')
  return toRecord(row)
}

/** @throws NOT_FOUND for what the viewer cannot see, FORBIDDEN for a platform provider of a viewer who is no admin */
export async function getChangeable(viewer: Viewer, id: number): Promise<ProviderRecord> {
  const found = await getVisible(viewer, id)
  if (found.ownerId === null && !canAdminister(viewer)) throw new AppError('FORBIDDEN')
  return found
}

/** By id alone, for background work. @throws NOT_FOUND */
export async function getRecord(id: number): Promise<ProviderRecord> {
  const row = await db().provider.findUnique({ where: { id }, select: columns })
  if (!row) throw new AppError('NOT_FOUND')
  return toRecord(row)
}

/** Opens the sealed credentials. @throws NOT_FOUND, SECRET_UNREADABLE */
export async function openCredentials(id: number): Promise<Credentials> {
  const row = await db().provider.findUnique({ where: { id }, select: { secret: true } })
  if (!row) throw new AppError('NOT_FOUND')
  return Credentials.parse(JSON.parse(open(row.secret, secretPlace(id))))
}

/** The text of an uploaded playlist. @throws NOT_FOUND, SECRET_UNREADABLE */
export async function openPlaylist(id: number): Promise<string> {
  const row = await db().providerPlaylist.findUnique({ where: { providerId: id }, select: { sealed: true } })
  if (!row) throw new AppError('NOT_FOUND')
  return unpackText(open(row.sealed, playlistPlace(id)))
}

export interface NewProvider {
  ownerId: string | null
  kind: ProviderKind
  name: string
  address: string
  refreshHours: number
  options: ProviderOptions
  credentials: Credentials
  playlistText: string | null
  account: AccountStatus | null
}

const newSeal = (id: number, credentials: Credentials) => seal(JSON.stringify(credentials), secretPlace(id))
const accountValues = (account: AccountStatus | null) =>
  account ? { accountStatus: account, statusAt: new Date(), errorCode: null } : {}

/** The row comes first because the seal is bound to its id; one transaction, so that none is ever without a seal. */
export async function insertProvider(input: NewProvider): Promise<number> {
  const { ownerId, kind, name, address, refreshHours, options, credentials, playlistText, account } = input
  return db().$transaction(async tx => {
    const { id } = await tx.provider.create({
      data: { ownerId, kind, name, address, refreshHours, options, secret: '', ...accountValues(account) },
      select: { id: true },
    })
    await tx.provider.update({ where: { id }, data: { secret: newSeal(id, credentials) }, select: { id: true } })
    if (playlistText !== null) {
      const sealed = seal(packText(playlistText), playlistPlace(id))
      await tx.providerPlaylist.create({ data: { providerId: id, sealed }, select: { providerId: true } })
    }
    return id
  })
}

export interface ProviderPatch {
  name?: string
  address?: string
  refreshHours?: number
  options?: ProviderOptions
  credentials?: Credentials
  playlistText?: string
  account?: AccountStatus | null
}

/** @throws NOT_FOUND when it is gone or not the viewer's */
export async function patchProvider(viewer: Viewer, id: number, patch: ProviderPatch): Promise<void> {
  const { credentials, playlistText, account, ...plain } = patch
  await db().$transaction(async tx => {
    const data = {
      ...plain,
      ...(credentials ? { secret: newSeal(id, credentials) } : {}),
      ...(account === undefined ? {} : accountValues(account)),
    }
    const { count } = await tx.provider.updateMany({ where: { id, ...changeableBy(viewer) }, data })
    if (count === 0) throw new AppError('NOT_FOUND')
    if (playlistText === undefined) return
    const sealed = seal(packText(playlistText), playlistPlace(id))
    const key = { where: { providerId: id }, create: { providerId: id, sealed }, update: { sealed } }
    await tx.providerPlaylist.upsert({ ...key, select: { providerId: true } })
  })
}

/**
 * Deletes the provider and what only it carried. In this order: the cascades of the foreign keys alone would first update
 * every source that loses its category. @throws NOT_FOUND
 */
export async function removeProvider(viewer: Viewer, id: number): Promise<void> {
  const client = await pool().connect()
  try {
    await client.query('BEGIN')
    const isAdmin = canAdminister(viewer)
    const scope = 'id = $1 AND (owner_id = $2::uuid OR (owner_id IS NULL AND $3))'
    const found = await client.query(`SELECT id FROM provider WHERE ${scope} FOR UPDATE`, [id, viewer.accountId, isAdmin])
    if (found.rowCount === 0) throw new AppError('NOT_FOUND')
    await client.query('CREATE TEMP TABLE leaving (item_id int PRIMARY KEY) ON COMMIT DROP')
    await client.query('INSERT INTO leaving SELECT DISTINCT item_id FROM source WHERE provider_id = $1', [id])
    await client.query('DELETE FROM source WHERE provider_id = $1', [id])
    await client.query('ANALYZE leaving')
    await client.query(
      `DELETE FROM item USING leaving WHERE item.id = leaving.item_id
       AND NOT EXISTS (SELECT 1 FROM source WHERE source.item_id = item.id)`,
    )
    await client.query('DELETE FROM category WHERE provider_id = $1', [id])
    await client.query('DELETE FROM provider WHERE id = $1', [id])
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

/** What the server said of the account, or the code of why it could not be asked. */
export async function noteStatus(id: number, outcome: { account: AccountStatus } | { errorCode: string }): Promise<void> {
  const data = 'account' in outcome ? accountValues(outcome.account) : { errorCode: outcome.errorCode }
  await db().provider.updateMany({ where: { id }, data })
}

/** Ends a refresh: `changed` moves the version, which is part of cache keys. */
export async function noteRefreshed(id: number, outcome: { changed: boolean; errorCode: string | null }): Promise<void> {
  const version = outcome.changed ? { version: { increment: 1 } } : {}
  await db().provider.updateMany({ where: { id }, data: { refreshedAt: new Date(), errorCode: outcome.errorCode, ...version } })
}

/** Providers that refresh on their own and were last refreshed, with up to 10 % of jitter by id, long enough ago. */
export async function listDue(): Promise<number[]> {
  const { rows } = await pool().query<{ id: number }>(
    `SELECT id FROM provider
     WHERE refresh_hours > 0
       AND (refreshed_at IS NULL
         OR refreshed_at < now() - refresh_hours * interval '1 hour' * (0.9 + 0.1 * ((id * 7919) % 100) / 100.0))
     ORDER BY refreshed_at NULLS FIRST`,
  )
  return rows.map(({ id }) => id)
}

export interface Counts {
  channels: number
  movies: number
  series: number
}

/** How much each provider lists, from the counts the import keeps. */
export async function countContents(ids: readonly number[]): Promise<Map<number, Counts>> {
  const sums = await db().category.groupBy({
    by: ['providerId', 'kind'],
    where: { providerId: { in: [...ids] } },
    _sum: { itemCount: true },
  })
  const counts = new Map<number, Counts>(ids.map(id => [id, { channels: 0, movies: 0, series: 0 }]))
  for (const { providerId, kind, _sum } of sums) {
    const entry = counts.get(providerId)
    const key = { channel: 'channels', movie: 'movies', series: 'series', episode: null }[kind] as keyof Counts | null
    if (entry && key) entry[key] += _sum.itemCount ?? 0
  }
  return counts
}

/** Half of what makes ids of playlist entries; see Credentials. */
export const newSalt = (): string => randomBytes(16).toString('hex')
