import { AppError } from '@/lib/kernel/errors'
import { Segmenter } from '../segmenter'
import { TICKS_PER_SECOND } from '../ts/pes'
import { type TsProgram, TsScanner } from '../ts/scanner'
import { ProgrammeClock } from './programme-clock'
import { SEGMENT_SECONDS, segmentAt } from './stretch'

/** Key frames a hair before the boundary count as on it. */
const TOLERANCE_SECONDS = 0.15
/** A stream with rarer key frames is cut between them, this long after the boundary. */
const PATIENCE_SECONDS = 4
/** Richer than any broadcast: six seconds at 60 Mbit/s. */
const MAX_BYTES = 48 * 2 ** 20
/** So much without a step in time is no recording: it has no key frame, or its clock stands still. */
const MAX_BYTES_WITHOUT_STEP = 64 * 2 ** 20

export interface CutterOptions {
  /** Where in the programme the first key frame stands; below 0 before its beginning. */
  startSeconds: number
  /** Length of the programme in seconds. */
  length: number
  onSegment(number: number, bytes: Buffer): void
}

/** Cuts an archive's stream into the numbered segments of a programme, at the key frames nearest to their boundaries. */
export class ArchiveCutter {
  readonly #options: CutterOptions
  readonly #scanner: TsScanner
  readonly #segmenter: Segmenter
  /** The segment that was cut last; held back until it is sure that nothing more belongs to it. */
  #held: { number: number; bytes: Buffer } | null = null
  #isFirst = true
  #isDone = false
  #cut = 0
  #number: number
  /** Bytes since the number of the segment in the making changed. */
  #sinceStep = 0

  constructor(options: CutterOptions) {
    this.#options = options
    this.#number = Math.floor(options.startSeconds / SEGMENT_SECONDS)
    this.#segmenter = new Segmenter({
      program: () => this.#scanner.program,
      onSegment: ({ start, bytes }) => this.#take(start / TICKS_PER_SECOND, bytes),
      options: {
        maxBytes: MAX_BYTES,
        isDue: (frame, start) => this.#isDue(frame.dts / TICKS_PER_SECOND, start.dts / TICKS_PER_SECOND, frame.isKey),
      },
    })
    this.#scanner = new TsScanner(new ProgrammeClock(options.startSeconds, this.#segmenter))
  }

  /** Number of the segment in the making. */
  get number(): number {
    return this.#number
  }

  /** Segments that have been handed on. */
  get cut(): number {
    return this.#cut
  }

  /** The programme has been cut to its end. */
  get isDone(): boolean {
    return this.#isDone
  }

  /** What the stream is made of; null before it is known. */
  get program(): TsProgram | null {
    return this.#scanner.program
  }

  /** Bytes that were no transport stream. */
  get skippedBytes(): number {
    return this.#scanner.aligner.skippedBytes
  }

  /** Throws UPSTREAM_NOT_MEDIA for a stream in which no time goes by. */
  push(chunk: Buffer): void {
    const before = this.#number
    this.#scanner.push(chunk)
    this.#sinceStep = this.#number > before ? 0 : this.#sinceStep + chunk.length
    if (this.#sinceStep > MAX_BYTES_WITHOUT_STEP) throw new AppError('UPSTREAM_NOT_MEDIA')
  }

  /** The stream has ended: what was begun of a segment, when it is one. */
  finish(): { number: number; bytes: Buffer } | null {
    this.#segmenter.breakOff()
    const rest = this.#held
    this.#held = null
    return rest
  }

  #isDue(at: number, start: number, isKey: boolean): boolean {
    const boundary = this.#boundaryAfter(start)
    const isOver = (isKey && at >= boundary - TOLERANCE_SECONDS) || at >= boundary + PATIENCE_SECONDS
    // The programme's own end may lie within a segment.
    if (isOver) this.#number = at >= this.#options.length - TOLERANCE_SECONDS ? this.#last + 1 : this.#numberAt(at)
    return isOver
  }

  #boundaryAfter(start: number): number {
    return Math.min(this.#options.length, (this.#numberAt(start) + 1) * SEGMENT_SECONDS)
  }

  /** Number of the last segment. */
  get #last(): number {
    return segmentAt(this.#options.length - 0.001)
  }

  #numberAt(seconds: number): number {
    return Math.floor((seconds + TOLERANCE_SECONDS) / SEGMENT_SECONDS)
  }

  #take(start: number, bytes: Buffer): void {
    const number = this.#numberAt(start)
    const isPart = this.#isFirst && start - number * SEGMENT_SECONDS > TOLERANCE_SECONDS
    this.#isFirst = false
    // Before the programme, or only the end of a segment: nobody has asked for it.
    if (number < 0 || isPart || this.#isDone) return
    if (this.#held?.number === number) this.#held.bytes = Buffer.concat([this.#held.bytes, bytes])
    else {
      this.#release()
      this.#held = { number, bytes }
    }
    // Cut at the beginning of the next one, it is complete.
    if (this.#number > number) this.#release()
  }

  #release(): void {
    if (this.#held === null) return
    const { number, bytes } = this.#held
    this.#held = null
    this.#cut++
    this.#options.onSegment(number, bytes)
    if (number >= this.#last) this.#isDone = true
  }
}
