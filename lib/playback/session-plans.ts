import 'server-only'
import type { Readable, Writable } from 'node:stream'
import { findLine, type LineRecord } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import { listSources, type SourceRecord } from '@/lib/catalogue'
import { AppError, toAppError } from '@/lib/kernel/errors'
import type { ItemKind } from '@/lib/kernel/ids'
import { shared } from '@/lib/platform/shared'
import { requireMayWatch } from '@/lib/profiles'
import { type StreamAddress, streamAddress } from '@/lib/providers'
import { readAsked } from './asked'
import type { Rung } from './conversion/ladder'
import type { Decision } from './decide'
import { SessionSlot } from './dial'
import { preferSource } from './facts'
import { findViewedRelay, type PlannedConversion } from './live-conversions'
import { findPlanRelay, priorityOf } from './live-relays'
import { type Capabilities, type Wishes, wishesOf } from './schema'
import { checkPlans, keepWatch } from './session-watch'
import { findOpenPlayback, type PlaybackRecord } from './store'

/** What this process knows of one playback session. */
export interface SessionPlan {
  record: PlaybackRecord
  kind: ItemKind
  /** In the order in which they are tried. */
  sources: SourceRecord[]
  /** Null for other apps, who know themselves what they can play. */
  capabilities: Capabilities | null
  /** What the viewer asked for besides. */
  wishes: Wishes
  /** Are pictures that are encoded for it sent as a graphics card makes them? */
  isInBand: boolean
  /** Those that a film was opened in; null for those that are set now. */
  qualities: readonly Rung[] | null
  /** How the channel is converted for this viewer; null while it is watched as it comes. */
  conversion: PlannedConversion | null
  /** How it is played, once that is known for sure; null before. */
  decision: Decision | null
  /** Null for our own pages. */
  line: LineRecord | null
  /** When it was last seen that it may go on. */
  checkedAt: number
  /** When its sources were last looked up in the viewer's line-up. */
  listedAt: number
  usedAt: number
  addresses: Map<number, { address: StreamAddress; at: number }>
  slots: Map<number, SessionSlot>
  /** The body of the newest file request: a newer one ends it, so that a seek never holds two connections. */
  body: Readable | null
  /** What flows under this session here: ends with it. */
  streams: Set<Readable | Writable>
  meter: Meter
  /** Aborted when the session is forgotten here: what is still being opened for it must not go on. */
  over: AbortController
  /** Requests that are on their way to the provider. */
  opening: number
}

/** Bytes that went to the viewer: counted for good, and read off sockets that still run. */
export interface Meter {
  bytes: number
  running: Set<() => number>
  /** At the last beat. */
  before: { bytes: number; at: number }
}

const FORGET_MS = 5 * 60_000
/** A plan that the watch has not confirmed for this long is checked before it serves anything. */
const TRUST_MS = 10_000
const ADDRESS_MS = 60_000
export const SLOT_LINGER_MS = 15_000

const plans = () => shared('playback-plans', () => new Map<string, SessionPlan>())

type NewPlan = Pick<SessionPlan, 'record' | 'kind' | 'sources' | 'capabilities' | 'line'> &
  Partial<Pick<SessionPlan, 'wishes' | 'isInBand' | 'qualities'>>

export function rememberPlan(plan: NewPlan): SessionPlan {
  const now = performance.now()
  for (const [id, { usedAt, streams, opening }] of plans())
    if (streams.size + opening === 0 && now - usedAt > FORGET_MS) void forgetPlan(id)
  const made: SessionPlan = {
    wishes: {},
    isInBand: false,
    qualities: null,
    ...plan,
    conversion: null,
    decision: null,
    checkedAt: now,
    listedAt: now,
    usedAt: now,
    addresses: new Map(),
    slots: new Map(),
    body: null,
    streams: new Set(),
    meter: { bytes: 0, running: new Set(), before: { bytes: 0, at: now } },
    over: new AbortController(),
    opening: 0,
  }
  plans().set(plan.record.id, made)
  keepWatch()
  return made
}

/** The plan of a session that may play. Throws STREAM_ENDED for any other. */
export async function requirePlan(sessionId: string): Promise<SessionPlan> {
  const known = plans().get(sessionId)
  const plan = known ?? (await loadPlan(sessionId))
  plan.usedAt = performance.now()
  if (plan.usedAt - plan.checkedAt > TRUST_MS) await checkPlans([plan])
  if (!plans().has(sessionId)) throw new AppError('STREAM_ENDED')
  return plan
}

