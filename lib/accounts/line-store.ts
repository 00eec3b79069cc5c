import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { databaseErrorCode, db, pool } from '@/lib/platform/db'
import { shutRules } from './access-rules'
import { AccessRules, type LineChange, type LineView, lineFormats, type Role, type WhenFull } from './schema'

/** A line as the server works with it. */
export interface LineRecord {
  id: number
  accountId: string
  profileId: string
  role: Role
  name: string
  username: string
  keyId: string
  formats: ('ts' | 'm3u8')[]
  maxConnections: number
  whenFull: WhenFull | null
  priority: number
  rules: AccessRules
  providerIds: number[] | null
  bouquetIds: number[] | null
  expiresAt: Date | null
  /** When the time of its account is over, as far as there is an end. */
  accessEndsAt: Date | null
  createdAt: Date
  lastSeenAt: Date | null
  lastAddress: string | null
  lastApp: string | null
}

const fields = {
  id: true,
  accountId: true,
  profileId: true,
  name: true,
  username: true,
  keyId: true,
  formats: true,
  maxConnections: true,
  whenFull: true,
  priority: true,
  rules: true,
  allProviders: true,
  expiresAt: true,
  createdAt: true,
  lastSeenAt: true,
  lastAddress: true,
  lastApp: true,
  account: { select: { role: true, accessEndsAt: true } },
  providers: { select: { providerId: true } },
  bouquets: { select: { bouquetId: true } },
} as const

type Row = Omit<LineRecord, 'formats' | 'rules' | 'providerIds' | 'bouquetIds' | 'role' | 'accessEndsAt'> & {
  formats: string[]
  rules: unknown
  allProviders: boolean
  account: { role: Role; accessEndsAt: Date | null }
  providers: { providerId: number }[]
  bouquets: { bouquetId: number }[]
}

function toRecord({ account, allProviders, providers, bouquets, formats, rules, ...row }: Row): LineRecord {
  return {
    ...row,
    ...account,
    formats: lineFormats.filter(format => formats.includes(format)),
    rules: AccessRules.catch(shutRules).parse(rules),
    providerIds: allProviders ? null : providers.map(({ providerId }) => providerId),
    bouquetIds: bouquets.length === 0 ? null : bouquets.map(({ bouquetId }) => bouquetId),
  }
}

export function toLineView(record: LineRecord, activeConnections: number): LineView {
  const { accountId: _account, profileId: _profile, role: _role, keyId: _key, accessEndsAt: _end, ...shown } = record
  return {
    ...shown,
    expiresAt: record.expiresAt?.toISOString() ?? null,
    createdAt: record.createdAt.toISOString(),
    lastSeenAt: record.lastSeenAt?.toISOString() ?? null,
    activeConnections,
  }
}

/** When a line stops to work, by its own end or its account's; null is never. */
export function endOfLine({ expiresAt, accessEndsAt }: LineRecord): Date | null {
  if (expiresAt === null || accessEndsAt === null) return expiresAt ?? accessEndsAt
  return expiresAt < accessEndsAt ? expiresAt : accessEndsAt
}

export function isLineEnded(line: LineRecord): boolean {
  const end = endOfLine(line)
  return end !== null && end.getTime() <= Date.now()
}

/** The line with one of these hashes: not revoked, its account not switched off. An expired one is still found. */
export async function findLineByHash(hashes: readonly Buffer[]): Promise<LineRecord | null> {
  const row = await db().deviceLine.findFirst({
    where: {
      credentialHash: { in: hashes.map(hash => new Uint8Array(hash)) },
      revokedAt: null,
      account: { disabledAt: null },
    },
    select: fields,
  })
  return row === null ? null : toRecord(row)
}

/** Was this name last used from this address? Its owner at home is not locked out by others' guessing. */
export async function isKnownLineAddress(username: string, address: string): Promise<boolean> {
  const found = await db().deviceLine.findFirst({
    where: { username, lastAddress: address, revokedAt: null },
    select: { id: true },
  })
  return found !== null
}

/** For the checks of a running stream; null once it is revoked or its account is switched off. */
export async function findLine(id: number): Promise<LineRecord | null> {
  const row = await db().deviceLine.findFirst({ where: { id, revokedAt: null, account: { disabledAt: null } }, select: fields })
  return row === null ? null : toRecord(row)
}

