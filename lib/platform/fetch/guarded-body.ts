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
 * Reads a body that trickles now and then. Each read is charged with 64 kB of outside memory whatever it brings, so a channel
 * read 400 times a second keeps the collector busy.
 */
export interface Gather {
  /** Milliseconds at the beginning during which nothing waits: somebody waits for the first picture. */
  afterMs: number
  /** Milliseconds between two reads. */
  everyMs: number
}

/** Bytes of a read behind which more is waiting. */
const FULL_READ = 49_152

/**
 * The body of an upstream answer with an end in every direction: size, silence, total time, and the consumer leaving.
 * A consumer that is slow by itself is never taken for a silent upstream.
 */
export class GuardedBody extends Readable {
  readonly #source: Readable
  readonly #guards: BodyGuards
  readonly #timers: NodeJS.Timeout[] = []
  #received = 0
  #receivedAtWait = 0
  readonly #startedAt = performance.now()
  #lastByteAt = performance.now()
  #isConsumerWaiting = true
  #isGathering = false
  #timer: NodeJS.Timeout | null = null

  constructor(source: Readable, guards: BodyGuards) {
    super({ highWaterMark: 65_536 })
    this.#source = source
    this.#guards = guards
    source.on('data', (chunk: Buffer) => this.#take(chunk))
    source.on('end', () => this.push(null))
    source.on('error', error => this.destroy(toUpstreamError(error, 'body')))
    // A source destroyed without an error would otherwise leave the reader waiting for ever.
    source.on('close', () => {
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
    if (this.#isGathering) this.#timer ??= setTimeout(() => this.#gather(), 0)
    else this.#source.resume()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    for (const timer of this.#timers) clearTimeout(timer)
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#guards.release()
    this.#source.destroy()
    done(error)
  }

  #take(chunk: Buffer): void {
    this.#received += chunk.length
    this.#lastByteAt = performance.now()
    if (this.#received > this.#guards.maxBytes) {
      this.destroy(new AppError('UPSTREAM_TOO_LARGE'))
      return
    }
    if (!this.push(chunk)) {
      this.#isConsumerWaiting = false
      this.#source.pause()
      return
    }
    const { gather } = this.#guards
    if (this.#isGathering || gather === null || this.#lastByteAt - this.#startedAt < gather.afterMs) return
    this.#isGathering = true
    this.#source.pause()
    this.#timer = setTimeout(() => this.#gather(), gather.everyMs)
  }

  /** Takes everything that has come at once: the pieces of an answer in chunks are many, and flowing would bring one a turn. */
  #gather(): void {
    this.#timer = null
    if (!this.#isConsumerWaiting) return
    // The listener for 'data' takes it.
    while (this.#isConsumerWaiting && this.#source.read() !== null);
    if (!this.#isConsumerWaiting || this.destroyed) return
    const isMoreWaiting = this.#received - this.#receivedAtWait >= FULL_READ
    this.#receivedAtWait = this.#received
    this.#timer ??= setTimeout(() => this.#gather(), isMoreWaiting ? 0 : this.#guards.gather?.everyMs)
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
