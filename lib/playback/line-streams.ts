import 'server-only'
import type { Writable } from 'node:stream'
import { getLineSettings, type LineRecord } from '@/lib/accounts'
import { listSources, type SourceRecord } from '@/lib/catalogue'
import { AppError } from '@/lib/kernel/errors'
import type { ItemKind } from '@/lib/kernel/ids'
import { sleep } from '@/lib/kernel/time'
import { publish } from '@/lib/platform/bus'
import { log } from '@/lib/platform/log'
import { requireMayWatch } from '@/lib/profiles'
import { type StreamAddress, streamAddress } from '@/lib/providers'
import { fileOf, liveOf } from './access'
import { findFilmKey } from './drm/drm-store'
import { insertLinePlayback } from './line-store'
import { fileNameOf, mediaTypeOf } from './media-types'
import { forgetPlan, kindOf, lineViewer, listPlans, rememberPlan, type SessionPlan, whileOpening } from './session-plans'
import { beat } from './session-watch'
import { endPlaybacks } from './store'
import type { FileStream, LiveStream } from './stream-access'
import { addressFor } from './stream-links'

/** What an app with a device line asks for. */
export interface LineRequest {
  line: LineRecord
  itemId: number
  kind: Exclude<ItemKind, 'series'>
  address: string
  app: string
  /** The X-Iptv-Hop header. */
  hop?: string | undefined
}

/** Longest wait for a channel's first picture before the answer begins, in ms: many apps give up after ten seconds. */
const FIRST_PICTURE_MS = 9_500
/** A line that refuses waits this long for the stream its app has just left to end. */
const REFUSE_PATIENCE_MS = 1_500
const REFUSE_RETRY_MS = 150

export type LineMode = 'line-ts' | 'line-hls' | 'line-file' | 'line-catch-up'

/** Sent to the provider's own address, because the source's owner wants it so. */
export interface Elsewhere {
  location: string
}

/**
 * A channel as one endless transport stream. Waits until there is a picture, so that a channel that does not come is an
 * error instead of silence. @throws NOT_FOUND, LINE_FULL, and why the sources failed
 */
export async function openLineChannel(
  request: LineRequest,
  signal: AbortSignal,
): Promise<Elsewhere | { start(output: Writable): void }> {
  requireFormat(request.line, 'ts')
  const { sources, elsewhere } = await findSources(request)
  if (elsewhere !== null) return { location: elsewhere.url }
  const plan = await openSession(request, { sources, mode: 'line-ts' })
  const stream = liveOf(plan, request.hop)
  try {
    await whileOpening(plan, () => waitForPicture(stream, AbortSignal.any([signal, plan.over.signal])))
  } catch (error) {
    await endLineSession(plan, 'failed')
    throw error
  }
  return {
    start: output => {
      output.once('close', () => void endLineSession(plan, 'left'))
      stream.raw(output)
    },
  }
}

/** A channel as HLS: the stream, and the folder on our server under which its parts are found. */
export async function openLineHls(request: LineRequest): Promise<Elsewhere | { stream: LiveStream; folder: string }> {
  requireFormat(request.line, 'm3u8')
  const { sources, elsewhere } = await findSources(request)
  if (elsewhere !== null) return { location: elsewhere.hls ?? elsewhere.url }
  const plan = joinSession(request, 'line-hls') ?? (await openSession(request, { sources, mode: 'line-hls' }))
  const address = addressFor(plan, { kind: 'live', sourceId: plan.record.sourceId })
  const stream = liveOf(plan, request.hop)
  return {
    stream: { ...stream, index: signal => orLeave(plan, () => stream.index(signal)) },
    folder: address.slice(0, address.lastIndexOf('/') + 1),
  }
}

/** A session whose first request fails has never played: its place is free again at once. */
export async function orLeave<T>(plan: SessionPlan, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (plan.meter.bytes === 0 && plan.streams.size === 0) await endLineSession(plan, 'failed')
    throw error
  }
}

/** A film or episode. Requests of one app for one film share a session: each range is one of them. */
export async function openLineFile(request: LineRequest): Promise<Elsewhere | FileStream> {
  const { sources, elsewhere } = await findSources(request)
  if ((await findFilmKey(request.itemId)) !== null) throw new AppError('ITEM_PROTECTED')
  if (elsewhere !== null) return { location: elsewhere.url }
  const plan = joinSession(request, 'line-file') ?? (await openSession(request, { sources, mode: 'line-file' }))
  const file = fileOf(plan, sourceOf(plan), request.hop)
  return { open: asked => orLeave(plan, () => file.open(asked)) }
}

