import { AppError } from '@/lib/kernel/errors'
import { sleep } from '@/lib/kernel/time'
import { type FoundMedia, findMedia, type HlsSource, type MediaPlaylist, readPlaylist } from './hls-media'
import { type HlsSegment, parseUpstreamPlaylist } from './hls-playlist'
import { SegmentFetcher } from './hls-segments'
import { Pacer } from './pacer'

export interface HlsHooks {
  /** Bytes of transport stream, in order and at the speed of the picture. */
  emit(bytes: Buffer): void
  /** What follows does not continue what came. */
  onBreak(): void
}

/** Segments before the newest with which a stream begins: some reserve, and yet live. */
const START_SEGMENTS = 3
const MIN_POLL_MS = 1_000
/** Polls or segments in a row that may fail before the source counts as dead. */
const MAX_FAILURES = 3

/**
 * Reads a live HLS source as one stream. Resolves with 'unsupported' when its segments are no transport stream, its sound
 * lies elsewhere or it is a film; otherwise it goes on until the signal aborts or the source fails, and rejects.
 */
export async function runHlsUpstream(source: HlsSource, hooks: HlsHooks, signal: AbortSignal): Promise<'unsupported'> {
  const found = await findMedia(source, signal)
  if (found === null || found.playlist.format !== 'ts' || found.playlist.isEnded) return 'unsupported'
  const end = new AbortController()
  const both = AbortSignal.any([signal, end.signal])
  const pacer = new Pacer(hooks)
  try {
    return await Promise.race([pacer.run(both), new SegmentLoop(source, pacer).run(found, both)])
  } finally {
    end.abort(new AppError('STREAM_ENDED'))
  }
}

/** Polls the playlist and fetches what is new, one segment at a time. */
class SegmentLoop {
  readonly #source: HlsSource
  readonly #pacer: Pacer
  readonly #fetcher: SegmentFetcher
  /** Number of the next segment; null before the first. */
  #next: number | null = null
  #failures = 0
  /** Something between the last segment and the next one is missing. */
  #isBroken = false

  constructor(source: HlsSource, pacer: Pacer) {
    this.#source = source
    this.#pacer = pacer
    this.#fetcher = new SegmentFetcher(source.follow)
  }

  async run(found: FoundMedia, signal: AbortSignal): Promise<never> {
    let { playlist } = found
    for (;;) {
      const polledAt = performance.now()
      const fresh = this.#freshOf(playlist)
      for (const segment of fresh) await this.#take(segment, signal)
      if (playlist.isEnded) throw new AppError('STREAM_ENDED', { message: 'the playlist has ended' })
      // A list without news is asked for again sooner (RFC 8216, 6.3.4).
      const pollMs = Math.max(MIN_POLL_MS, playlist.targetDuration * (fresh.length > 0 ? 1_000 : 500))
      await sleep(Math.max(0, polledAt + pollMs - performance.now()), signal)
      playlist = (await this.#poll(found.address, signal)) ?? playlist
    }
  }

  #freshOf({ segments }: MediaPlaylist): readonly HlsSegment[] {
    const first = segments[0]?.sequence ?? 0
    const last = segments.at(-1)?.sequence ?? -1
    if (this.#next !== null && segments.length > 0 && last < this.#next - segments.length) {
      // Numbers far behind: the provider has started anew.
      this.#next = null
      this.#isBroken = true
    }
    if (this.#next === null) return segments.slice(-START_SEGMENTS)
    if (first > this.#next) this.#isBroken = true
    const next = this.#next
    return segments.filter(({ sequence }) => sequence >= next)
  }

  async #take(segment: HlsSegment, signal: AbortSignal): Promise<void> {
    await this.#pacer.room(signal)
    const isFirst = this.#next === null
    this.#next = segment.sequence + 1
    try {
      const bytes = await this.#fetcher.fetch(segment, signal)
      this.#pacer.add({ bytes, seconds: segment.duration, isBreak: !isFirst && (segment.isDiscontinuous || this.#isBroken) })
      this.#isBroken = false
      this.#failures = 0
    } catch (error) {
      // One that has just left the provider's window, or a bad one, is stepped over.
      this.#isBroken = true
      this.#noteFailure(error, signal)
    }
  }

  async #poll(address: string, signal: AbortSignal): Promise<MediaPlaylist | null> {
    try {
      const { text, url } = await readPlaylist(this.#source.follow, address, signal)
      const playlist = parseUpstreamPlaylist(text, url)
      if (playlist.kind !== 'media' || playlist.format !== 'ts') throw new AppError('PLAYLIST_INVALID')
      this.#failures = 0
      return playlist
    } catch (error) {
      this.#noteFailure(error, signal)
      return null
    }
  }

  #noteFailure(error: unknown, signal: AbortSignal): void {
    signal.throwIfAborted()
    this.#failures++
    if (this.#failures >= MAX_FAILURES) throw error
  }
}
