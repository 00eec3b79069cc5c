import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { untilAborted } from '@/lib/kernel/time'
import { log } from '@/lib/platform/log'
import { isKept, readKept } from './segment-disk'
import { findJob, type Make, SegmentJob } from './segment-jobs'

/** Segments of one run, once enough lies ahead: fewer starts of FFmpeg, and still little lost by a seek. */
const BATCH = 3

/** The encoded segments of one rendition for one viewer: made when asked for and a little ahead, kept on disk for all. */
export class Encoder {
  readonly #name: string
  readonly #count: number
  readonly #ahead: number
  readonly #make: Make
  readonly #over: AbortSignal
  readonly #jobs = new Set<SegmentJob>()
  /** What was asked for last. */
  #at = 0
  #isAhead = false

  /**
   * `name` begins the names of its files, the same for every viewer of this rendition; `ahead` segments are made before they are asked
   * for; `over` ends this viewer's share.
   */
  constructor(name: string, { count, ahead, make, over }: { count: number; ahead: number; make: Make; over: AbortSignal }) {
    this.#name = name
    this.#count = count
    this.#ahead = ahead
    this.#make = make
    this.#over = over
    over.addEventListener('abort', () => this.#leave(() => true), { once: true })
  }

  /** Throws NOT_FOUND beyond the end, and what making it throws. */
  async segment(number: number, signal: AbortSignal): Promise<Buffer> {
    if (number < 0 || number >= this.#count) throw new AppError('NOT_FOUND')
    this.#at = number
    this.#leave(job => this.#isFar(job))
    const bytes = (await readKept(this.#fileOf(number))) ?? (await this.#wait(number, signal))
    void this.#goAhead()
    return bytes
  }

  async #wait(number: number, signal: AbortSignal): Promise<Buffer> {
    for (;;) {
      this.#over.throwIfAborted()
      const running = findJob(this.#fileOf(number))
      const job = this.#hold(running ?? this.#start(number, 1))
      try {
        const bytes = (await job.whileUrgent(untilAborted(job.made, signal)))[number - job.first]
        if (bytes === undefined) throw new AppError('TRANSCODE_FAILED', { message: `segment ${number} was not made` })
        return bytes
      } catch (error) {
        // Another viewer's run ends with his connection, and what is made ahead gives way: who waits then does it by himself.
        if (running === null || signal.aborted) throw error
      }
    }
  }

  #start(first: number, wanted: number): SegmentJob {
    const files = Array.from({ length: Math.min(wanted, this.#count - first) }, (_, index) => this.#fileOf(first + index))
    const running = files.findIndex(file => findJob(file) !== null)
    return new SegmentJob(this, { first, files: running === -1 ? files : files.slice(0, running), make: this.#make })
  }

  #hold(job: SegmentJob): SegmentJob {
    if (this.#jobs.has(job)) return job
    job.hold(this)
    this.#jobs.add(job)
    const forget = () => void this.#jobs.delete(job)
    job.kept.then(forget, forget)
    return job
  }

  /** One run after the other, until enough lies ahead of what was asked for last. */
  async #goAhead(): Promise<void> {
    if (this.#isAhead) return
    this.#isAhead = true
    try {
      for (let next = await this.#findMissing(); next !== null; next = await this.#findMissing()) {
        if (!(await this.#makeAhead(next))) return
      }
    } finally {
      this.#isAhead = false
    }
  }

  /** The first segment ahead that does not lie there; null when all do. */
  async #findMissing(): Promise<number | null> {
    const at = this.#at
    for (let next = at + 1; next <= Math.min(at + this.#ahead, this.#count - 1); next++) {
      if (this.#over.aborted) return null
      if (!(await isKept(this.#fileOf(next)))) return next
    }
    return null
  }

  /** False when it is not worth going on now: no room on the disk, or no cores beside what viewers wait for. */
  async #makeAhead(next: number): Promise<boolean> {
    const at = this.#at
    const running = findJob(this.#fileOf(next))
    const job = running ?? this.#start(next, Math.min(BATCH, Math.max(1, next - at), at + this.#ahead - next + 1))
    try {
      return await this.#hold(job).kept
    } catch (error) {
      if (this.#over.aborted) return false
      log().debug({ err: error }, 'a film was not encoded ahead')
      // The viewer went elsewhere, or another viewer left whose run it was.
      return at !== this.#at || running !== null
    }
  }

  /** A viewer who went elsewhere needs nothing of what is made for where he was. */
  #isFar({ first, count }: SegmentJob): boolean {
    return this.#at < first - this.#ahead || this.#at > first + count + 1
  }

  #leave(isLeft: (job: SegmentJob) => boolean): void {
    for (const job of [...this.#jobs].filter(isLeft)) {
      this.#jobs.delete(job)
      job.leave(this)
    }
  }

  #fileOf(number: number): string {
    return `${this.#name}-${number}.m4s`
  }
}
