import type { Readable } from 'node:stream'
import { AppError, toAppError } from '@/lib/kernel/errors'
import { SECOND, sleep } from '@/lib/kernel/time'
import { SNIFF_BYTES } from '../relay/sniff-live'
import type { TsProgram } from '../ts/scanner'
import { ArchiveCutter } from './archive-cutter'
import { ArchiveWindow } from './archive-window'
import { countSegments, lengthOf, planOpening, printReplayPlaylist, type ReplayTimes } from './stretch'

export interface ArchiveSource {
  /** Opens the provider's archive at a moment. Every failure is an AppError. */
  open(stretch: { start: Date; minutes: number }, signal: AbortSignal): Promise<Readable>
  now?(): number
  /** How long nobody asks before the connection is given back, in ms. */
  idleMs?: number
  /** When a stretch that may come into the archive late is asked for again, in ms. */
  retryMs?: number
}

/** A request so far ahead of what is being cut opens the archive anew. Segments. */
const REACH = 10
/** Longest wait for a segment, in ms: players give up on a silent server after 15 s, and ask again after an answer. */
const SEGMENT_MS = 13 * SECOND
/** Nobody asks any more: the connection is given back, and what was cut forgotten. In ms. */
const IDLE_MS = 30 * SECOND
/** Panels that refuse a connection count the one that has just closed for a moment longer. */
const COUNTED_MS = 1_100
/** What has only just been sent may come into the archive late: asked for again after this, in ms. */
const EDGE_RETRY_MS = 4 * SECOND
const EDGE_MS = 300 * SECOND

/** Times that one request opens the archive before it believes that its moment is not there. */
const MAX_OPENINGS = 2

interface Reading {
  cutter: ArchiveCutter
  /** The segment it was opened for. */
  target: number
  /** The request it was opened by. */
  turn: number
  end: AbortController
  /** Why it ended before it came to its target. */
  error: AppError | null
}

/**
 * The archive of one programme as segments, for one viewer: one connection at a time, read a little ahead of the player and
 * opened anew where that seeks out of reach.
 */
export class ArchiveStream {
  readonly #times: ReplayTimes
  readonly #source: ArchiveSource
  readonly #over: AbortSignal
  readonly #window = new ArchiveWindow()
  readonly #wakers = new Set<() => void>()
  #reading: Reading | null = null
  #program: TsProgram | null = null
  /** Of the last reading, for who has not asked for a segment yet. */
  #failure: AppError | null = null
  #turn = 0
  #closedAt = Number.NEGATIVE_INFINITY
  #idle: NodeJS.Timeout | null = null

