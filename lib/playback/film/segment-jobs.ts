import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { shared } from '@/lib/platform/shared'
import { keep } from './segment-disk'

/** Makes some segments, beginning with number `first`. `isUrgent` tells at any moment whether a viewer waits for them. */
export type Make = (batch: { first: number; count: number; isUrgent: () => boolean; signal: AbortSignal }) => Promise<Buffer[]>

const jobs = () => shared('segment-jobs', () => new Map<string, SegmentJob>())

/** What makes this file now, whoever began it. */
export const findJob = (file: string): SegmentJob | null => jobs().get(file) ?? null

/** Some segments of a film in the making, for all who need them: it ends early only when nobody does any more. */
export class SegmentJob {
  readonly first: number
  readonly count: number
  readonly made: Promise<Buffer[]>
  /** Did they all get to the disk? */
  readonly kept: Promise<boolean>
  readonly #holders = new Set<object>()
  readonly #end = new AbortController()
  readonly #files: readonly string[]
  #waiting = 0

  /** `holder` is who needs it first; `files` are the names of what it makes. Until somebody waits for it, it stands back. */
  constructor(holder: object, { first, files, make }: { first: number; files: readonly string[]; make: Make }) {
    this.first = first
    this.count = files.length
    this.#files = files
    this.#holders.add(holder)
    for (const file of files) if (!jobs().has(file)) jobs().set(file, this)
    const batch = { first, count: files.length, isUrgent: () => this.#waiting > 0, signal: this.#end.signal }
    // Whoever begins it can say in the same breath that he waits.
    this.made = Promise.resolve().then(() => make(batch))
    this.kept = this.made.then(made => this.#keep(made)).finally(() => this.#forget())
    // Who is interested listens to one of the two.
    this.made.catch(() => {})
    this.kept.catch(() => {})
  }

  hold(holder: object): void {
    this.#holders.add(holder)
  }

  leave(holder: object): void {
    if (!this.#holders.delete(holder) || this.#holders.size > 0) return
    this.#forget()
    this.#end.abort(new AppError('STREAM_ENDED'))
  }

  /** While somebody waits, its cores are not taken away. */
  async whileUrgent<T>(work: Promise<T>): Promise<T> {
    this.#waiting++
    return work.finally(() => this.#waiting--)
  }

  async #keep(made: readonly Buffer[]): Promise<boolean> {
    let isWhole = true
    for (const [index, bytes] of made.entries()) isWhole = (await keep(this.#files[index] ?? '', bytes)) && isWhole
    return isWhole
  }

  #forget(): void {
    for (const file of this.#files) if (jobs().get(file) === this) jobs().delete(file)
  }
}
