import { shared } from '@/lib/platform/shared'
import { type QueueList, readSendQueues, type SendQueues } from './send-queues'

/** Somebody who is being sent bytes. */
export interface WatchedReader {
  /** Notes how much has been handed to the kernel: called right before the queues are read. Answers where it is listed. */
  mark(): QueueList | null
  /** Ends itself when it has taken nothing for too long. Answers the milliseconds for which it may have taken nothing. */
  judge(queues: SendQueues | null, now: number): number
}

/**
 * The kernel goes through all its lists for some milliseconds, however few connections there are: for ten viewers every two seconds that
 * was a seventh of the relay. So it is asked rarely while all readers read, and what it says tells how long ago one has stopped.
 */
const CALM_ROUND_MS = 5_000
const DOUBTFUL_ROUND_MS = 2_000
/** What is under way at the moment is not taken either. */
const DOUBT_MS = 1_000
/** With thousands of connections reading the queues takes a while; it must stay a small part of the time. */
const ROUNDS_PER_COST = 20
const MAX_DOUBTFUL_ROUND_MS = 3_000

/**
 * Looks at all readers of the process. A reader that stops costs up to 4 MB of kernel memory before Node notices (reliability.md,
 * finding 5), at the rate of a channel half a minute; the kernel's own queues tell at once.
 */
export class StallWatch {
  readonly #readers = new Set<WatchedReader>()
  #timer: NodeJS.Timeout | null = null
  #isReading = false

  add(reader: WatchedReader): void {
    this.#readers.add(reader)
    this.#schedule(CALM_ROUND_MS)
  }

  delete(reader: WatchedReader): void {
    this.#readers.delete(reader)
    if (this.#readers.size > 0 || this.#timer === null) return
    clearTimeout(this.#timer)
    this.#timer = null
  }

  #schedule(ms: number): void {
    if (this.#timer === null && !this.#isReading && this.#readers.size > 0) this.#timer = setTimeout(() => void this.#round(), ms)
  }

  async #round(): Promise<void> {
    const startedAt = performance.now()
    this.#timer = null
    this.#isReading = true
    const lists = new Set<QueueList>()
    for (const reader of this.#readers) {
      const list = reader.mark()
      if (list !== null) lists.add(list)
    }
    let isDoubtful = false
    try {
      const queues = await readSendQueues(lists)
      const now = performance.now()
      for (const reader of [...this.#readers]) if (reader.judge(queues, now) > DOUBT_MS) isDoubtful = true
    } finally {
      this.#isReading = false
    }
    const spared = Math.min(MAX_DOUBTFUL_ROUND_MS, (performance.now() - startedAt) * ROUNDS_PER_COST)
    this.#schedule(isDoubtful ? Math.max(DOUBTFUL_ROUND_MS, spared) : CALM_ROUND_MS)
  }
}

export const stallWatch = () => shared('stall-watch', () => new StallWatch())
