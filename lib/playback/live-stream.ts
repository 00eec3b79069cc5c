import type { Writable } from 'node:stream'
import { AppError } from '@/lib/kernel/errors'
import type { Rung } from './conversion/ladder'
import { findVariant, listVariants, MEDIA_PLAYLIST, parseChoice, printLiveMaster } from './live-master'
import { LiveTextReader } from './live-text'
import type { Relay } from './relay/relay'
import { waitForTracks } from './relay/wait-for-tracks'
import type { Segment } from './segmenter'
import type { LiveStream } from './stream-access'
import { TICKS_PER_SECOND } from './ts/pes'
import { lacksEnd, type Neighbourhood, selectSound } from './ts/select-sound'
import { selectStreams } from './ts/select-streams'

/** Longest wait for the first segment in ms: beyond it a player has given up anyway. */
const FIRST_SEGMENT_MS = 20_000

/** Choices of one segment that are kept: every quality in two languages. Others are cut each time. */
const MAX_CHOICES = 10
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
  /** Which relay this viewer is to watch, now that the channel's codecs are known, and its qualities. Throws why none. */
  route(base: Relay): Promise<{ relay: Relay; rungs: readonly Rung[] | null }>
  /** Is one language at a time sent? Apps take a stream as it is and choose within. */
  offersChoice: boolean
  /** Called with each raw output before its first byte. */
  onRaw?(output: Writable): void
  /** Where the playlist of a source that serves HLS itself is found. */
  hlsAddress(sourceId: string): string
}

