import type { Writable } from 'node:stream'
import { AppError } from '@/lib/kernel/errors'
import { findVariant, printLiveVariant } from './live-playlist'
import type { Relay } from './relay/relay'
import type { LiveStream } from './stream-access'

/** Longest wait for the first segment in ms: beyond it a player has given up anyway. */
const FIRST_SEGMENT_MS = 20_000

const MEDIA_PLAYLIST = 'live.m3u8'
/** Longest wait for a segment that a playlist has announced, in ms: shorter than players' own patience. */
const ANNOUNCED_SEGMENT_MS = 6_000

export interface LiveStreamOptions {
  sessionId: string
  /** The channel as it comes: joins the running relay or starts one. */
  base(): Relay
  /** The relay that this viewer watches, which may be a conversion of the channel. */
  open(): Relay
  /** The running relay; segments never start one. */
  find(): Relay | null
  /** Which relay this viewer is to watch, now that the channel's codecs are known. Throws why none. */
  route(base: Relay): Promise<Relay>
  /** Called with each raw output before its first byte. */
  onRaw?(output: Writable): void
  /** Where the playlist of a source that serves HLS itself is found. */
  hlsAddress(sourceId: string): string
}

/** One viewer's way into a relay. */
export function createLiveStream(options: LiveStreamOptions): LiveStream {
  return {
    index: signal => readIndex(options, signal),
    media: signal => readMedia(options, signal),
    segment: (sequence, signal) => readSegment(options, sequence, signal),
    ready: signal => waitForPicture(options, signal),
    raw: output => {
      options.onRaw?.(output)
      if (output.destroyed) return
      const relay = options.open()
      relay.addRaw(output)
      // It was counted as an HLS viewer while nobody knew how it would watch; now the output itself says when it leaves.
      relay.leaveHls(options.sessionId)
    },
  }
}

async function waitForPicture(options: LiveStreamOptions, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(FIRST_SEGMENT_MS)
  const relay = options.open()
  await relay.waitForPicture(AbortSignal.any([signal, deadline])).catch(error => {
    if (relay.playlistSourceId !== null) throw new AppError('UPSTREAM_NOT_MEDIA', { message: 'HLS that a relay cannot read' })
    throw deadline.aborted ? new AppError('STREAM_NOT_READY', { retryAfter: 2 }) : error
  })
}

async function readSegment(options: LiveStreamOptions, sequence: number, signal: AbortSignal): Promise<Buffer> {
  const relay = options.find()
  if (relay === null) throw new AppError('STREAM_ENDED')
  relay.touchHls(options.sessionId)
  if (relay.hls.isComing(sequence)) {
    const deadline = AbortSignal.timeout(ANNOUNCED_SEGMENT_MS)
    await relay.hls.waitFor(sequence, AbortSignal.any([signal, deadline])).catch(error => {
      throw deadline.aborted ? new AppError('STREAM_NOT_READY', { retryAfter: 1 }) : error
    })
    relay.touchHls(options.sessionId)
  }
  const segment = relay.hls.find(sequence)
  if (segment === null) throw new AppError('NOT_FOUND')
  return segment.bytes
}

/** Waits until the codecs are known, then names those that this viewer gets. */
async function readIndex(options: LiveStreamOptions, signal: AbortSignal): Promise<{ text: string } | { location: string }> {
  const base = options.base()
  base.touchHls(options.sessionId)
  const moved = await waitForRelay(options, { relay: base, signal, condition: () => isDescribed(base) })
  if (moved !== null) return { location: moved }
  let relay: Relay
  try {
    relay = await options.route(base)
  } catch (error) {
    base.leaveHls(options.sessionId)
    throw error
  }
  if (relay !== base) {
    base.leaveHls(options.sessionId)
    await waitForRelay(options, { relay, signal, condition: () => isDescribed(relay) })
  }
  return {
    text: printLiveVariant(
      findVariant(relay.program, MEDIA_PLAYLIST) ?? { codecs: [], width: null, height: null, address: MEDIA_PLAYLIST },
    ),
  }
}

const isDescribed = ({ hls, program }: Relay): boolean => hls.isReady || findVariant(program, MEDIA_PLAYLIST) !== null

async function readMedia(options: LiveStreamOptions, signal: AbortSignal): Promise<{ text: string } | { location: string }> {
  const relay = options.open()
  relay.touchHls(options.sessionId)
  const moved = await waitForRelay(options, { relay, signal, condition: () => relay.hls.isListable })
  return moved === null ? { text: relay.hls.playlist() } : { location: moved }
}

/** Answers the address to go to instead, or null once the condition holds. Throws why the relay ended, or STREAM_NOT_READY. */
async function waitForRelay(
  options: LiveStreamOptions,
  wait: { relay: Relay; signal: AbortSignal; condition: () => boolean },
): Promise<string | null> {
  const { relay, signal, condition } = wait
  const deadline = AbortSignal.timeout(FIRST_SEGMENT_MS)
  try {
    await relay.hls.waitUntil(condition, AbortSignal.any([signal, deadline]))
    return null
  } catch (error) {
    if (relay.playlistSourceId !== null) return options.hlsAddress(relay.playlistSourceId)
    if (relay.endError !== null) throw relay.endError
    if (deadline.aborted) throw new AppError('STREAM_NOT_READY', { retryAfter: 2 })
    throw error
  }
}
