import 'server-only'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@/lib/kernel/errors'
import { MINUTE } from '@/lib/kernel/time'
import { hasDiskRoom } from '@/lib/platform/disk-room'
import { env } from '@/lib/platform/env'
import { log } from '@/lib/platform/log'
import type { SegmentFacts } from '../relay/hls-window'
import type { Segment } from '../segmenter'
import { shiftBudget } from './shift-budget'

interface Kept extends Omit<Segment, 'bytes'> {
  at: number
}

/** Segments that wait for the disk; when it is that slow, what comes is not kept. */
const MAX_WAITING = 6
/** After the disk refused, nothing is written for so long, in ms. */
const REST_MS = 10_000

/**
 * The last hour of a channel on disk, so that its viewers can pause and go back. Bounded by time here and by bytes for all
 * channels together. A disk that is full or slow costs the past, never the present.
 */
export class ShiftStore {
  readonly #kept: Kept[] = []
  readonly #folder: string
  #writing: Promise<void> = Promise.resolve()
  #waiting = 0
  #restUntil = 0
  #isClosed = false

  constructor() {
    this.#folder = shiftBudget().add(this)
  }

  /** Seconds that are kept. */
  get seconds(): number {
    return this.#kept.reduce((sum, { duration }) => sum + duration, 0)
  }

  add(segment: Segment): void {
    if (this.#isClosed || env().TIMESHIFT_MINUTES === 0) return
    if (this.#waiting >= MAX_WAITING || performance.now() < this.#restUntil) return
    this.#waiting++
    this.#writing = this.#writing.then(() => this.#write(segment)).finally(() => this.#waiting--)
  }

  /** A segment that has left memory; null when it has left the disk, too. */
  async find(sequence: number): Promise<Segment | null> {
    const kept = this.#kept.find(each => each.sequence === sequence)
    if (kept === undefined) return null
    const bytes = await readFile(/* turbopackIgnore: true */ this.#pathOf(sequence)).catch(() => null)
    if (bytes === null) return null
    const { at: _, ...facts } = kept
    return { ...facts, bytes }
  }

  /** What is kept, in order. */
  list(): readonly SegmentFacts[] {
    return this.#kept
  }

  oldestAt(): number | null {
    return this.#kept[0]?.at ?? null
  }

  dropOldest(): void {
    const oldest = this.#kept.shift()
    if (oldest === undefined) return
    shiftBudget().note(-oldest.size)
    void rm(this.#pathOf(oldest.sequence), { force: true }).catch(() => {})
  }

  /** Nobody watches the channel any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    shiftBudget().delete(this)
    for (const { size } of this.#kept.splice(0)) shiftBudget().note(-size)
    await this.#writing
    await rm(this.#folder, { recursive: true, force: true }).catch(error =>
      log().warn({ err: error }, 'what was kept of a live channel could not be removed'),
    )
  }

  async #write({ bytes, ...facts }: Segment): Promise<void> {
    if (this.#isClosed) return
    try {
      await mkdir(/* turbopackIgnore: true */ this.#folder, { recursive: true })
      if (!(await hasDiskRoom(this.#folder))) throw new AppError('UNEXPECTED', { message: 'the disk is nearly full' })
      await writeFile(/* turbopackIgnore: true */ this.#pathOf(facts.sequence), bytes)
    } catch (error) {
      this.#makeRoom(facts.sequence, error)
      return
    }
    if (this.#isClosed) return
    this.#kept.push({ ...facts, at: Date.now() })
    shiftBudget().note(facts.size)
    while ((this.oldestAt() ?? Number.POSITIVE_INFINITY) < Date.now() - env().TIMESHIFT_MINUTES * MINUTE) this.dropOldest()
  }

  /** The disk is full: half of the past goes, so that others find room, and a while nothing more comes. */
  #makeRoom(sequence: number, error: unknown): void {
    log().warn({ err: error }, 'a live channel could not be kept on disk')
    void rm(this.#pathOf(sequence), { force: true }).catch(() => {})
    for (let count = Math.ceil(this.#kept.length / 2); count > 0; count--) this.dropOldest()
    this.#restUntil = performance.now() + REST_MS
  }

  #pathOf(sequence: number): string {
    return join(this.#folder, `${sequence}.ts`)
  }
}
