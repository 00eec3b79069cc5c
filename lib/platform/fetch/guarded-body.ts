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
  /** Lets go of the connection. Called once, whatever the reason. */
  release: () => void
}

/**
 * The body of an upstream answer with an end in every direction: size, silence, total time, and the consumer leaving.
 * A consumer that is slow by itself is never taken for a silent upstream.
 */
export class GuardedBody extends Readable {
  readonly #source: Readable
  readonly #guards: BodyGuards
  readonly #timers: NodeJS.Timeout[] = []
  #received = 0
  #lastByteAt = performance.now()
  #isConsumerWaiting = true

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
    this.#source.resume()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    for (const timer of this.#timers) clearTimeout(timer)
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
    }
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
