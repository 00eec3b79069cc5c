import { AppError } from '@/lib/kernel/errors'
import { SECOND } from '@/lib/kernel/time'
import { printLivePlaylist } from '../live-playlist'
import { LIVE_DELAY_SECONDS } from '../schema'
import type { Segment, Upcoming } from '../segmenter'

/** Seconds of video a playlist lists: enough for a player that starts three segments back, little enough to stay live. */
const LISTED_SECONDS = 14
/** Segments that have left the list but may still be asked for by a player that read it just before. */
const KEPT_SEGMENTS = 4

/** A player that asks again knows what is older than this, in seconds; one that looked away for longer still finds its place. */
const CHANGES_SECONDS = 60

/** What a playlist is to tell: what players need to go on, all that is kept, or of that what is new to one who has read it before. */
export type Extent = 'newest' | 'whole' | 'changes'

export type SegmentFacts = Pick<Segment, 'sequence' | 'duration' | 'isDiscontinuous' | 'offset'>

/** Where segments stay when they have left memory. */
export interface SegmentShelf {
  add(segment: Segment): void
  find(sequence: number): Promise<Segment | null>
  list(): readonly SegmentFacts[]
  close(): Promise<void>
}

export interface HlsWindowOptions {
  maxBytes: number
  /** What is kept beyond memory, in order; there may be holes in it. */
  kept?: () => readonly SegmentFacts[]
  /** Segments that are being made now and whose lengths are already fixed. */
  upcoming?: () => readonly Upcoming[]
}

/** The newest segments of a channel and its playlist. Memory is bounded by bytes. */
export class HlsWindow {
  readonly #maxBytes: number
  readonly #kept: () => readonly SegmentFacts[]
  readonly #upcoming: () => readonly Upcoming[]
  readonly #began = Date.now()
  #segments: Segment[] = []
  #bytes = 0
  #targetDuration = 1
  #droppedDiscontinuities = 0
  #isEnded = false
  #waiters = new Set<() => void>()

  constructor(options: HlsWindowOptions) {
    this.#maxBytes = options.maxBytes
    this.#kept = options.kept ?? (() => [])
    this.#upcoming = options.upcoming ?? (() => [])
  }

  get isReady(): boolean {
    return this.#segments.length > 0
  }

  get newest(): Segment | null {
    return this.#segments.at(-1) ?? null
  }

  /** The newest segment that begins with a key frame. */
  get newestIndependent(): Segment | null {
    return this.#segments.findLast(segment => segment.isIndependent) ?? null
  }

  get bytes(): number {
    return this.#bytes
  }

  add(segment: Segment): void {
    this.#segments.push(segment)
    this.#bytes += segment.size
    this.#targetDuration = Math.max(this.#targetDuration, Math.round(segment.duration))
    while (this.#segments.length > 1 && this.#isOverfull()) {
      const dropped = this.#segments.shift()
      this.#bytes -= dropped?.size ?? 0
      if (dropped?.isDiscontinuous) this.#droppedDiscontinuities++
    }
    this.notify()
  }

  /** No more segments will come. Waiting readers wake up. */
  end(): void {
    this.#isEnded = true
    this.notify()
  }

  find(sequence: number): Segment | null {
    return this.#segments.find(segment => segment.sequence === sequence) ?? null
  }

  /** Has a playlist announced this segment, or will it be the very next one? */
  isComing(sequence: number): boolean {
    const upcoming = this.#upcoming()
    const next = this.newest === null ? upcoming[0]?.sequence : this.newest.sequence + 1
    return !this.#isEnded && next !== undefined && sequence >= next && sequence < next + Math.max(1, upcoming.length)
  }

