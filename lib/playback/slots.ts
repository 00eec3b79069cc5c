import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { sleep } from '@/lib/kernel/time'
import { publish } from '@/lib/platform/bus'
import { pool } from '@/lib/platform/db'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import { isDead, newHolder } from './slot-holder'

/** The right to hold one upstream connection of a provider login. */
export interface Slot {
  /** Which connection of the provider it is, from 1; 0 when there is no limit to count against. */
  n: number
  /** Aborts when the right was lost to somebody else: the connection must close. */
  lost: AbortSignal
  /** What was taken for nobody yet is for somebody now. Aborts `lost` when it is too late for that. */
  raise(priority: number): Promise<void>
  /** Gives the right back. Safe to call twice. */
  release(): Promise<void>
}

export interface SlotRequest {
  providerId: number
  /** Connections the login may hold; null or 0 for no known limit, which needs no slot. */
  limit: number | null
  /** In words for the screen. */
  purpose: string
  /** 0-9; when none is free, one of a lower priority is taken over. `FOR_NOBODY` for what no viewer waits for. */
  priority: number
  /** So many more must be free, else PROVIDER_LIMIT at once. */
  keepFree?: number
  signal?: AbortSignal
}

/** Of connections that nobody uses yet: whoever needs one gets it at once. */
export const FOR_NOBODY = -1
const TTL_MS = 30_000
/** Panels count a closed connection for a while; the next one would push a living one out. */
const COOL_DOWN_MS = 1_000
/** How long to wait for a slot that is cooling down, in ms. */
const PATIENCE_MS = 2_500
const RETRY_MS = 100
/** A connection that closes this very moment gives its slot back within this, in ms. */
const CLOSING_MS = 400

const unlimited = (): Slot => ({ n: 0, lost: new AbortController().signal, raise: async () => {}, release: async () => {} })