/** One viewer's way into a relay. */
export function createLiveStream(options: LiveStreamOptions): LiveStream {
  return {
    index: signal => readIndex(options, signal),
    media: (signal, isKnown = false) => readMedia(options, isKnown, signal),
    segment: (sequence, signal, choice) => readSegment(options, { sequence, choice }, signal),
    text: (sequence, number, signal) => readText(options, { sequence, number }, signal),
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

async function findSegment(
  options: LiveStreamOptions,
  sequence: number,
  signal: AbortSignal,
): Promise<{ relay: Relay; segment: Segment }> {
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
  const segment = await relay.findSegment(sequence)
  if (segment === null) throw new AppError('NOT_FOUND')
  return { relay, segment }
}

async function readSegment(
  options: LiveStreamOptions,
  { sequence, choice }: { sequence: number; choice: string | undefined },
  signal: AbortSignal,
): Promise<Buffer> {
  const { relay, segment } = await findSegment(options, sequence, signal)
  return choice === undefined ? segment.bytes : choose(relay, segment, { name: choice, signal })
}

const textReaders = new WeakMap<Relay, LiveTextReader>()

async function readText(
  options: LiveStreamOptions,
  { sequence, number }: { sequence: number; number: number },
  signal: AbortSignal,
): Promise<string> {
  const { relay, segment } = await findSegment(options, sequence, signal)
  const text = relay.program?.texts[number]
  if (text === undefined) throw new AppError('NOT_FOUND')
  const reader = textReaders.get(relay) ?? new LiveTextReader()
  textReaders.set(relay, reader)
  const before = await Promise.all([sequence - 2, sequence - 1].map(each => relay.findSegment(each)))
  return reader.print(
    text,
    segment,
    before.filter(each => each !== null),
  )
}

const chosen = new WeakMap<Segment, Map<string, Buffer>>()

/** Cut once for all viewers who choose the same, and forgotten with the segment. */
async function choose(relay: Relay, segment: Segment, { name, signal }: { name: string; signal: AbortSignal }): Promise<Buffer> {
  const choice = parseChoice(name)
  if (choice === null) throw new AppError('NOT_FOUND')
  const made = chosen.get(segment) ?? new Map<string, Buffer>()
  chosen.set(segment, made)
  const known = made.get(name)
  if (known !== undefined) return known
  const bytes =
    choice.video === null
      ? await cutSound(relay, segment, { audio: choice.audio ?? 0, signal })
      : selectStreams(segment.bytes, choice)
  if (made.size < MAX_CHOICES) made.set(name, bytes)
  return bytes
}

/** Its last part may come with the next segment, which is then waited for; without one it ends where it ends. */
async function cutSound(
  relay: Relay,
  segment: Segment,
  { audio, signal }: { audio: number; signal: AbortSignal },
): Promise<Buffer> {
  const found = await neighbourhoodOf(relay, segment)
  const next = segment.sequence + 1
  if (found.after !== null || !relay.hls.isComing(next) || !lacksEnd(found, audio)) return selectSound(found, audio)
  const both = AbortSignal.any([signal, AbortSignal.timeout(ANNOUNCED_SEGMENT_MS)])
  await relay.hls.waitFor(next, both).catch(() => {})
  signal.throwIfAborted()
  return selectSound(await neighbourhoodOf(relay, segment), audio)
}

/** A segment with those beside it that it continues or that continue it. */
async function neighbourhoodOf(relay: Relay, segment: Segment): Promise<Neighbourhood> {
  const { sequence, bytes, shownFrom, duration, isDiscontinuous } = segment
  const [before, next] = await Promise.all([relay.findSegment(sequence - 1), relay.findSegment(sequence + 1)])
  const after = next?.isDiscontinuous ? null : next
  return {
    before: isDiscontinuous ? null : (before?.bytes ?? null),
    segment: bytes,
    after: after?.bytes ?? null,
    from: shownFrom,
    to: after?.shownFrom ?? shownFrom + duration * TICKS_PER_SECOND,
  }
}

/** Waits until the codecs are known, then names those that this viewer gets. */
async function readIndex(options: LiveStreamOptions, signal: AbortSignal): Promise<{ text: string } | { location: string }> {
  const base = options.base()
  base.touchHls(options.sessionId)
  const moved = await waitForRelay(options, { relay: base, signal, condition: () => isDescribed(base) })
  if (moved !== null) return { location: moved }
  const { relay, rungs } = await options.route(base).catch(error => {
    base.leaveHls(options.sessionId)
    throw error
  })
  if (relay !== base) {
    base.leaveHls(options.sessionId)
    await waitForRelay(options, { relay, signal, condition: () => (rungs === null ? isDescribed(relay) : relay.hls.isReady) })
  }
  // One sound is no choice, so nobody waits for it.
  if (options.offersChoice) await waitForTracks(relay, 2, signal)
  const { program } = relay
  if (program === null) throw relay.endError ?? new AppError('STREAM_ENDED')
  if (!options.offersChoice) return { text: printLiveMaster([findVariant(program, MEDIA_PLAYLIST) ?? unknownVariant]) }
  const { variants, sounds } = listVariants({ program, rungs, segment: relay.hls.newestIndependent?.bytes ?? null })
  return { text: printLiveMaster(variants, sounds, program.texts) }
}

const unknownVariant = { codecs: [], width: null, height: null, address: MEDIA_PLAYLIST }

const isDescribed = ({ hls, program }: Relay): boolean => hls.isReady || findVariant(program, MEDIA_PLAYLIST) !== null

async function readMedia(
  options: LiveStreamOptions,
  isKnown: boolean,
  signal: AbortSignal,
): Promise<{ text: string } | { location: string }> {
  const relay = options.open()
  relay.touchHls(options.sessionId)
  const moved = await waitForRelay(options, { relay, signal, condition: () => relay.hls.isListable })
  // Apps have no use for an hour that has passed, and would begin there.
  const extent = options.offersChoice ? (isKnown ? 'changes' : 'whole') : 'newest'
  return moved === null ? { text: relay.hls.playlist(extent) } : { location: moved }
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
    // A page plays a provider's own playlists in another way than ours, which it learns with the next session.
    if (relay.playlistSourceId !== null && !options.offersChoice) return options.hlsAddress(relay.playlistSourceId)
    if (relay.endError !== null) throw relay.endError
    if (deadline.aborted) throw new AppError('STREAM_NOT_READY', { retryAfter: 2 })
    throw error
  }
}
