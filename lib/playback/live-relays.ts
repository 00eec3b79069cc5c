import 'server-only'
import { noteSourceResult, type SourceRecord } from '@/lib/catalogue'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import { dialLive } from './dial'
import { factsOf, parseFacts, type SourceFacts, unseen } from './facts'
import { receive } from './receptions'
import { findRelay, openRelay } from './relay/registry'
import type { Relay } from './relay/relay'
import type { SessionPlan } from './session-plans'
import { FOR_NOBODY, type Slot } from './slots'
import { ShiftStore } from './timeshift/shift-store'

/** Failures that say nothing about the source: the login's own limit, or our viewers leaving. */
const blameless = new Set(['PROVIDER_LIMIT', 'SLOT_TAKEN', 'PROVIDER_BUSY', 'UNEXPECTED'])

type LivePlan = Pick<SessionPlan, 'sources' | 'line'>

/** Viewers share a relay when it would try the same sources from the same beginning. */
export function relayKey(sources: readonly SourceRecord[]): string {
  const ids = sources.map(({ id }) => id)
  return `${ids[0] ?? 0}/${[...ids].sort((a, b) => a - b).join('.')}`
}

export function findPlanRelay(plan: Pick<SessionPlan, 'sources'>): Relay | null {
  return findRelay(relayKey(plan.sources))
}

/** Of our own pages; device lines have one of their own. */
export const PAGE_PRIORITY = 5

export const priorityOf = ({ line }: Pick<SessionPlan, 'line'>): number => line?.priority ?? PAGE_PRIORITY

/** Whom a running relay is for: the highest priority of its viewers, and the slot that it holds. */
interface Standing {
  priority: number
  slot: Slot | null
  /** The priority that the slot is known to have. */
  written: number
  /** The relay that receives the source for this one too. */
  host: string | null
}

const standings = () => shared('relay-standings', () => new Map<string, Standing>())

/** Joins or starts the relay of this session's channel. `hop` is the X-Iptv-Hop header of whoever asks. */
export function openPlanRelay(plan: LivePlan, hop?: string): Relay {
  const key = relayKey(plan.sources)
  const running = findRelay(key)
  if (running === null) return startRelay(plan, { key, hop, first: null })
  const standing = standings().get(key)
  lift(key, priorityOf(plan))
  if (standing?.host) lift(standing.host, priorityOf(plan))
  return running
}

/** Somebody of this priority watches it too. */
function lift(key: string, priority: number): void {
  const standing = standings().get(key)
  if (standing === undefined || standing.priority >= priority) return
  standing.priority = priority
  raise(standing)
}

/**
 * Starts the relay of a channel that nobody watches yet, on this slot, which it owns from here on. With its slot, or for any other
 * trouble, it ends; the first who watches it makes it a relay like any other. Null when it runs already.
 */
export function openWarmRelay(plan: LivePlan, slot: Slot): Relay | null {
  const key = relayKey(plan.sources)
  if (findRelay(key) !== null) return null
  return startRelay(plan, { key, hop: undefined, first: slot })
}

function startRelay(plan: LivePlan, { key, hop, first }: { key: string; hop: string | undefined; first: Slot | null }): Relay {
  const priority = first === null ? priorityOf(plan) : FOR_NOBODY
  const standing: Standing = { priority, slot: first, written: priority, host: null }
  standings().set(key, standing)
  let inHand = first
  const takeHeld = () => {
    const held = inHand
    inHand = null
    return held
  }
  /** Of sources that another relay receives: what becomes of them there says nothing about them here. */
  const along = new Set<string>()
  const connect = (source: SourceRecord, signal: AbortSignal) => {
    const onHost = (host: string | null) => {
      standing.host = host
      if (host === null) along.delete(String(source.id))
      else {
        along.add(String(source.id))
        standing.slot = null
        void takeHeld()?.release()
        lift(host, standing.priority)
      }
    }
    const dial = () => {
      const { priority } = standing
      const onSlot = (slot: Slot) => {
        standing.slot = slot
        standing.written = priority
        // Somebody may have come while it was waited for.
        raise(standing)
      }
      return dialLive(source, { signal, hop, priority, held: takeHeld(), everyMs: () => relay.readEveryMs, onSlot })
    }
    return receive(source.id, { key, relay, signal, onHost, dial })
  }
  const relay: Relay = openRelay({
    key,
    sources: plan.sources.map(source => ({ id: String(source.id), connect: signal => connect(source, signal) })),
    hooks: {
      shelf: new ShiftStore(),
      onSourceLive: (id, program, measured) =>
        remember(noteSourceResult(Number(id), true, { ...factsOf(program), ...(measured ?? measuredBefore(plan, id)) })),
      onPlaylist: id => remember(noteSourceResult(Number(id), true, unseen('hls'))),
      onSourceFailed: (id, error) => {
        log().info({ source: Number(id), code: error.code }, 'a live source failed')
        if (!along.has(id) && !blameless.has(error.code)) remember(noteSourceResult(Number(id), false))
        // Waiting for what somebody else has by right would show a still picture for a minute.
        if (standing.priority === FOR_NOBODY || (error.code === 'SLOT_TAKEN' && plan.sources.length === 1))
          findRelay(key)?.close(error)
      },
      onClose: () => {
        if (standings().get(key) === standing) standings().delete(key)
        void takeHeld()?.release()
      },
    },
  })
  return relay
}

/** What was measured last counts until it has been measured again. */
function measuredBefore({ sources }: LivePlan, id: string): Pick<SourceFacts, 'bitrate' | 'keyframeSeconds'> {
  const known = parseFacts(sources.find(source => String(source.id) === id)?.facts)
  return { bitrate: known?.bitrate ?? null, keyframeSeconds: known?.keyframeSeconds ?? null }
}

function raise(standing: Standing): void {
  const { slot, priority, written } = standing
  if (slot === null || priority === written) return
  slot.raise(priority).then(
    () => {
      standing.written = priority
    },
    error => log().warn({ err: error }, 'a slot could not be kept for its viewer'),
  )
}

/**
 * Puts each relay's priority where those who watch it now put it: who had the highest may have left. Also tries again what failed.
 * Relays that nobody watches yet stay as they are.
 */
export function settlePriorities(plans: readonly SessionPlan[]): void {
  const highest = new Map<string, number>()
  for (const plan of plans) {
    if (plan.record.mode === 'ahead') continue
    const key = relayKey(plan.sources)
    const priority = priorityOf(plan)
    for (const each of [key, standings().get(key)?.host ?? key])
      highest.set(each, Math.max(highest.get(each) ?? FOR_NOBODY, priority))
  }
  for (const [key, standing] of standings()) {
    const priority = highest.get(key)
    if (priority === undefined || standing.priority === FOR_NOBODY) continue
    standing.priority = priority
    raise(standing)
  }
}

function remember(writing: Promise<void>): void {
  writing.catch(error => log().warn({ err: error }, 'the health of a source could not be noted'))
}
