import 'server-only'
import type { Readable, Writable } from 'node:stream'
import type { Viewer } from '@/lib/accounts/schema'
import { listSources, type SourceRecord } from '@/lib/catalogue'
import { AppError, toAppError } from '@/lib/kernel/errors'
import type { ItemKind } from '@/lib/kernel/ids'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import { type StreamAddress, streamAddress } from '@/lib/providers'
import { SessionSlot } from './dial'
import { findPlanRelay } from './live-relays'
import type { Capabilities } from './schema'
import { preferSource } from './source-facts'
import { endPlaybacks, findOpenPlayback, type PlaybackRecord } from './store'

/** What this process knows of one playback session. */
export interface SessionPlan {
  record: PlaybackRecord
  kind: ItemKind
  /** In the order in which they are tried. */
  sources: SourceRecord[]
  /** Null when another process opened the session. */
  capabilities: Capabilities | null
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
}

/** How often in ms a session in use is checked: a ban or a lost source takes effect within 15 s (reliability.md B23). */
const CHECK_MS = 5_000
/** The line-up costs more queries and changes seldom; a deleted provider is told on the bus besides. */
const LISTED_MS = 15_000
const FORGET_MS = 5 * 60_000
const ADDRESS_MS = 60_000
const SLOT_LINGER_MS = 15_000

const plans = () => shared('playback-plans', () => new Map<string, SessionPlan>())

export function rememberPlan(plan: Pick<SessionPlan, 'record' | 'kind' | 'sources' | 'capabilities'>): SessionPlan {
  const now = performance.now()
  for (const [id, { usedAt }] of plans()) if (now - usedAt > FORGET_MS) void forgetPlan(id)
  const empty = { addresses: new Map(), slots: new Map(), body: null, streams: new Set<Readable | Writable>() }
  const made: SessionPlan = { ...plan, checkedAt: now, listedAt: now, usedAt: now, ...empty }
  plans().set(plan.record.id, made)
  return made
}

/** The plan of a session that may play. Throws STREAM_ENDED for any other. `isFresh` asks the database now. */
export async function requirePlan(sessionId: string, { isFresh = false } = {}): Promise<SessionPlan> {
  const known = plans().get(sessionId)
  const plan = known ?? (await loadPlan(sessionId))
  plan.usedAt = performance.now()
  if (known !== undefined && (isFresh || plan.usedAt - plan.checkedAt >= CHECK_MS)) await recheck(plan)
  return plan
}

/** The sessions this process knows. */
export function listPlans(): SessionPlan[] {
  return [...plans().values()]
}

/** Forgets the session here, ends what flows under it and gives back what it held. Answers what was known of it. */
export async function forgetPlan(sessionId: string): Promise<SessionPlan | null> {
  const plan = plans().get(sessionId)
  if (plan === undefined) return null
  plans().delete(sessionId)
  findPlanRelay(plan)?.leaveHls(sessionId)
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
  const slot = new SessionSlot({ providerId: source.providerId, limit, purpose: source.name }, SLOT_LINGER_MS)
  plan.slots.set(source.id, slot)
  return slot
}

/** Ends an open stream at once when its session is forgotten here. */
export function holdStream(plan: SessionPlan, stream: Readable | Writable): void {
  if (stream.destroyed) return
  plan.streams.add(stream)
  stream.once('close', () => plan.streams.delete(stream))
}

/** Ends an open stream when its session may no longer play, whichever process learned it. */
export function endWithSession(plan: SessionPlan, stream: Readable | Writable): void {
  holdStream(plan, stream)
  const check = () => requirePlan(plan.record.id, { isFresh: true })
  const timer = setInterval(() => {
    check().catch(() => stream.destroy())
  }, CHECK_MS)
  stream.once('close', () => clearInterval(timer))
}

async function loadPlan(sessionId: string): Promise<SessionPlan> {
  const record = await findOpenPlayback(sessionId)
  if (record === null) throw new AppError('STREAM_ENDED')
  const sources = preferSource(await listSources(viewerOf(record), record.itemId), record.sourceId)
  return rememberPlan({ record, kind: kindOf(sources), sources, capabilities: null })
}

/** The least of what this account may do: which sources it sees does not depend on its role. */
function viewerOf({ accountId, profileId, sessionId }: PlaybackRecord): Viewer {
  return { accountId, profileId, sessionId: sessionId ?? '', role: 'viewer' }
}

/** Every source of an item is of the item's own kind. */
export function kindOf(sources: readonly SourceRecord[]): ItemKind {
  const [first] = sources
  if (first === undefined) throw new AppError('NO_SOURCE')
  return first.kind
}

/** Throws STREAM_ENDED when the session, its sign-in, its account or its place in the line-up is gone. */
async function recheck(plan: SessionPlan): Promise<void> {
  plan.checkedAt = performance.now()
  const { id } = plan.record
  let verdict: 'good' | 'ended' | 'unlisted'
  try {
    verdict = await judge(plan)
  } catch (error) {
    // A database that is away does not stop a running stream (C11).
    log().warn({ err: error }, 'a playback session could not be checked')
    return
  }
  if (verdict === 'good') return
  await forgetPlan(id)
  if (verdict === 'unlisted') await endPlaybacks({ ids: [id] }, 'unlisted')
  throw new AppError('STREAM_ENDED')
}

async function judge(plan: SessionPlan): Promise<'good' | 'ended' | 'unlisted'> {
  const record = await findOpenPlayback(plan.record.id)
  if (record === null) return 'ended'
  if (performance.now() - plan.listedAt < LISTED_MS) return 'good'
  try {
    const listed = await listSources(viewerOf(record), record.itemId)
    plan.listedAt = performance.now()
    const flowing = findPlanRelay(plan)?.sourceId ?? record.sourceId
    return listed.some(({ id }) => id === Number(flowing)) ? 'good' : 'unlisted'
  } catch (error) {
    const { code } = toAppError(error)
    if (code === 'NOT_FOUND' || code === 'NO_SOURCE') return 'unlisted'
    throw error
  }
}