  constructor(times: ReplayTimes, source: ArchiveSource, over: AbortSignal) {
    this.#times = times
    this.#source = source
    this.#over = over
    over.addEventListener('abort', () => this.#rest(), { once: true })
  }

  /** Is a connection open, or being opened? */
  get isReading(): boolean {
    return this.#reading !== null
  }

  get bytes(): number {
    return this.#window.bytes
  }

  playlist(): string {
    return printReplayPlaylist(this.#times, this.#now())
  }

  /** Begins to read for somebody who will ask for this segment. */
  begin(number: number): void {
    this.#note(number)
    if (this.#window.find(number) === null && !this.#reaches(number)) this.#open(number, ++this.#turn)
  }

  /** Forgets what was read: from now on the source gives something else of the same programme. */
  reopen(number: number): void {
    this.#stopReading()
    this.#window.clear()
    this.#program = null
    this.begin(number)
  }

  /** What the stream is made of, once that is known. Throws why it cannot be read. */
  async program(number: number, signal: AbortSignal): Promise<TsProgram> {
    if (this.#program === null && this.#reading === null && this.#failure === null) this.begin(number)
    await inTimeOf(signal)(both => this.#until(() => this.#program !== null || this.#failure !== null, both))
    const failure = this.#failure
    this.#failure = null
    if (this.#program === null) throw failure ?? new AppError('STREAM_ENDED')
    return this.#program
  }

  /** A segment's bytes. Throws NOT_FOUND for one that is not listed, STREAM_NOT_READY, ARCHIVE_GAP, and why the source failed. */
  async segment(number: number, signal: AbortSignal): Promise<Buffer> {
    if (number >= countSegments(this.#times, this.#now())) throw new AppError('NOT_FOUND')
    const turn = ++this.#turn
    this.#note(number)
    const inTime = inTimeOf(signal)
    for (let openings = 0; ; ) {
      const bytes = this.#window.find(number)
      if (bytes !== null) return bytes
      const before = this.#reading
      const reading = this.#reachOrOpen(number, turn)
      if (reading !== before && ++openings > MAX_OPENINGS) throw new AppError('ARCHIVE_GAP')
      const isSettled = () => this.#window.find(number) !== null || reading.error !== null || this.#reading !== reading
      await inTime(both => this.#until(() => isSettled() || !this.#reaches(number), both))
      // A connection that was opened for an earlier segment may end; one's own that fails has failed.
      if (reading.error !== null && reading.turn === turn) throw reading.error
    }
  }

  #now(): number {
    return this.#source.now?.() ?? Date.now()
  }

  #note(number: number): void {
    this.#over.throwIfAborted()
    this.#window.want(number)
    this.#wake()
    if (this.#idle === null) this.#idle = setTimeout(() => this.#rest(), this.#source.idleMs ?? IDLE_MS)
    else this.#idle.refresh()
  }

  /** Will the running connection come to this segment soon? */
  #reaches(number: number): boolean {
    const next = this.#reading?.cutter.number
    return next !== undefined && number >= next && number - Math.max(next, this.#reading?.target ?? 0) <= REACH
  }

  #reachOrOpen(number: number, turn: number): Reading {
    if (this.#reading !== null && this.#reaches(number)) return this.#reading
    // Whoever asked later decides where the archive is open: the player has gone there.
    if (this.#reading !== null && this.#reading.turn > turn) throw new AppError('STREAM_NOT_READY', { retryAfter: 1 })
    return this.#open(number, turn)
  }

  #open(target: number, turn: number): Reading {
    this.#stopReading()
    this.#failure = null
    const { start, minutes, offsetSeconds } = planOpening(this.#times, target, this.#now())
    const cutter = new ArchiveCutter({
      startSeconds: offsetSeconds,
      length: lengthOf(this.#times),
      onSegment: (number, bytes) => {
        this.#window.add(number, bytes)
        this.#wake()
      },
    })
    const reading: Reading = { cutter, target, turn, end: new AbortController(), error: null }
    this.#reading = reading
    this.#run(reading, { start, minutes }).then(
      () => this.#settle(reading, null),
      error => this.#settle(reading, toAppError(error)),
    )
    return reading
  }

  async #run(reading: Reading, stretch: { start: Date; minutes: number }): Promise<void> {
    const { cutter, end } = reading
    const signal = AbortSignal.any([end.signal, this.#over])
    const body = await this.#dial(stretch, signal)
    const stop = () => body.destroy()
    signal.addEventListener('abort', stop, { once: true })
    try {
      signal.throwIfAborted()
      for await (const chunk of body as AsyncIterable<Buffer>) {
        cutter.push(chunk)
        this.#learn(cutter)
        if (cutter.isDone) return
        if (cutter.program === null && cutter.skippedBytes > SNIFF_BYTES) throw new AppError('UPSTREAM_NOT_MEDIA')
        if (this.#window.isAhead(cutter.number)) await this.#until(() => !this.#window.isAhead(cutter.number), signal)
      }
      this.#finish(reading)
    } finally {
      signal.removeEventListener('abort', stop)
      body.destroy()
      this.#closedAt = performance.now()
    }
  }

  async #dial(stretch: { start: Date; minutes: number }, signal: AbortSignal): Promise<Readable> {
    try {
      return await this.#source.open(stretch, signal)
    } catch (error) {
      const isCounted = toAppError(error).code === 'PROVIDER_LIMIT' && performance.now() - this.#closedAt < 5 * SECOND
      if (!isCounted || signal.aborted) throw error
      await sleep(COUNTED_MS, signal)
      return this.#source.open(stretch, signal)
    }
  }

  /** The file has ended. What it did not bring that it was opened for is not in the archive, or not yet. */
  #finish({ cutter, target }: Reading): void {
    const before = cutter.number
    const rest = cutter.finish()
    if (before > target) return
    if (rest?.number !== target) throw new AppError('ARCHIVE_GAP')
    this.#window.add(rest.number, rest.bytes)
  }

  #learn(cutter: ArchiveCutter): void {
    const { program } = cutter
    if (program === null || this.#program === program) return
    // The picture's parameters come with its first key frame; of codecs that no browser plays they are not read.
    if (program.video !== null && program.video.codecString === null && cutter.cut === 0) return
    this.#program = program
    this.#wake()
  }

  #settle(reading: Reading, error: AppError | null): void {
    if (this.#reading !== reading) return
    if (error?.code === 'ARCHIVE_GAP' && this.#isAtEdge(reading)) {
      // The provider has not written it down yet.
      const again = () => this.#reading === reading && this.#open(reading.target, reading.turn)
      sleep(this.#source.retryMs ?? EDGE_RETRY_MS, AbortSignal.any([reading.end.signal, this.#over])).then(again, () => {})
      return
    }
    this.#reading = null
    reading.error = error
    this.#failure = error
    this.#wake()
  }

  #isAtEdge({ target }: Reading): boolean {
    const { start } = planOpening(this.#times, target, this.#now())
    return this.#now() - start.getTime() < EDGE_MS
  }

  #stopReading(): void {
    const reading = this.#reading
    this.#reading = null
    reading?.end.abort(new AppError('STREAM_ENDED'))
  }

  #rest(): void {
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#idle = null
    this.#stopReading()
    this.#window.clear()
    this.#wake()
  }

  #wake(): void {
    for (const wake of [...this.#wakers]) wake()
  }

  async #until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    while (!condition()) {
      this.#over.throwIfAborted()
      signal.throwIfAborted()
      await new Promise<void>(resolve => {
        const wake = () => {
          this.#wakers.delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        this.#wakers.add(wake)
        signal.addEventListener('abort', wake, { once: true })
      })
    }
  }
}

/** Waits on behalf of one request, which has a deadline of its own however often it has to wait. */
function inTimeOf(signal: AbortSignal): (wait: (signal: AbortSignal) => Promise<void>) => Promise<void> {
  const deadline = AbortSignal.timeout(SEGMENT_MS)
  const both = AbortSignal.any([signal, deadline])
  return wait =>
    wait(both).catch(error => {
      throw deadline.aborted ? new AppError('STREAM_NOT_READY', { retryAfter: 1 }) : error
    })
}