/** What this process knows of a session, which nobody looks up for it. */
export const findPlan = (sessionId: string): SessionPlan | null => plans().get(sessionId) ?? null

/** The sessions this process knows. */
export function listPlans(): SessionPlan[] {
  return [...plans().values()]
}

/** Forgets the session here, ends what flows under it and gives back what it held. Answers what was known of it. */
export async function forgetPlan(sessionId: string): Promise<SessionPlan | null> {
  const plan = plans().get(sessionId)
  if (plan === undefined) return null
  plans().delete(sessionId)
  plan.over.abort(new AppError('STREAM_ENDED'))
  for (const relay of [findViewedRelay(plan), findPlanRelay(plan)]) relay?.leaveHls(sessionId)
  plan.body?.destroy()
  for (const stream of plan.streams) stream.destroy()
  await Promise.all([...plan.slots.values()].map(slot => slot.release()))
  return plan
}

/** Where the source is, opened anew now and then: credentials may change while somebody watches. */
export async function addressOf(plan: SessionPlan, source: SourceRecord): Promise<StreamAddress> {
  const known = plan.addresses.get(source.id)
  if (known !== undefined && performance.now() - known.at < ADDRESS_MS) return known.address
  try {
    const address = await streamAddress(source)
    plan.addresses.set(source.id, { address, at: performance.now() })
    return address
  } catch (error) {
    // While the database is away what we knew goes on being good (C11).
    if (known !== undefined && toAppError(error).code === 'UNEXPECTED') return known.address
    throw error
  }
}

/** The one slot all requests of this session for this source share. */
export function slotOf(plan: SessionPlan, source: SourceRecord, limit: number | null): SessionSlot {
  const known = plan.slots.get(source.id)
  if (known !== undefined) return known
  const slot = new SessionSlot(
    { providerId: source.providerId, limit, purpose: source.name, priority: priorityOf(plan) },
    SLOT_LINGER_MS,
  )
  plan.slots.set(source.id, slot)
  return slot
}

/** Ends an open stream when its session may no longer play, whichever process learned it. False when that is so already. */
export function holdStream(plan: SessionPlan, stream: Readable | Writable): boolean {
  if (plan.over.signal.aborted) {
    stream.destroy()
    return false
  }
  if (stream.destroyed) return true
  plan.streams.add(stream)
  stream.once('close', () => plan.streams.delete(stream))
  return true
}

/** Runs a request to the provider that ends with the session. */
export async function whileOpening<T>(plan: SessionPlan, work: () => Promise<T>): Promise<T> {
  plan.opening++
  try {
    plan.over.signal.throwIfAborted()
    return await work()
  } finally {
    plan.opening--
    plan.usedAt = performance.now()
  }
}

async function loadPlan(sessionId: string): Promise<SessionPlan> {
  const record = await findOpenPlayback(sessionId)
  if (record === null) throw new AppError('STREAM_ENDED')
  const line = record.lineId === null ? null : await findLine(record.lineId)
  if (record.lineId !== null && line === null) throw new AppError('STREAM_ENDED')
  const sources = preferSource(await listSources(viewerOf({ record, line }), record.itemId), record.sourceId)
  const about = { record, kind: kindOf(sources), sources, line }
  if (line !== null) return rememberPlan({ ...about, capabilities: null })
  const { accountHeight } = await requireMayWatch(record)
  return rememberPlan({ ...about, ...(readAsked(record.asked) ?? { capabilities: null, wishes: wishesOf({}, accountHeight) }) })
}

/** Whose eyes a line sees with. */
export function lineViewer({ accountId, profileId, providerIds, bouquetIds }: LineRecord): Viewer {
  return { accountId, profileId, sessionId: '', role: 'viewer', scope: { providerIds, bouquetIds } }
}

/** The least of what this account may do: which sources it sees does not depend on its role. */
export function viewerOf({ record, line }: Pick<SessionPlan, 'record' | 'line'>): Viewer {
  if (line !== null) return lineViewer(line)
  const { accountId, profileId, sessionId } = record
  return { accountId, profileId, sessionId: sessionId ?? '', role: 'viewer' }
}

/** Every source of an item is of the item's own kind. */
export function kindOf(sources: readonly SourceRecord[]): ItemKind {
  const [first] = sources
  if (first === undefined) throw new AppError('NO_SOURCE')
  return first.kind
}
