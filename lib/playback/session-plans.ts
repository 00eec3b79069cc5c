import 'server-only'
import type { Readable, Writable } from 'node:stream'
import type { Viewer } from '@/lib/accounts/schema'
import { listSources, requireInLineUp, type SourceRecord } from '@/lib/catalogue'
import { AppError, toAppError } from '@/lib/kernel/errors'
import type { ItemKind } from '@/lib/kernel/ids'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import { type StreamAddress, streamAddress } from '@/lib/providers'
import { SessionSlot } from './dial'
import type { Capabilities } from './schema'
import { preferSource } from './source-facts'
import { findOpenPlayback, type PlaybackRecord } from './store'

/** What this process knows of one playback session. */
export interface SessionPlan {
  record: PlaybackRecord
  item: { id: number; kind: ItemKind; name: string }
  /** In the order in which they are tried. */
  sources: SourceRecord[]
  /** Null when another process opened the session. */
  capabilities: Capabilities | null
  checkedAt: number
  usedAt: number
  addresses: Map<number, { address: StreamAddress; at: number }>
  slots: Map<number, SessionSlot>
  /** The body of the newest file request: a newer one ends it, so that a seek never holds two connections. */
  body: Readable | null
}

/** A ban, a revoked sign-in or a closed session takes effect within this, in ms (reliability.md B23). */
const CHECK_MS = 10_000
const FORGET_MS = 5 * 60_000
const ADDRESS_MS = 60_000
const SLOT_LINGER_MS = 15_000

const plans = () => shared('playback-plans', () => new Map<string, SessionPlan>())

export function rememberPlan(plan: Pick<SessionPlan, 'record' | 'item' | 'sources' | 'capabilities'>): SessionPlan {
  const now = performance.now()
  for (const [id, { usedAt }] of plans()) if (now - usedAt > FORGET_MS) void forgetPlan(id)
  const made: SessionPlan = { ...plan, checkedAt: now, usedAt: now, addresses: new Map(), slots: new Map(), body: null }
  plans().set(plan.record.id, made)
  return made
}

/** The plan of a session that may play. Throws STREAM_ENDED for any other. */
export async function requirePlan(sessionId: string): Promise<SessionPlan> {
  const known = plans().get(sessionId)
  const plan = known ?? (await loadPlan(sessionId))
  plan.usedAt = performance.now()
  if (plan.usedAt - plan.checkedAt > CHECK_MS) await recheck(plan)
  return plan
}

/** Forgets the session here and gives back what it held. Answers what was known of it. */
export async function forgetPlan(sessionId: string): Promise<SessionPlan | null> {
  const plan = plans().get(sessionId)
  if (plan === undefined) return null
  plans().delete(sessionId)
  plan.body?.destroy()
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

/** Ends an open stream when its session may no longer play. */
export function endWithSession(plan: SessionPlan, stream: Readable | Writable): void {
  const timer = setInterval(() => {
    plan.usedAt = performance.now()
    requirePlan(plan.record.id).catch(() => stream.destroy())
  }, CHECK_MS)
  stream.once('close', () => clearInterval(timer))
}

async function loadPlan(sessionId: string): Promise<SessionPlan> {
  const record = await findOpenPlayback(sessionId)
  if (record === null) throw new AppError('STREAM_ENDED')
  // The least of what this account may do: which sources it sees does not depend on its role.
  const viewer: Viewer = {
    accountId: record.accountId,
    profileId: record.profileId,
    sessionId: record.sessionId ?? '',
    role: 'viewer',
  }
  const [item, listed] = await Promise.all([requireInLineUp(viewer, record.itemId), listSources(viewer, record.itemId)])
  const sources = preferSource(listed, record.sourceId)
  return rememberPlan({ record, item, sources, capabilities: null })
}

async function recheck(plan: SessionPlan): Promise<void> {
  plan.checkedAt = performance.now()
  let record: PlaybackRecord | null
  try {
    record = await findOpenPlayback(plan.record.id)
  } catch (error) {
    log().warn({ err: error }, 'a playback session could not be checked')
    return
  }
  if (record !== null) return
  await forgetPlan(plan.record.id)
  throw new AppError('STREAM_ENDED')
}
