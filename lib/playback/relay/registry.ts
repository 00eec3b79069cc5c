import { shared } from '@/lib/platform/shared'
import { Relay, type RelayHooks } from './relay'
import type { RelayOptions } from './relay-options'
import type { RelaySource } from './upstream'

export interface OpenRelay {
  /** Viewers with the same key share one relay. */
  key: string
  /** In the order in which they are tried. Used only when this call starts the relay. */
  sources: readonly RelaySource[]
  options?: Partial<RelayOptions>
  hooks?: RelayHooks
}

/** Ten numbers a second are more than a channel makes for long, and yet fit players that count in 32 bits. */
const NUMBER_MS = 100
const NUMBERS = 2 ** 30
/** Segments that a playlist may have told of before they existed. */
const ANNOUNCED = 10
/** Relays that have ended, whose last numbers are known. */
const MOST_ENDED = 10_000

/**
 * Number of the first segment of the next relay: a player that stays with its channel must not see numbers that were others'. They
 * follow the clock, so that they go on in another process too, and the last relay of the channel, which may have run ahead of it.
 */
export function firstSequence(ended: Map<string, number>, key: string, now: number): number {
  const after = (ended.get(key) ?? -ANNOUNCED) + ANNOUNCED
  ended.delete(key)
  return Math.max(Math.floor(now / NUMBER_MS) % NUMBERS, after)
}

function noteEnd(ended: Map<string, number>, key: string, last: number | undefined): void {
  if (last === undefined) return
  ended.delete(key)
  ended.set(key, last)
  for (const oldest of ended.keys()) {
    if (ended.size <= MOST_ENDED) return
    ended.delete(oldest)
  }
}

/** Joins the running relay of this key or makes one. It dials when its first viewer comes. */
export function openRelay(request: OpenRelay): Relay {
  const relays = allRelays()
  const running = relays.get(request.key)
  if (running !== undefined && running.state !== 'closed') return running
  const ended = shared('ended-relays', () => new Map<string, number>())
  const options = { firstSequence: firstSequence(ended, request.key, Date.now()), ...request.options }
  const relay: Relay = new Relay(request.sources, options, {
    ...request.hooks,
    onClose: () => {
      noteEnd(ended, request.key, relay.hls.newest?.sequence)
      if (relays.get(request.key) === relay) relays.delete(request.key)
      request.hooks?.onClose?.()
    },
  })
  relays.set(request.key, relay)
  return relay
}

/** The running relay of this key, or null. */
export function findRelay(relayKey: string): Relay | null {
  return allRelays().get(relayKey) ?? null
}

/** Ends every relay of this process; for its shutdown. */
export function closeAllRelays(): void {
  for (const relay of [...allRelays().values()]) relay.close()
}

export function listRelays(): { key: string; state: string; viewers: number; sourceId: string | null }[] {
  return [...allRelays()].map(([relayKey, { state, viewers, sourceId }]) => ({ key: relayKey, state, viewers, sourceId }))
}

function allRelays(): Map<string, Relay> {
  return shared('relays', () => new Map<string, Relay>())
}