/** Takes a slot; waits a little for one that cools down. Throws PROVIDER_LIMIT when all are in use. */
export async function takeSlot(request: SlotRequest): Promise<Slot> {
  const { providerId, limit, purpose, priority, keepFree = 0, signal } = request
  if (limit === null || limit <= 0) return unlimited()
  await ensureRows(providerId, limit)
  const want: Want = { providerId, limit, holder: newHolder(), purpose, priority, keepFree }
  const began = performance.now()
  for (;;) {
    signal?.throwIfAborted()
    const taken = await acquire(want)
    if (taken !== null) return keepSlot({ ...want, ...taken })
    const waited = performance.now() - began
    if ((await countFreeSoon(providerId, limit)) <= keepFree && !(await freeOfTheDead(providerId, limit))) {
      const isClosing = waited <= CLOSING_MS && keepFree === 0
      const won = await takeOver(want, isClosing ? FOR_NOBODY + 1 : priority)
      if (won !== null) return keepAfterPause({ ...want, ...won }, signal)
      if (!isClosing) throw new AppError('PROVIDER_LIMIT')
    }
    if (waited > PATIENCE_MS) throw new AppError('PROVIDER_LIMIT')
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

/** Slots that are free, about to be, or held for nobody. */
export const countFreeSlots = (providerId: number, limit: number): Promise<number> => countFreeSoon(providerId, limit, FOR_NOBODY)

/** Is there a slot? Unknown limits always have one. */
export async function hasFreeSlot(providerId: number, limit: number | null): Promise<boolean> {
  return limit === null || limit <= 0 || (await countFreeSlots(providerId, limit)) > 0
}

async function ensureRows(providerId: number, limit: number): Promise<void> {
  await pool().query(
    `INSERT INTO slot (provider_id, n) SELECT $1, n FROM generate_series(1, $2::int) n
     ON CONFLICT DO NOTHING`,
    [providerId, limit],
  )
}

/**
 * One statement under the database's own clock: two processes cannot both win, and a count cannot leak (C32). Who must leave some free
 * locks them all first: then what is counted is what is there.
 */
async function acquire(want: Want): Promise<Taken | null> {
  const isFree = 'expires_at < clock_timestamp()'
  const own = `SELECT provider_id, n, holder, expires_at FROM slot WHERE provider_id = $1 AND n <= $2`
  const free =
    want.keepFree === 0
      ? `${own} AND ${isFree} ORDER BY n LIMIT 1 FOR UPDATE SKIP LOCKED`
      : `WITH own AS (${own} ORDER BY n FOR UPDATE)
         SELECT provider_id, n, holder, expires_at FROM own
         WHERE ${isFree} AND (SELECT count(*) FROM own WHERE ${isFree} OR holder = '') > ${Math.floor(want.keepFree)}
         ORDER BY n LIMIT 1`
  const { rows } = await pool().query<Taken>(
    `UPDATE slot SET holder = $3, purpose = $4, priority = $6, fence = fence + 1, expires_at = clock_timestamp() + $5 * interval '1 ms'
     WHERE (provider_id, n) = (SELECT provider_id, n FROM (${free}) free) RETURNING n, fence`,
    [want.providerId, want.limit, want.holder, want.purpose, TTL_MS, want.priority],
  )
  return rows[0] ?? null
}

/** The slot of the lowest priority below this one, from whoever holds it; null when nobody stands back. */
async function takeOver(want: Want, below: number): Promise<Taken | null> {
  const { rows } = await pool().query<Taken & { before: string }>(
    `WITH victim AS (
       SELECT provider_id, n, fence AS before FROM slot WHERE provider_id = $1 AND n <= $2 AND priority < $7
         AND expires_at > clock_timestamp() ORDER BY priority, expires_at DESC LIMIT 1 FOR UPDATE SKIP LOCKED)
     UPDATE slot SET holder = $3, purpose = $4, priority = $6, fence = fence + 1, expires_at = clock_timestamp() + $5 * interval '1 ms'
     FROM victim WHERE slot.provider_id = victim.provider_id AND slot.n = victim.n
     RETURNING slot.n, slot.fence, victim.before`,
    [want.providerId, want.limit, want.holder, want.purpose, TTL_MS, want.priority, below],
  )
  const [row] = rows
  if (row === undefined) return null
  const taken = { providerId: want.providerId, n: row.n, fence: row.before }
  loseSlot(taken)
  await publish('slot.taken', taken)
  return row
}

/** Panels count the connection that has just closed for a while: ours comes after. */
async function keepAfterPause(held: HeldSlot, signal: AbortSignal | undefined): Promise<Slot> {
  const slot = keepSlot(held)
  try {
    await sleep(COOL_DOWN_MS, signal)
    return slot
  } catch (error) {
    await slot.release()
    throw error
  }
}

const holders = () => shared('slot-holders', () => new Map<string, AbortController>())
const holderKey = ({ providerId, n, fence }: { providerId: number; n: number; fence: string }) => `${providerId}/${n}/${fence}`

/** A slot went to somebody of higher priority: whoever holds it here closes its connection. */
export function loseSlot(taken: { providerId: number; n: number; fence: string }): void {
  holders().get(holderKey(taken))?.abort(slotLost())
}

const slotLost = () => new AppError('SLOT_TAKEN')

interface Want {
  providerId: number
  limit: number
  holder: string
  purpose: string
  priority: number
  keepFree: number
}

interface Taken {
  n: number
  fence: string
}

/**
 * Slots that are free or only cooling down: those have no holder. Those of `standingBack` and below count as well. Counted by what is
 * taken, since a slot that was never asked for has no row.
 */
async function countFreeSoon(providerId: number, limit: number, standingBack = FOR_NOBODY - 1): Promise<number> {
  const { rows } = await pool().query<{ taken: number }>(
    `SELECT count(*)::int AS taken FROM slot
     WHERE provider_id = $1 AND n <= $2 AND expires_at >= clock_timestamp() AND holder <> '' AND priority > $3`,
    [providerId, limit, standingBack],
  )
  return limit - (rows[0]?.taken ?? 0)
}

/** Gives back what a killed process of this machine held, whose connections ended with it. True when there was something. */
async function freeOfTheDead(providerId: number, limit: number): Promise<boolean> {
  const { rows } = await pool().query<Taken & { holder: string }>(
    `SELECT n, fence, holder FROM slot WHERE provider_id = $1 AND n <= $2 AND holder <> '' AND expires_at > clock_timestamp()`,
    [providerId, limit],
  )
  const dead = rows.filter(({ holder }) => isDead(holder))
  for (const { n, fence, holder } of dead) await free({ providerId, n, fence, holder })
  return dead.length > 0
}

interface HeldSlot {
  providerId: number
  holder: string
  n: number
  fence: string
}

function keepSlot(held: HeldSlot): Slot {
  const lost = new AbortController()
  holders().set(holderKey(held), lost)
  let isReleased = false
  const timer = setInterval(() => {
    renew(held).then(
      isKept => isKept || isReleased || lost.abort(slotLost()),
      // A database that is away does not stop a running stream (C11); the right ends by itself if it stays away.
      error => log().warn({ err: error }, 'a slot could not be renewed'),
    )
  }, TTL_MS / 3)
  return {
    n: held.n,
    lost: lost.signal,
    raise: async priority => {
      if (!(await raise(held, priority)) && !isReleased) lost.abort(slotLost())
    },
    release: async () => {
      if (isReleased) return
      isReleased = true
      holders().delete(holderKey(held))
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

async function raise({ providerId, n, holder, fence }: HeldSlot, priority: number): Promise<boolean> {
  const { rowCount } = await pool().query(
    `UPDATE slot SET priority = $5 WHERE provider_id = $1 AND n = $2 AND holder = $3 AND fence = $4`,
    [providerId, n, holder, fence, priority],
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