export async function listLineRecords(accountId: string): Promise<LineRecord[]> {
  const rows = await db().deviceLine.findMany({
    where: { accountId, revokedAt: null },
    orderBy: { id: 'asc' },
    select: fields,
    take: 200,
  })
  return rows.map(toRecord)
}

/** @throws NOT_FOUND for another account's, too */
export async function getOwnLine(accountId: string, id: number): Promise<LineRecord> {
  const row = await db().deviceLine.findFirst({ where: { id, accountId, revokedAt: null }, select: fields })
  if (row === null) throw new AppError('NOT_FOUND')
  return toRecord(row)
}

export const countLines = (accountId: string): Promise<number> => db().deviceLine.count({ where: { accountId, revokedAt: null } })

interface Secret {
  keyId: string
  hash: Buffer
}

type NewLine = { accountId: string; profileId: string; name: string; username: string; secret: Secret } & LineChange

/** @throws CONFLICT when the name is taken */
export async function insertLine({ secret, accountId, profileId, username, ...values }: NewLine): Promise<number> {
  try {
    const row = await db().deviceLine.create({
      data: {
        accountId,
        profileId,
        username,
        name: values.name,
        ...toSecret(secret),
        ...toData(values),
        ...links(values, false),
      },
      select: { id: true },
    })
    return row.id
  } catch (cause) {
    throw translate(cause)
  }
}

export async function patchLine(id: number, change: LineChange): Promise<void> {
  await db()
    .deviceLine.update({ where: { id }, data: { ...toData(change), ...links(change, true) }, select: { id: true } })
    .catch(cause => {
      throw translate(cause)
    })
}

/** Moves a line to another key; a password that was renewed meanwhile stays. */
export async function moveSecret(id: number, from: readonly Buffer[], to: Secret): Promise<void> {
  await db().deviceLine.updateMany({
    where: { id, credentialHash: { in: from.map(hash => new Uint8Array(hash)) } },
    data: toSecret(to),
  })
}

export async function replaceSecret(id: number, secret: Secret): Promise<void> {
  await db().deviceLine.update({ where: { id }, data: toSecret(secret), select: { id: true } })
}

/** The row stays for the history of connections; its name and hash become free. */
export async function endLine(id: number): Promise<void> {
  await pool().query(
    `UPDATE device_line SET revoked_at = now(), username = username || '#' || id, credential_hash = sha256(credential_hash)
     WHERE id = $1 AND revoked_at IS NULL`,
    [id],
  )
}

/** Notes the newest use. Many requests of one app come in a second; one write a minute is enough for a person to read. */
export async function noteLineUse(id: number, use: { address: string; app: string }): Promise<void> {
  await pool().query(
    `UPDATE device_line SET last_seen_at = now(), last_address = $2, last_app = $3
     WHERE id = $1 AND (last_seen_at IS NULL OR last_seen_at < now() - interval '1 minute' OR last_address IS DISTINCT FROM $2)`,
    [id, use.address, use.app.slice(0, 200)],
  )
}

const toSecret = ({ keyId, hash }: Secret) => ({ keyId, credentialHash: new Uint8Array(hash) })

function toData({ formats, maxConnections, whenFull, priority, rules, expiresAt, name, providerIds }: LineChange) {
  return {
    ...(name === undefined ? {} : { name }),
    ...(formats === undefined ? {} : { formats }),
    ...(maxConnections === undefined ? {} : { maxConnections }),
    ...(whenFull === undefined ? {} : { whenFull }),
    ...(priority === undefined ? {} : { priority }),
    ...(rules === undefined ? {} : { rules }),
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt === null ? null : new Date(expiresAt) }),
    ...(providerIds === undefined ? {} : { allProviders: providerIds === null }),
  }
}

function links({ providerIds, bouquetIds }: LineChange, isChange: boolean) {
  const clear = isChange ? { deleteMany: {} } : {}
  const providers = { ...clear, create: (providerIds ?? []).map(providerId => ({ providerId })) }
  const bouquets = { ...clear, create: (bouquetIds ?? []).map(bouquetId => ({ bouquetId })) }
  return { ...(providerIds === undefined ? {} : { providers }), ...(bouquetIds === undefined ? {} : { bouquets }) }
}

function translate(cause: unknown): unknown {
  const code = databaseErrorCode(cause)
  if (code === 'P2002') {
    return new AppError('CONFLICT', { field: 'username', say: 'This user name is taken. Choose another.', cause })
  }
  if (code === 'P2003') return new AppError('NOT_FOUND', { cause })
  return cause
}
