import { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import type { Ring } from '../ring'
import { type QueueList, queueKeyOf, queueListOf, type SendQueues } from './send-queues'
import type { WatchedReader } from './stall-watch'

/** Bytes behind the newest after which a slow reader jumps to the newest key frame. */
const MAX_BEHIND_BYTES = 2 * 2 ** 20
/** Bytes of one write to a reader that keeps up. */
const MAX_WRITE_BYTES = 256 * 1_024
/** The same to one who is behind. Only whole writes count as handed on: large ones would look as if nothing were taken for long. */
const SLOW_WRITE_BYTES = 64 * 1_024
/** Who takes longer than so many milliseconds for a write is behind, until nothing more is there for it. */
const FAST_MS = 500
/** Milliseconds without anything taken at all before a reader can be given up, however long the estimate says. */
const FLAT_MS = 2_900

export interface RawViewerOptions {
  /** Milliseconds without any progress after which the reader is taken for gone. */
  evictAfterMs: number
  /** The program tables, to stand before the first frame. */
  tables: () => Buffer
}

/** Feeds one reader from the ring at the reader's own speed, without ever slowing anybody else. */
export class RawViewer implements WatchedReader {
  readonly #ring: Ring
  readonly #output: Writable
  readonly #options: RawViewerOptions
  #offset: number | null = null
  #isBlocked = false
  #wroteAt = 0
  #isBehind = false
  #queueKey: string | null = null
  /** Bytes handed to the kernel at this look and at the one before. */
  #marked: number
  #markedBefore: number
  #taken: number
  #lookedAt = performance.now()
  /** When the last look was that saw more taken than before, and since when nothing may have been. */
  #roseAt = performance.now()
  #progressAt = performance.now()

  constructor(ring: Ring, output: Writable, options: RawViewerOptions) {
    this.#ring = ring
    this.#output = output
    this.#options = options
    // A connection may have carried other answers before.
    this.#marked = this.#markedBefore = this.#taken = this.#handed
    output.on('drain', () => {
      this.#isBlocked = false
      this.#isBehind ||= performance.now() - this.#wroteAt > FAST_MS
      this.pump()
    })
  }

  /** Hands on whatever is new. Called after each append. */
  pump(): void {
    while (!this.#isBlocked && !this.#output.destroyed) {
      this.#catchUp()
      if (this.#offset === null) return
      if (this.#offset >= this.#ring.head) {
        this.#isBehind = false
        return
      }
      const parts = this.#ring.read(this.#offset, this.#isBehind ? SLOW_WRITE_BYTES : MAX_WRITE_BYTES)
      for (const { length } of parts) this.#offset += length
      // One write for all of it: headers, tables and parts leave in one call to the kernel.
      if (parts.length > 1) this.#output.cork()
      for (const part of parts) this.#output.write(part)
      if (parts.length > 1) this.#output.uncork()
      this.#isBlocked = this.#output.writableNeedDrain
      this.#wroteAt = performance.now()
    }
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

  mark(): QueueList | null {
    const socket = this.#socket
    this.#markedBefore = this.#marked
    this.#marked = this.#handed
    return socket === null ? null : queueListOf(socket)
  }

  /** A vanished host looks exactly like a reader that has stopped. */
  judge(queues: SendQueues | null, now: number): number {
    const socket = this.#socket
    if (socket !== null) this.#queueKey ??= queueKeyOf(socket)
    const queued = queues === null || this.#queueKey === null ? null : (queues.get(this.#queueKey) ?? 0)
    const taken = this.#marked - (queued ?? 0)
    const isIdle = queued === 0 || (queued === null && !this.#isBlocked)
    if (isIdle || taken > this.#taken) this.#roseAt = now
    if (isIdle) this.#progressAt = now
    else if (taken > this.#taken) {
      // What waits there was handed on last, so it tells since when nothing has been taken.
      const waits = Math.min(1, (queued ?? 0) / Math.max(1, this.#marked - this.#markedBefore))
      this.#progressAt = now - (now - this.#lookedAt) * waits
    }
    this.#lookedAt = now
    this.#taken = Math.max(this.#taken, taken)
    const still = now - this.#progressAt
    if (still > this.#options.evictAfterMs && now - this.#roseAt > FLAT_MS) this.evict()
    return still
  }

  /** Bytes that have been handed to the kernel in whole writes. */
  get #handed(): number {
    return (this.#socket?.bytesWritten ?? 0) - this.#output.writableLength
  }

  get #socket(): Socket | null {
    if (this.#output instanceof ServerResponse) return this.#output.socket
    return this.#output instanceof Socket ? this.#output : null
  }

  end(): void {
    this.#output.end()
  }

  evict(): void {
    // A mere close would leave what waits in the kernel there, for a reader that never comes.
    this.#socket?.resetAndDestroy()
    this.#output.destroy()
  }
}
