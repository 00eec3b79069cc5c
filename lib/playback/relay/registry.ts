import { shared } from '@/lib/platform/shared'
import { Relay, type RelayHooks, type RelayOptions } from './relay'
import type { RelaySource } from './upstream'

export interface OpenRelay {
  /** Viewers with the same key share one relay. */
  key: string
  /** In the order in which they are tried. Used only when this call starts the relay. */
  sources: readonly RelaySource[]
  options?: Partial<RelayOptions>
  hooks?: RelayHooks
}

/** Joins the running relay of this key or makes one. It dials when its first viewer comes. */
export function openRelay(request: OpenRelay): Relay {
  const relays = allRelays()
  const running = relays.get(request.key)
  if (running !== undefined && running.state !== 'closed') return running
  const relay: Relay = new Relay(request.sources, request.options, {
    ...request.hooks,
    onClose: () => {
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
