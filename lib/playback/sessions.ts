import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { listSources, requireInLineUp, type SourceRecord } from '@/lib/catalogue'
import { AppError } from '@/lib/kernel/errors'
import { log } from '@/lib/platform/log'
import { findResumePoint, recordProgress } from '@/lib/profiles'
import { type StreamAddress, streamAddress } from '@/lib/providers'
import { type Decision, decidePlayback, type SourceFacts } from './decide'
import { findPlanRelay, openPlanRelay } from './live-relays'
import { containerOf, mediaTypeOf } from './media-types'
import type { PlaybackInput, PlaybackView, TouchInput, TouchView } from './schema'
import { forgetPlan, rememberPlan, type SessionPlan } from './session-plans'
import { hasFreeSlot, settleReleases } from './slots'
import { parseFacts, preferSource } from './source-facts'
import { endPlaybacks, findOwnPlayback, insertPlayback, touchOpenPlayback } from './store'
import { addressFor } from './stream-links'

const TOUCH_SECONDS = 10
/** A session nobody has touched for this long, in ms, has lost its player. */
const STALE_MS = 2 * 60_000

interface Choice {
  source: SourceRecord
  address: StreamAddress
  decision: Decision
}

/**
 * Opens a playback session: who may, which source, which way. Throws NOT_FOUND for an item outside the line-up, NO_SOURCE,
 * CODEC_UNSUPPORTED with the reason as its sentence, PROVIDER_LIMIT when every slot is in use.
 */
export async function openPlayback(viewer: Viewer, input: PlaybackInput): Promise<PlaybackView> {
  const now = new Date()
  const [item, listed] = await Promise.all([requireInLineUp(viewer, input.itemId), listSources(viewer, input.itemId)])
  const sources = preferSource(listed, input.sourceId)
  if (input.sourceId !== undefined && sources[0]?.id !== input.sourceId) throw new AppError('NOT_FOUND')
  const choice = await chooseSource(item, sources, input)
  const { accountId, profileId, sessionId } = viewer
  // Tidying up is not worth a viewer's time.
  endPlaybacks({ accountId, seenBefore: new Date(now.getTime() - STALE_MS) }, 'stale').catch(error =>
    log().warn({ err: error }, 'stale playback sessions could not be ended'),
  )
  const mode = choice.decision.mode
  const record = { accountId, profileId, sessionId, itemId: item.id, sourceId: choice.source.id }
  const id = await insertPlayback({ ...record, mode })
  const ordered = [choice.source, ...sources.filter(source => source !== choice.source)]
  const plan = rememberPlan({ record: { id, ...record }, item, sources: ordered, capabilities: input.capabilities })
  plan.addresses.set(choice.source.id, { address: choice.address, at: performance.now() })
  // Dialling begins now rather than with the player's first request: that round trip is part of every zap.
  if (mode === 'hls-package') openPlanRelay(plan).touchHls(id)
  const resumeSeconds = item.kind === 'channel' ? 0 : await findResumePoint(viewer, item.id)
  return toView({ plan, choice, resumeSeconds, listed })
}

/** Keeps a session alive and remembers how far it is. Throws NOT_FOUND for a stranger's, STREAM_ENDED for an ended one. */
export async function touchPlayback(viewer: Viewer, id: string, touch: TouchInput): Promise<TouchView> {
  const record = await findOwnPlayback(ownerOf(viewer), id)
  if (record === null) throw new AppError('NOT_FOUND')
  if (!(await touchOpenPlayback(id))) throw new AppError('STREAM_ENDED')
  if (touch.durationSeconds > 0) await recordProgress(viewer, { itemId: record.itemId, ...touch })
  return {}
}

/** Ends a session; its connection and slot are given back before this resolves. Ending twice is fine. */
export async function closePlayback(viewer: Viewer, id: string): Promise<void> {
  const record = await findOwnPlayback(ownerOf(viewer), id)
  if (record === null) return
  await endPlaybacks({ id }, 'closed')
  await leave(id)
}

async function leave(id: string): Promise<void> {
  const plan = await forgetPlan(id)
  if (plan !== null) findPlanRelay(plan)?.leaveHls(id)
  await settleReleases()
}

function ownerOf(viewer: Viewer): { accountId: string; profileId: string } {
  return { accountId: viewer.accountId, profileId: viewer.profileId }
}

/** The first source that this browser can play and whose provider has a connection left. */
async function chooseSource(item: SessionPlan['item'], sources: readonly SourceRecord[], input: PlaybackInput): Promise<Choice> {
  if (item.kind === 'series') throw new AppError('NO_SOURCE')
  let refusal: AppError | null = null
  for (const source of sources) {
    const address = await streamAddress(source)
    const facts = factsBefore(source, address)
    const decision = decidePlayback({
      kind: item.kind,
      source: facts,
      capabilities: input.capabilities,
      policy: { allowsDirect: false },
    })
    if (decision.mode === 'unsupported') refusal ??= new AppError('CODEC_UNSUPPORTED', { say: decision.message })
    else if (await hasRoom(source, { sources, decision, limit: address.maxConnections })) return { source, address, decision }
    else refusal = new AppError('PROVIDER_LIMIT')
  }
  throw refusal ?? new AppError('NO_SOURCE')
}

async function hasRoom(
  source: SourceRecord,
  situation: { sources: readonly SourceRecord[]; decision: Decision; limit: number | null },
): Promise<boolean> {
  const ordered = [source, ...situation.sources.filter(other => other !== source)]
  // A channel that is already relayed costs no further connection.
  if (situation.decision.mode === 'hls-package' && findPlanRelay({ sources: ordered }) !== null) return true
  return hasFreeSlot(source.providerId, situation.limit)
}

/** What we take a source for before its first byte: what it was last time, else what its address promises. */
function factsBefore(source: SourceRecord, address: StreamAddress): SourceFacts {
  const known = parseFacts(source.facts)
  if (known !== null) return known
  if (address.hls === address.url) return { container: 'hls', video: null, audio: null }
  if (source.kind === 'channel') return { container: null, video: null, audio: null }
  return { container: source.container === null ? null : containerOf(source.container), video: null, audio: null }
}

function toView(made: { plan: SessionPlan; choice: Choice; resumeSeconds: number; listed: SourceRecord[] }): PlaybackView {
  const { plan, choice, resumeSeconds, listed } = made
  const { source, decision } = choice
  const name = `film.${source.container ?? 'mp4'}`
  const isFile = decision.mode === 'file'
  const kind = isFile ? ('file' as const) : decision.mode === 'hls-proxy' ? ('hls' as const) : ('live' as const)
  return {
    sessionId: plan.record.id,
    mode: isFile ? 'file' : 'hls',
    live: plan.item.kind === 'channel',
    url: addressFor(plan, { kind, sourceId: source.id, ...(isFile ? { name } : {}) }),
    mimeType: isFile ? (mediaTypeOf(name) ?? 'video/mp4') : 'application/vnd.apple.mpegurl',
    resumeSeconds,
    sourceId: source.id,
    sources: listed.map(({ id, name: label, failing }) => ({ id, name: label, failing })),
    decision: { code: decision.code, message: decision.message },
    touchSeconds: TOUCH_SECONDS,
  }
}
