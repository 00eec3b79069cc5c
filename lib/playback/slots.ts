import 'server-only'
import { randomUUID } from 'node:crypto'
import { AppError } from '@/lib/kernel/errors'
import { sleep } from '@/lib/kernel/time'
import { pool } from '@/lib/platform/db'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'

/** The right to hold one upstream connection of a provider login. */
export interface Slot {
  /** Aborts when the right was lost to somebody else: the connection must close. */
  lost: AbortSignal
  /** Gives the right back. Safe to call twice. */
  release(): Promise<void>
}

export interface SlotRequest {
  providerId: number
  /** Connections the login may hold; null or 0 for no known limit, which needs no slot. */
  limit: number | null
  /** In words for the screen. */
  purpose: string
  signal?: AbortSignal
}

const TTL_MS = 30_000
/** Panels count a closed connection for a while; the next one would push a living one out. */
const COOL_DOWN_MS = 1_000
/** How long to wait for a slot that is cooling down, in ms. */
const PATIENCE_MS = 2_500
const RETRY_MS = 100

const unlimited = (): Slot => ({ lost: new AbortController().signal, release: async () => {} })

/** Takes a slot; waits a little for one that cools down. Throws PROVIDER_LIMIT when all are in use. */
export async function takeSlot(request: SlotRequest): Promise<Slot> {
  const { providerId, limit, purpose, signal } = request
  if (limit === null || limit <= 0) return unlimited()
  await ensureRows(providerId, limit)
  const holder = randomUUID()
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    signal?.throwIfAborted()
    const taken = await acquire({ providerId, limit, holder, purpose })
    if (taken !== null) return keepSlot({ providerId, holder, ...taken })
    if (performance.now() > deadline || (await countFreeSoon(providerId, limit)) === 0) throw new AppError('PROVIDER_LIMIT')
    await sleep(RETRY_MS, signal)
  }
}

const releases = () => shared('slot-releases', () => new Set<Promise<void>>())

/** Resolves when every slot that is being given back has been. */
export async function settleReleases(): Promise<void> {
  // The connection tells its end in the next turns of the loop, and the slot follows.
  await new Promise(resolve => setImmediate(resolve))
  await new Promise(resolve => setImmediate(resolve))
  await Promise.all(releases())
}

/** Is a slot free, or about to be? Unknown limits always have one. */
export async function hasFreeSlot(providerId: number, limit: number | null): Promise<boolean> {
  if (limit === null || limit <= 0) return true
  await ensureRows(providerId, limit)
  return (await countFreeSoon(providerId, limit)) > 0
}

async function ensureRows(providerId: number, limit: number): Promise<void> {
  await pool().query(
    `INSERT INTO slot (provider_id, n) SELECT $1, n FROM generate_series(1, $2::int) n
     ON CONFLICT DO NOTHING`,
    [providerId, limit],
  )
}

/** One statement under the database's own clock: two processes cannot both win, and a count cannot leak (C32). */
async function acquire(want: { providerId: number; limit: number; holder: string; purpose: string }) {
  const { rows } = await pool().query<{ n: number; fence: string }>(
    `UPDATE slot SET holder = $3, purpose = $4, fence = fence + 1, expires_at = clock_timestamp() + $5 * interval '1 ms'
     WHERE (provider_id, n) = (
       SELECT provider_id, n FROM slot WHERE provider_id = $1 AND n <= $2 AND expires_at < clock_timestamp()
       ORDER BY n LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING n, fence`,
    [want.providerId, want.limit, want.holder, want.purpose, TTL_MS],
  )
  return rows[0] ?? null
}

/** Slots that are free or only cooling down: those have no holder. */
async function countFreeSoon(providerId: number, limit: number): Promise<number> {
  const { rows } = await pool().query<{ free: number }>(
    `SELECT count(*)::int AS free FROM slot
     WHERE provider_id = $1 AND n <= $2 AND (expires_at < clock_timestamp() OR holder = '')`,
    [providerId, limit],
  )
  return rows[0]?.free ?? 0
}

interface HeldSlot {
  providerId: number
  holder: string
  n: number
  fence: string
}

function keepSlot(held: HeldSlot): Slot {
  const lost = new AbortController()
  let isReleased = false
  const timer = setInterval(() => {
    renew(held).then(
      isKept => isKept || isReleased || lost.abort(new AppError('PROVIDER_LIMIT', { message: 'slot lost' })),
      // A database that is away does not stop a running stream (C11); the right ends by itself if it stays away.
      error => log().warn({ err: error }, 'a slot could not be renewed'),
    )
  }, TTL_MS / 3)
  return {
    lost: lost.signal,
    release: async () => {
      if (isReleased) return
      isReleased = true
      clearInterval(timer)
      const freed = free(held).catch(error => log().warn({ err: error }, 'a slot could not be given back'))
      releases().add(freed)
      await freed.finally(() => releases().delete(freed))
    },
  }
}

async function renew({ providerId, n, holder, fence }: HeldSlot): Promise<boolean> {
  const { rowCount } = await pool().query(
    `UPDATE slot SET expires_at = clock_timestamp() + $5 * interval '1 ms'
     WHERE provider_id = $1 AND n = $2 AND holder = $3 AND fence = $4`,
    [providerId, n, holder, fence, TTL_MS],
  )
  return rowCount === 1
}

async function free({ providerId, n, holder, fence }: HeldSlot): Promise<void> {
  await pool().query(
    `UPDATE slot SET holder = '', purpose = '', expires_at = clock_timestamp() + $5 * interval '1 ms'
     WHERE provider_id = $1 AND n = $2 AND holder = $3 AND fence = $4`,
    [providerId, n, holder, fence, COOL_DOWN_MS],
  )
}
