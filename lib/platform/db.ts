import 'server-only'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from '@/lib/generated/prisma/client'
import { sleep } from '@/lib/kernel/time'
import { env } from './env'
import { log } from './log'
import { forget, shared } from './shared'

// One pool for Prisma, COPY and LISTEN: 20 of the 120 connections the embedded server allows, a role.
const POOL_SIZE = 20
const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 120_000
/**
 * What is done every few seconds must find its connections open: signing in to the database costs both sides more than the question, and
 * pg's own ten seconds made up to seven new ones for every look at the line-ups of running streams.
 */
const IDLE_CONNECTION_MS = 5 * 60_000

export function pool(): pg.Pool {
  return shared('pool', () => {
    const made = new pg.Pool({
      connectionString: env().DATABASE_URL,
      max: POOL_SIZE,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_CONNECTION_MS,
      keepAlive: true,
    })
    // An idle connection that dies (server restart) must not end the process; the next query opens a new one.
    made.on('error', error => log().warn({ err: error }, 'an idle database connection was lost'))
    return made
  })
}

/** Prisma on the shared pool. Secrets are left out unless a query asks for them by name. */
export function db() {
  return shared(
    'prisma',
    () =>
      new PrismaClient({
        adapter: new PrismaPg(pool()),
        omit: {
          account: { passwordHash: true },
          provider: { secret: true },
          source: { secretUrl: true },
          guideSource: { secret: true },
          pushSubscription: { secret: true },
          notificationSetting: { calendarSecret: true },
        },
      }),
  )
}

export type Database = ReturnType<typeof db>

/** True when the database answers within a second. */
export async function databaseAnswers(): Promise<boolean> {
  const answer = pool()
    .query('SELECT 1')
    .then(
      () => true,
      () => false,
    )
  return Promise.race([answer, sleep(1_000).then(() => false)])
}

export async function closeDatabase(): Promise<void> {
  await db().$disconnect()
  await pool().end()
  forget('prisma')
  forget('pool')
}

/** The code of a Prisma or PostgreSQL error (`P2002`, `23505`), whatever wraps it. Stores translate by code, never by text. */
export function databaseErrorCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

// Connection refused, reset, timed out; PostgreSQL shutting down, crashed, starting; Prisma's words for the same.
const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08003',
  'P1001',
  'P1002',
  'P1017',
])

/** True when an error means that the database cannot be reached just now, whatever wraps it. */
export function isDatabaseAway(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++) {
    if (awayCodes.has(databaseErrorCode(at) ?? '')) return true
    // The pool's own timeout carries no code.
    if (/timeout exceeded when trying to connect|Connection terminated|Can't reach database server/.test(at.message)) return true
  }
  return false
}