/** For HEAD: is it there and may this line see it? Opens nothing. @throws NOT_FOUND, NO_SOURCE */
export async function requireLineItem(request: LineRequest): Promise<{ fileType: string }> {
  const { sources } = await findSources(request)
  return { fileType: mediaTypeOf(fileNameOf({ container: sources[0]?.container ?? null })) ?? 'application/octet-stream' }
}

/** @throws LINE_FORMAT */
export function requireFormat(line: LineRecord, format: 'ts' | 'm3u8'): void {
  if (!line.formats.includes(format)) throw new AppError('LINE_FORMAT')
}

export function sourceOf(plan: SessionPlan): SourceRecord {
  const source = plan.sources.find(({ id }) => id === plan.record.sourceId) ?? plan.sources[0]
  if (source === undefined) throw new AppError('NO_SOURCE')
  return source
}

/** The item's sources, and where the first one is when its owner lets apps go there themselves. */
export async function findSources(request: LineRequest): Promise<{ sources: SourceRecord[]; elsewhere: StreamAddress | null }> {
  const viewer = lineViewer(request.line)
  const [sources] = await Promise.all([listSources(viewer, request.itemId), requireMayWatch(viewer)])
  // One numbering for all kinds: a film asked for as a channel is simply not there.
  if (kindOf(sources) !== request.kind) throw new AppError('NOT_FOUND')
  const address = await streamAddress(sources[0] as SourceRecord)
  return { sources, elsewhere: address.delivery === 'redirect' ? address : null }
}

/** The running session of the same app for the same thing; null when there is none here. */
export function joinSession({ line, itemId, address, app }: LineRequest, mode: LineMode): SessionPlan | null {
  const found = listPlans().find(
    ({ record }) =>
      record.lineId === line.id &&
      record.itemId === itemId &&
      record.mode === mode &&
      record.address === address &&
      record.app === app,
  )
  if (found === undefined) return null
  found.usedAt = performance.now()
  return found
}

/** Opens a session under the line's cap; what it replaces ends here and in every other process. @throws LINE_FULL */
export async function openSession(
  request: LineRequest,
  { sources, mode }: { sources: SourceRecord[]; mode: LineMode },
): Promise<SessionPlan> {
  const { line, itemId, address, app } = request
  const [first] = sources
  if (first === undefined) throw new AppError('NO_SOURCE')
  await leaveLast(request)
  const whenFull = line.whenFull ?? (await getLineSettings()).whenFull
  const { accountId, profileId } = line
  const wanted = { accountId, profileId, itemId, sourceId: first.id, mode, address, app }
  const place = { lineId: line.id, maxConnections: line.maxConnections, whenFull }
  const { record, replaced } = await insertPatiently(place, wanted)
  if (replaced.length > 0) {
    await Promise.all(replaced.map(forgetPlan))
    await publish('playback.ended', { ids: replaced })
  }
  return rememberPlan({ record, kind: request.kind, sources, capabilities: null, line })
}

/**
 * An app that asks for something new has left the film or HLS channel it read last. That session would hold its place and
 * its connection for a while, in case another part is asked for.
 */
async function leaveLast({ line, address, app }: LineRequest): Promise<void> {
  const left = listPlans().filter(
    ({ record, streams, opening }) =>
      record.lineId === line.id &&
      record.address === address &&
      record.app === app &&
      record.mode !== 'line-ts' &&
      streams.size + opening === 0,
  )
  await Promise.all(left.map(plan => endLineSession(plan, 'left')))
}

async function insertPatiently(...[place, wanted]: Parameters<typeof insertLinePlayback>) {
  const deadline = performance.now() + REFUSE_PATIENCE_MS
  for (;;) {
    try {
      return await insertLinePlayback(place, wanted)
    } catch (error) {
      const isFull = error instanceof AppError && error.code === 'LINE_FULL'
      if (!isFull || performance.now() > deadline) throw error
      await sleep(REFUSE_RETRY_MS)
    }
  }
}

async function waitForPicture(stream: LiveStream, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(FIRST_PICTURE_MS)
  await stream.ready(AbortSignal.any([signal, deadline])).catch(error => {
    throw deadline.aborted ? new AppError('UPSTREAM_TIMEOUT') : error
  })
}

export async function endLineSession(plan: SessionPlan, reason: string): Promise<void> {
  try {
    await beat([plan])
    await Promise.all([endPlaybacks({ ids: [plan.record.id] }, reason), forgetPlan(plan.record.id)])
  } catch (error) {
    // Nobody vouches for it any more, so it runs out by itself.
    log().warn({ err: error }, 'the end of a stream could not be noted')
    await forgetPlan(plan.record.id)
  }
}
