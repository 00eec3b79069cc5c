import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { untilAborted } from '@/lib/kernel/time'
import { log } from '@/lib/platform/log'
import { keep, readKept } from './segment-disk'

/** Segments of one run, once enough lies ahead: fewer starts of FFmpeg, and still little lost by a seek. */
const BATCH = 3

/** Makes some segments, beginning with number `first`. */
export type Make = (batch: { first: number; count: number; isUrgent: boolean; signal: AbortSignal }) => Promise<Buffer[]>

interface Job {
  first: number
  count: number
  isUrgent: boolean
  end: AbortController
  done: Promise<Buffer[]>
}

/** The encoded segments of one rendition for one viewer: made when asked for and a little ahead, kept on disk for all. */
export class Encoder {
  readonly #name: string
  readonly #count: number
  readonly #ahead: number
  readonly #make: Make
  readonly #over: AbortSignal
  #jobs: Job[] = []

  /** `name` begins the names of its files; `ahead` segments are made before they are asked for; `over` ends everything. */
  constructor(name: string, { count, ahead, make, over }: { count: number; ahead: number; make: Make; over: AbortSignal }) {
    this.#name = name
    this.#count = count
    this.#ahead = ahead
    this.#make = make
    this.#over = over
  }

  /** Throws NOT_FOUND beyond the end, and what making it throws. */
  async segment(number: number, signal: AbortSignal): Promise<Buffer> {
    if (number < 0 || number >= this.#count) throw new AppError('NOT_FOUND')
    this.#leaveFar(number)
    const bytes = (await readKept(this.#fileOf(number))) ?? (await this.#wait(number, signal))
    void this.#goAhead(number)
    return bytes
  }

  async #wait(number: number, signal: AbortSignal): Promise<Buffer> {
    const running = this.#jobs.find(job => covers(job, number))
    const job = running ?? this.#start(number, 1, true)
    const made = await untilAborted(job.done, signal).catch(error => {
      // What was made ahead gives way when there is no room; who waits asks for it by himself.
      if (running === undefined || signal.aborted || running.isUrgent) throw error
      return null
    })
    const bytes = made?.[number - job.first]
    return bytes ?? this.#wait(number, signal)
  }

  #start(first: number, wanted: number, isUrgent: boolean): Job {
    const count = Math.min(wanted, this.#count - first)
    const end = new AbortController()
    const done = this.#make({ first, count, isUrgent, signal: AbortSignal.any([end.signal, this.#over]) })
    const job: Job = { first, count, isUrgent, end, done }
    this.#jobs.push(job)
    const forget = () => {
      this.#jobs = this.#jobs.filter(each => each !== job)
    }
    done
      .then(async made => {
        for (const [index, bytes] of made.entries()) await keep(this.#fileOf(first + index), bytes)
      })
      .then(forget, error => {
        forget()
        if (!isUrgent && !this.#over.aborted && !end.signal.aborted) log().debug({ err: error }, 'a film was not encoded ahead')
      })
    return job
  }

  /** One run ahead at a time. */
  async #goAhead(number: number): Promise<void> {
    if (this.#jobs.length > 0 || this.#over.aborted) return
    for (let next = number + 1; next <= Math.min(number + this.#ahead, this.#count - 1); next++) {
      if ((await readKept(this.#fileOf(next))) !== null) continue
      if (this.#jobs.length > 0 || this.#over.aborted) return
      const job = this.#start(next, Math.min(BATCH, next - number, number + this.#ahead - next + 1), false)
      await job.done.then(
        () => this.#goAhead(number),
        () => {},
      )
      return
    }
  }

  /** A viewer who went elsewhere needs nothing of what is made for where he was. */
  #leaveFar(number: number): void {
    for (const job of this.#jobs) {
      const isFar =
        number < job.first - this.#ahead || number > job.first + job.count + 1 || (number < job.first && !job.isUrgent)
      if (isFar) job.end.abort(new AppError('STREAM_ENDED'))
    }
  }

  #fileOf(number: number): string {
    return `${this.#name}-${number}.m4s`
  }
}

const covers = ({ first, count, end }: Job, number: number) => !end.signal.aborted && number >= first && number < first + count
