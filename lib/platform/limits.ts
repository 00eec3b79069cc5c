import 'server-only'
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '@/lib/kernel/errors'
import { pool } from './db'
import { shared } from './shared'

/** The rate limits of the product, in one place: so many points in so many seconds for each key. */
const policies = {
  signInByAddress: { points: 30, duration: 300 },
  signInByAccount: { points: 10, duration: 300 },
  signInByEmail: { points: 60, duration: 3_600 },
  signUp: { points: 40, duration: 3_600 },
  passwordReset: { points: 5, duration: 3_600 },
  providerCheck: { points: 30, duration: 300 },
  /** Wrong logins of device lines, over all their addresses (reliability.md B19). */
  lineByAddress: { points: 40, duration: 300 },
  lineByName: { points: 100, duration: 3_600 },
  /** Realtime connections that one account opens. */
  realtimeTicket: { points: 120, duration: 60 },
  /** Questions for licences by one account: renewals, and a new one for each title. */
  licence: { points: 60, duration: 60 },
  /** Channels that one account has warmed, and reports of how its streams play. */
  prewarm: { points: 120, duration: 60 },
  quality: { points: 120, duration: 60 },
  /** Any call of our API by one signed-in account. */
  api: { points: 6_000, duration: 60 },
  /** Any call by one address that is not signed in. */
  anonymous: { points: 240, duration: 60 },
} as const
export type LimitName = keyof typeof policies

// Shared counters where guessing must be stopped across instances; counting every call in memory is enough for the rest.
const inMemory: readonly LimitName[] = ['api', 'anonymous', 'realtimeTicket', 'licence', 'prewarm', 'quality']

function limiter(name: LimitName) {
  return shared(`limit:${name}`, () => {
    const options = { keyPrefix: name, ...policies[name] }
    const memory = new RateLimiterMemory(options)
    if (inMemory.includes(name)) return memory
    return new RateLimiterPostgres({
      ...options,
      storeClient: pool(),
      storeType: 'pool',
      tableName: 'rate_limit',
      tableCreated: true,
      clearExpiredByTimeout: false,
      insuranceLimiter: memory,
    })
  })
}

/** Counts one try. @throws TOO_MANY_REQUESTS with `retryAfter` in seconds */
export async function countAgainst(name: LimitName, key: string): Promise<void> {
  try {
    await limiter(name).consume(key)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw refusalOf(refusal)
  }
}

/** Throws like `countAgainst` when the key has no try left, without counting one. @throws TOO_MANY_REQUESTS */
export async function requireTriesLeft(name: LimitName, key: string): Promise<void> {
  const used = await limiter(name).get(key)
  if (used === null || used.consumedPoints < policies[name].points || used.msBeforeNext <= 0) return
  throw refusalOf(used)
}

function refusalOf(refusal: RateLimiterRes): AppError {
  const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000))
  const say = `That was a lot of tries. Wait ${waitText(seconds)} and try again.`
  return new AppError('TOO_MANY_REQUESTS', { retryAfter: seconds, say })
}

/** Takes one counted try back, because it was no guess. */
export async function uncount(name: LimitName, key: string): Promise<void> {
  await limiter(name).reward(key, 1)
}

/** Forgets the tries of a key, after a success. */
export async function clearLimit(name: LimitName, key: string): Promise<void> {
  await limiter(name).delete(key)
}

const waitText = (seconds: number) => (seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`)
