import { AppError } from '@/lib/kernel/errors'
import { SECOND } from '@/lib/kernel/time'
import { shared } from '@/lib/platform/shared'

/** Panels answer bursts with 503 and blocks (protocols.md 1.3, 8.18), so a host gets this many calls at a time. */
const PARALLEL_PER_HOST = 2
/** One more for small calls: while two long lists come in, a person who opens a film must not wait for their end. */
const PARALLEL_WITH_SMALL = 3
const FAILURES_TO_OPEN = 5
const WINDOW_MS = 30 * SECOND
const OPEN_MS = 30 * SECOND

interface Waiter {
  places: number
  go: () => void
}

interface Queue {
  active: number
  waiting: Set<Waiter>
}

interface Circuit {
  failures: number[]
  openUntil: number
  isProbing: boolean
  /** The server asked for rest until then (Retry-After). */
  restUntil: number
}

interface Gates {
  queues: Map<string, Queue>
  circuits: Map<string, Circuit>
}

// Route modules and instrumentation are separate bundles; the limit holds for the process.
const gates = () => shared<Gates>('provider-gates', () => ({ queues: new Map(), circuits: new Map() }))

/** Waits for one of the host's places; the returned function gives it back. Rejects with the signal's reason. */
export async function enterHost(host: string, signal: AbortSignal, isSmall = false): Promise<() => void> {
  const all = gates().queues
  const queue = all.get(host) ?? { active: 0, waiting: new Set() }
  all.set(host, queue)
  const places = isSmall ? PARALLEL_WITH_SMALL : PARALLEL_PER_HOST
  if (queue.active >= places) await waitForPlace(queue, places, signal)
  else queue.active++
  let left = false
  return () => {
    if (left) return
    left = true
    queue.active--
    const next = [...queue.waiting].find(waiter => queue.active < waiter.places)
    if (next) {
      queue.waiting.delete(next)
      queue.active++
      next.go()
    } else if (queue.active === 0) all.delete(host)
  }
}

/** Resolves when a place was handed over, which counts as taken already. */
function waitForPlace(queue: Queue, places: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      queue.waiting.delete(waiter)
      reject(signal.reason)
    }
    const waiter: Waiter = {
      places,
      go: () => {
        signal.removeEventListener('abort', leave)
        resolve()
      },
    }
    if (signal.aborted) return leave()
    queue.waiting.add(waiter)
    signal.addEventListener('abort', leave, { once: true })
  })
}

/** What is noted under a key: a login, or one route of it. */
function circuit(key: string): Circuit {
  const all = gates().circuits
  const known = all.get(key) ?? { failures: [], openUntil: 0, isProbing: false, restUntil: 0 }
  all.set(key, known)
  return known
}

const secondsUntil = (time: number, now: number) => Math.max(1, Math.ceil((time - now) / SECOND))

/**
 * Lets a call through that goes by all these keys, or refuses it: while the server asked for rest (PROVIDER_BUSY), and for
 * 30 s after 5 failures in 30 s (PROVIDER_CIRCUIT_OPEN); after those 30 s one probe at a time goes through.
 */
export function requireClosedCircuit(keys: readonly string[], now = Date.now()): void {
  const states = keys.flatMap(key => gates().circuits.get(key) ?? [])
  for (const state of states) {
    if (state.restUntil > now) throw new AppError('PROVIDER_BUSY', { retryAfter: secondsUntil(state.restUntil, now) })
    if (state.openUntil > 0 && (state.openUntil > now || state.isProbing)) {
      throw new AppError('PROVIDER_CIRCUIT_OPEN', { retryAfter: secondsUntil(Math.max(state.openUntil, now), now) })
    }
  }
  // Only once all of them let it through: a call that is not made would never give its probe back.
  for (const state of states) state.isProbing = state.openUntil > 0
}

export function noteSuccess(key: string): void {
  gates().circuits.delete(key)
}

/** Counts a failure. An answer about what was asked for, as refused credentials are, is a success here. */
export function noteFailure(key: string, now = Date.now()): void {
  const state = circuit(key)
  state.isProbing = false
  state.failures = [...state.failures.filter(time => time > now - WINDOW_MS), now]
  if (state.openUntil > 0 || state.failures.length >= FAILURES_TO_OPEN) state.openUntil = now + OPEN_MS
}

export function noteRest(key: string, seconds: number, now = Date.now()): void {
  const state = circuit(key)
  state.isProbing = false
  state.restUntil = Math.max(state.restUntil, now + seconds * SECOND)
}

/** A probe that told nothing (the caller left) must not keep the circuit shut. */
export function releaseProbe(key: string): void {
  const state = gates().circuits.get(key)
  if (state) state.isProbing = false
}
