import 'server-only'
import { db } from '@/lib/platform/db'
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
  const session = await db().session.findFirst({
    where: { id: sessionId, revokedAt: null, expiresAt: { gt: new Date() }, account: { disabledAt: null } },
    select: {
      id: true,
      profileId: true,
      lastSeenAt: true,
      account: { select: { id: true, role: true, profiles: { select: { id: true }, orderBy: { createdAt: 'asc' } } } },
    },
  })
  if (!session) return null
  const { profiles } = session.account
  const profile = profiles.find(({ id }) => id === session.profileId) ?? profiles[0]
  if (!profile) return null
  if (Date.now() - session.lastSeenAt.getTime() > TOUCH_AFTER_MS) {
    await db().session.updateMany({ where: { id: session.id }, data: { lastSeenAt: new Date() } })
  }
  return { accountId: session.account.id, profileId: profile.id, sessionId: session.id, role: session.account.role }
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
