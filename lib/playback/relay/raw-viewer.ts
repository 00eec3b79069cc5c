import type { Writable } from 'node:stream'
import type { Ring } from '../ring'

/** Bytes behind the newest after which a slow reader jumps to the newest key frame. */
const MAX_BEHIND_BYTES = 2 * 2 ** 20

export interface RawViewerOptions {
  /** Milliseconds without any progress after which the reader is taken for gone. */
  evictAfterMs: number
  /** The program tables, to stand before the first frame. */
  tables: () => Buffer
}

/** Feeds one reader from the ring at the reader's own speed, without ever slowing anybody else. */
export class RawViewer {
  readonly #ring: Ring
  readonly #output: Writable
  readonly #options: RawViewerOptions
  #offset: number | null = null
  #isBlocked = false
  #queued = 0
  #progressAt = performance.now()

  constructor(ring: Ring, output: Writable, options: RawViewerOptions) {
    this.#ring = ring
    this.#output = output
    this.#options = options
    output.on('drain', () => {
      this.#isBlocked = false
      this.#progressAt = performance.now()
      this.pump()
    })
  }

  /** Hands on whatever is new. Called after each append. */
  pump(): void {
    if (this.#isBlocked || this.#output.destroyed) return
    this.#catchUp()
    if (this.#offset === null) return
    const parts = this.#ring.read(this.#offset)
    this.#offset = this.#ring.head
    for (const part of parts) this.#isBlocked = !this.#output.write(part) || this.#isBlocked
    this.#isBlocked = this.#output.writableNeedDrain
  }

  /** Moves a reader that has no place, has lost it or is far behind to the newest key frame; no place when there is none. */
  #catchUp(): void {
    const isLost = this.#offset === null || this.#offset < this.#ring.tail
    const isLate = this.#offset !== null && this.#ring.head - this.#offset > MAX_BEHIND_BYTES
    if (!isLost && !isLate) return
    const start = this.#ring.newestKeyframe()
    if (start !== null && start > (this.#offset ?? -1)) {
      this.#output.write(this.#options.tables())
      this.#offset = start
    } else if (isLost) this.#offset = null
  }

  /** True when the reader has taken nothing for too long: a vanished host looks exactly like this. */
  isStuck(now: number): boolean {
    const queued = this.#output.writableLength
    if (!this.#isBlocked || queued < this.#queued) this.#progressAt = now
    this.#queued = queued
    return this.#isBlocked && now - this.#progressAt > this.#options.evictAfterMs
  }

  end(): void {
    this.#output.end()
  }

  evict(): void {
    this.#output.destroy()
  }
}
