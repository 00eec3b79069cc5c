import { ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import type { Ring } from '../ring'
import { RawViewer } from './raw-viewer'
import { stallWatch } from './stall-watch'

export interface RelayViewersOptions {
  ring: Ring
  tables: () => Buffer
  evictAfterMs: number
  /** Milliseconds after which an HLS viewer that asks for nothing counts as gone. */
  hlsViewerMs: number
  /** The last one has left. */
  onEmpty(): void
}

/** Bytes are gathered a little before each write, which costs more than the bytes in it: longer, the more viewers there are. */
const MIN_COALESCE_MS = 100
const MAX_COALESCE_MS = 500
/**
 * Milliseconds between two reads of a source. Players of segments wait for each, most of all at their beginning, when they have not gained
 * any time on the stream yet; apps, who read one stream, wait for none.
 */
const READ_MS = 200
const READ_FOR_APPS_MS = 400
const READ_FRESH_MS = 100
const FRESH_MS = 10_000
/** Milliseconds without anybody after which a channel ends, for those between two requests. */
const EMPTY_MS = 1_000
/** Readers served before everybody else of the process has a turn: a thousand in one go take a fifth of a second. */
const READERS_A_TURN = 100

/** Who watches one channel: readers of raw stream, players of HLS, and those who wait for the first picture. */
export class RelayViewers {
  readonly #options: RelayViewersOptions
  readonly #raw = new Map<Writable, RawViewer>()
  /** How many of these are apps on the network. */
  #apps = 0
  readonly #hls = new Map<string, number>()
  /** When the last player of segments began, or all of them anew. */
  #freshAt = Number.NEGATIVE_INFINITY
  #waiting = 0
  #holds = 0
  #emptySince = performance.now()
  /** Those who are still to be served with what came last. */
  #due: Iterator<RawViewer> | null = null
  #isMoreDue = false

  constructor(options: RelayViewersOptions) {
    this.#options = options
  }

  get count(): number {
    return this.#raw.size + this.#hls.size + this.#waiting + this.#holds
  }

  /** Do players of segments watch? */
  get hasHls(): boolean {
    return this.#hls.size > 0
  }

  /** Milliseconds to gather bytes for, with as many readers as there are. */
  get coalesceMs(): number {
    return this.#waiting > 0 ? 0 : Math.min(MAX_COALESCE_MS, Math.max(MIN_COALESCE_MS, this.#raw.size))
  }

  get readEveryMs(): number {
    if (performance.now() - this.#freshAt < FRESH_MS) return READ_FRESH_MS
    return this.count === this.#apps ? READ_FOR_APPS_MS : READ_MS
  }

  addRaw(output: Writable): RawViewer {
    const { ring, tables, evictAfterMs } = this.#options
    const viewer = new RawViewer(ring, output, { evictAfterMs, tables })
    this.#raw.set(output, viewer)
    const apps = output instanceof ServerResponse ? 1 : 0
    this.#apps += apps
    stallWatch().add(viewer)
    output.once('close', () => {
      stallWatch().delete(viewer)
      this.#raw.delete(output)
      this.#apps -= apps
      this.#tellIfEmpty()
    })
    output.on('error', () => {})
    return viewer
  }

  /** What comes does not continue what came, so players begin anew. */
  noteBreak(): void {
    this.#freshAt = performance.now()
  }

  touchHls(sessionId: string): void {
    if (!this.#hls.has(sessionId)) this.#freshAt = performance.now()
    this.#hls.set(sessionId, performance.now())
  }

  leaveHls(sessionId: string): void {
    if (this.#hls.delete(sessionId)) this.#tellIfEmpty()
  }

  /** Counts as a viewer until the answer is called. */
  hold(): () => void {
    this.#holds++
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#holds--
      this.#tellIfEmpty()
    }
  }

  /** Counts as a viewer while `work` runs; afterwards it has a second to become another kind of viewer. */
  async whileWaiting(work: Promise<void>): Promise<void> {
    this.#waiting++
    try {
      await work
      this.#emptySince = performance.now()
      this.#waiting--
    } catch (error) {
      this.#waiting--
      this.#tellIfEmpty()
      throw error
    }
  }

  /** Hands on what is new, a part of the readers at a time. */
  pump(): void {
    if (this.#due !== null) {
      this.#isMoreDue = true
      return
    }
    this.#due = this.#raw.values()
    this.#serve()
  }

  /** The same for all at once, before the ring forgets. */
  pumpNow(): void {
    for (const viewer of this.#raw.values()) viewer.pump()
  }

  #serve(): void {
    for (let served = 0; served < READERS_A_TURN; served++) {
      if (this.#due === null) return
      const next = this.#due.next()
      if (next.done !== true) next.value.pump()
      else {
        this.#due = this.#isMoreDue ? this.#raw.values() : null
        this.#isMoreDue = false
      }
    }
    setImmediate(() => this.#serve())
  }

  sweep(now: number): void {
    for (const [sessionId, seenAt] of this.#hls) if (now - seenAt > this.#options.hlsViewerMs) this.#hls.delete(sessionId)
    if (this.count > 0) this.#emptySince = now
    else if (now - this.#emptySince >= EMPTY_MS) this.#options.onEmpty()
  }

  end(): void {
    this.pumpNow()
    this.#due = null
    this.#isMoreDue = false
    for (const viewer of this.#raw.values()) viewer.end()
    this.#hls.clear()
  }

  #tellIfEmpty(): void {
    if (this.count === 0) this.#options.onEmpty()
  }
}
