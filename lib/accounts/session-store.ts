import 'server-only'
import { db, pool } from '@/lib/platform/db'
import type { SessionView, Viewer } from './schema'

const LIFETIME_DAYS = 60
const TOUCH_AFTER_MS = 60_000
const DAY_MS = 86_400_000

export interface SignInOrigin {
  userAgent: string
  address: string
}

/** Opens a session and returns its id. */
export async function createSession(accountId: string, origin: SignInOrigin): Promise<string> {
  const session = await db().session.create({
    data: {
      accountId,
      userAgent: origin.userAgent.slice(0, 400),
      address: origin.address,
      expiresAt: new Date(Date.now() + LIFETIME_DAYS * DAY_MS),
    },
    select: { id: true },
  })
  return session.id
}

/** Has this account been signed in at this address before? */
export async function isKnownAddress(email: string, address: string): Promise<boolean> {
  const found = await db().session.findFirst({ where: { address, account: { email } }, select: { id: true } })
  return found !== null
}

/** Who a live session belongs to; null when it was revoked, has run out, or the account is switched off. */
export async function findViewer(sessionId: string): Promise<Viewer | null> {
  // One statement: every call of the API and every zap waits for it.
  const { rows } = await pool().query<Omit<Viewer, 'sessionId'> & { isOld: boolean }>(
    `SELECT a.id AS "accountId", a.role, p.id AS "profileId", s.last_seen_at < now() - $2 * interval '1 ms' AS "isOld"
     FROM session s JOIN account a ON a.id = s.account_id JOIN profile p ON p.account_id = a.id
     WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > now() AND a.disabled_at IS NULL
     ORDER BY (p.id = s.profile_id) IS TRUE DESC, p.created_at LIMIT 1`,
    [sessionId, TOUCH_AFTER_MS],
  )
  const [row] = rows
  if (row === undefined) return null
  const { isOld, ...viewer } = row
  if (isOld) await db().session.updateMany({ where: { id: sessionId }, data: { lastSeenAt: new Date() } })
  return { ...viewer, sessionId }
}

export async function listLiveSessions(viewer: Viewer): Promise<SessionView[]> {
  const rows = await db().session.findMany({
    where: { accountId: viewer.accountId, revokedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { lastSeenAt: 'desc' },
    select: { id: true, userAgent: true, address: true, createdAt: true, lastSeenAt: true },
    take: 100,
  })
  return rows.map(row => ({
    id: row.id,
    device: deviceName(row.userAgent),
    address: row.address,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    current: row.id === viewer.sessionId,
  }))
}

/** Ends one session; false when it had ended already. */
export async function revokeSession(id: string): Promise<boolean> {
  const { count } = await db().session.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: new Date() } })
  return count === 1
}

/** Ends sessions of one account, all but `except`; returns the ids that ended. */
export async function revokeSessions(accountId: string, which: { id?: string; except?: string }): Promise<string[]> {
  const id = which.id ? { id: which.id } : which.except ? { id: { not: which.except } } : {}
  const rows = await db().session.updateManyAndReturn({
    where: { accountId, revokedAt: null, ...id },
    data: { revokedAt: new Date() },
    select: { id: true },
  })
  return rows.map(row => row.id)
}

const browsers: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const systems: [RegExp, string][] = [
  [/iPhone|iPad/, 'iPhone or iPad'],
  [/Android.*TV|SMART-TV|Tizen|Web0S/i, 'television'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'Mac'],
  [/Linux/, 'Linux'],
]

/** "Chrome on Linux": enough for a person to know which device is meant. */
export function deviceName(userAgent: string): string {
  const name = (table: [RegExp, string][]) => table.find(([pattern]) => pattern.test(userAgent))?.[1]
  const [browser, system] = [name(browsers), name(systems)]
  if (browser && system) return `${browser} on ${system}`
  return browser ?? system ?? 'Unknown device'
}
