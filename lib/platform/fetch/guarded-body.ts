import { Readable } from 'node:stream'
import { AppError } from '@/lib/kernel/errors'
import { toUpstreamError } from './upstream-error'

export interface BodyGuards {
  /** Most bytes the consumer may receive; beyond it the body fails with UPSTREAM_TOO_LARGE. */
  maxBytes: number
  /** Longest silence in ms while the consumer is waiting; null for none. Fails with UPSTREAM_STALLED. */
  idleTimeoutMs: number | null
  /** When the body must have ended, on the monotonic clock of `performance.now()`; null for live bytes. */
  deadline: number | null
  /** Null reads whatever comes at once. */
  gather: Gather | null
  /** Lets go of the connection. Called once, whatever the reason. */
  release: () => void
}

/**
 * Reads a body that trickles now and then. Waking up costs more than what is read, and each read is charged with 64 kB of outside
 * memory whatever it brings. Between two reads the bytes wait in the kernel.
 */
export interface Gather {
  /** Milliseconds at the beginning during which nothing waits: somebody waits for the first picture. */
  afterMs: number
  /** Milliseconds between two reads, asked before each. */
  everyMs: () => number
}

/** The first time between two reads, doubled with each: how much the kernel takes in between, it learns from how much is read at once. */
const FIRST_REST_MS = 25

/** More is waiting behind a turn that brought so many bytes: libuv reads 2 MB in one. */
const BURST_BYTES = 1.5 * 2 ** 20
/** Pieces smaller than this on average are put together: an answer in small chunks would cost its consumer a call for each. */
const SMALL_BYTES = 8_192

/**
 * The body of an upstream answer with an end in every direction: size, silence, total time, and the consumer leaving.
 * A consumer that is slow by itself is never taken for a silent upstream.
 */
export class GuardedBody extends Readable {
  readonly #source: Readable
  readonly #guards: BodyGuards
  readonly #timers: NodeJS.Timeout[] = []
  #received = 0
  readonly #startedAt = performance.now()
  #lastByteAt = performance.now()
  #isConsumerWaiting = true
  /** What this turn of the event loop has brought so far, while gathering. */
  #turn: Buffer[] = []
  #turnEnd: NodeJS.Immediate | null = null
  /** Runs between two reads. */
  #rest: NodeJS.Timeout | null = null
  #restMs = FIRST_REST_MS

  constructor(source: Readable, guards: BodyGuards) {
    super({ highWaterMark: 65_536 })
    this.#source = source
    this.#guards = guards
    source.on('data', (chunk: Buffer) => this.#take(chunk))
    source.on('end', () => {
      this.#handOn()
      this.push(null)
    })
    source.on('error', error => {
      this.#handOn()
      this.destroy(toUpstreamError(error, 'body'))
    })
    // A source destroyed without an error would otherwise leave the reader waiting for ever.
    source.on('close', () => {
      this.#handOn()
      if (!source.readableEnded) this.destroy(new AppError('UPSTREAM_PROTOCOL_ERROR', { message: 'upstream cut the answer' }))
    })
    source.pause()
    this.#startTimers()
    // An answer that broke together with its headers has already told its error to nobody.
    if (source.destroyed && !source.readableEnded) this.destroy(toUpstreamError(source.errored, 'body'))
  }

  override _read(): void {
    if (!this.#isConsumerWaiting) this.#lastByteAt = performance.now()
    this.#isConsumerWaiting = true
    if (this.#rest === null) this.#source.resume()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    for (const timer of this.#timers) clearTimeout(timer)
    if (this.#rest !== null) clearTimeout(this.#rest)
    if (this.#turnEnd !== null) clearImmediate(this.#turnEnd)
    this.#guards.release()
    this.#source.destroy()
    done(error)
  }

  #take(chunk: Buffer): void {
    if (this.destroyed) return
    this.#received += chunk.length
    this.#lastByteAt = performance.now()
    if (this.#received > this.#guards.maxBytes) {
      this.destroy(new AppError('UPSTREAM_TOO_LARGE'))
      return
    }
    const { gather } = this.#guards
    this.#turn.push(chunk)
    if (gather === null || this.#lastByteAt - this.#startedAt < gather.afterMs) this.#handOn()
    else this.#turnEnd ??= setImmediate(() => this.#endTurn(gather))
  }

  /** Everything that had come has been read. */
  #endTurn({ everyMs }: Gather): void {
    this.#turnEnd = null
    const bytes = this.#handOn()
    if (bytes >= BURST_BYTES || !this.#isConsumerWaiting || this.destroyed) return
    this.#source.pause()
    const restMs = Math.min(this.#restMs, everyMs())
    this.#restMs = restMs * 2
    this.#rest = setTimeout(() => {
      this.#rest = null
      if (this.#isConsumerWaiting) this.#source.resume()
    }, restMs)
  }

  /** Gives the consumer what has come; answers how many bytes. */
  #handOn(): number {
    const turn = this.#turn
    this.#turn = []
    const bytes = turn.reduce((sum, { length }) => sum + length, 0)
    const pieces = turn.length > 1 && bytes < turn.length * SMALL_BYTES ? [Buffer.concat(turn)] : turn
    for (const piece of pieces) if (!this.destroyed && !this.push(piece)) this.#isConsumerWaiting = false
    if (!this.#isConsumerWaiting) this.#source.pause()
    return bytes
  }

  #startTimers(): void {
    const { idleTimeoutMs, deadline } = this.#guards
    if (deadline !== null) {
      const left = Math.max(0, deadline - performance.now())
      this.#timers.push(setTimeout(() => this.destroy(new AppError('UPSTREAM_TIMEOUT')), left))
    }
    if (idleTimeoutMs === null) return
    const check = () => {
      const silent = performance.now() - this.#lastByteAt
      if (this.#isConsumerWaiting && silent >= idleTimeoutMs) this.destroy(new AppError('UPSTREAM_STALLED'))
    }
    this.#timers.push(setInterval(check, Math.max(20, Math.min(1_000, idleTimeoutMs / 8))))
  }
}
