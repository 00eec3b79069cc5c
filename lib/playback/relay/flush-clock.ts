/** Part of the time between two that may be missing: timers of a tenth of a second are not that exact. */
const TOO_SOON = 0.2

/**
 * Says when what was gathered is handed on. A source that is read now and then is passed on without sleeping in between: each waking
 * up costs more than the bytes.
 */
export class FlushClock {
  readonly #everyMs: () => number
  readonly #flush: () => void
  #timer: NodeJS.Timeout | null = null
  #turnEnd: NodeJS.Immediate | null = null
  #flushedAt = Number.NEGATIVE_INFINITY

  /** Calls `flush` about so many milliseconds apart while there is something to hand on. */
  constructor(everyMs: () => number, flush: () => void) {
    this.#everyMs = everyMs
    this.#flush = flush
  }

  /** There is something to hand on. */
  schedule(): void {
    if (this.#timer !== null || this.#turnEnd !== null) return
    const every = this.#everyMs()
    const left = this.#flushedAt + every - performance.now()
    if (left > every * TOO_SOON) this.#timer = setTimeout(() => this.#due(), left)
    else this.#turnEnd = setImmediate(() => this.#due())
  }

  cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#turnEnd !== null) clearImmediate(this.#turnEnd)
    this.#timer = null
    this.#turnEnd = null
  }

  #due(): void {
    this.cancel()
    this.#flushedAt = performance.now()
    this.#flush()
  }
}