  playlist(extent: Extent = 'newest'): string {
    const listed = this.#segments.slice(this.#firstListed())
    const hidden = this.#segments.slice(0, this.#firstListed())
    const upcoming = this.#isEnded ? [] : this.#upcoming()
    this.#targetDuration = Math.max(this.#targetDuration, ...upcoming.map(({ duration }) => Math.round(duration)))
    const before = extent === 'newest' ? [] : this.#keptBefore(listed[0]?.sequence ?? 0)
    const skipped = extent === 'changes' ? countKnown(before, lengthOf(listed)) : 0
    const told = before.slice(skipped)
    const [earliest = upcoming[0]] = [...told, ...listed]
    const left = this.#droppedDiscontinuities + hidden.filter(segment => segment.isDiscontinuous).length
    return printLivePlaylist({
      segments: [...told, ...listed],
      startsAt: new Date(this.#began + (earliest?.offset ?? 0) * SECOND),
      ...(extent === 'newest' ? {} : { skipped, skipsBefore: CHANGES_SECONDS }),
      upcoming,
      startSeconds: lengthOf(told) + findStart(listed, lengthOf(upcoming)),
      // Of the first segment that is told of: Shaka counts on from there.
      discontinuitySequence: left - told.filter(segment => segment.isDiscontinuous).length,
      targetDuration: this.#targetDuration,
      isEnded: this.#isEnded,
    })
  }

  /** What is kept without a hole before this segment. */
  #keptBefore(sequence: number): readonly SegmentFacts[] {
    const kept = this.#kept()
    const end = kept.findLastIndex(segment => segment.sequence < sequence) + 1
    let begin = end
    while (begin > 0 && kept[begin - 1]?.sequence === sequence - 1 - (end - begin)) begin--
    return kept.slice(begin, end)
  }

  /** Are there segments, or do we know which will come? */
  get isListable(): boolean {
    return this.isReady || this.#upcoming().length > 0
  }

  /** Resolves once a segment with at least this number is there. Throws STREAM_ENDED, or the signal's reason. */
  waitFor(sequence: number, signal: AbortSignal): Promise<void> {
    return this.waitUntil(() => (this.newest?.sequence ?? -1) >= sequence, signal)
  }

  /** Resolves once the condition holds; it is asked after each change. Throws STREAM_ENDED, or the signal's reason. */
  async waitUntil(condition: () => boolean, signal: AbortSignal): Promise<void> {
    while (!condition()) {
      if (this.#isEnded) throw new AppError('STREAM_ENDED')
      signal.throwIfAborted()
      await this.#nextChange(signal)
    }
  }

  /** Something that readers may be waiting for has happened. */
  notify(): void {
    for (const wake of [...this.#waiters]) wake()
  }

  #nextChange(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        this.#waiters.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiters.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }

  #firstListed(): number {
    let seconds = 0
    let index = this.#segments.length
    while (index > 0 && seconds < LISTED_SECONDS) {
      index--
      seconds += this.#segments[index]?.duration ?? 0
    }
    return index
  }

  #isOverfull(): boolean {
    return this.#bytes > this.#maxBytes || this.#firstListed() > KEPT_SEGMENTS
  }
}

/**
 * Where a player begins that comes while segments are announced, in seconds. A picture can only begin with a key frame, which not
 * every segment of a young channel has; and players wait before one that is closer to the end than they are willing to play.
 */
function findStart(segments: readonly Segment[], announced: number): number {
  const latest = lengthOf(segments) + announced - LIVE_DELAY_SECONDS
  let start: number | null = null
  let seconds = 0
  for (const { isIndependent, duration } of segments) {
    if (isIndependent && (start === null || seconds <= latest)) start = seconds
    seconds += duration
  }
  return start ?? 0
}

const lengthOf = (segments: readonly { duration: number }[]): number => segments.reduce((sum, { duration }) => sum + duration, 0)

/** How many of these are older than what a second look is told of; `behind` seconds come after them. */
function countKnown(segments: readonly SegmentFacts[], behind: number): number {
  let [told, seconds] = [segments.length, behind]
  while (told > 0 && seconds < CHANGES_SECONDS) seconds += segments[--told]?.duration ?? 0
  return told
}
