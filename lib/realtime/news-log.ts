/** Pieces of news that are kept for those whose line dropped. */
const KEPT = 1_000

interface Entry<T> {
  n: number
  item: T
}

/**
 * The latest news of one process, in order. A cursor names a place in it; a log made anew has another epoch, so that a cursor
 * of an earlier one, or of another process, is never taken for a place in this one.
 */
export class NewsLog<T> {
  readonly #epoch: string
  readonly #kept: number
  #entries: Entry<T>[] = []
  #last = 0

  constructor(epoch: string, kept = KEPT) {
    this.#epoch = epoch
    this.#kept = kept
  }

  /** The place after the newest. */
  get cursor(): string {
    return `${this.#epoch}.${this.#last}`
  }

  /** Returns the cursor of what was added. */
  add(item: T): string {
    this.#last += 1
    this.#entries.push({ n: this.#last, item })
    if (this.#entries.length >= this.#kept * 2) this.#entries = this.#entries.slice(-this.#kept)
    return this.cursor
  }

  /** What came after a cursor; null when that can no longer be told. */
  since(cursor: string): { id: string; item: T }[] | null {
    const [epoch, place] = cursor.split('.')
    if (epoch !== this.#epoch || place === undefined || !/^\d{1,15}$/.test(place)) return null
    const n = Number(place)
    const oldest = this.#last - Math.min(this.#entries.length, this.#kept)
    if (n > this.#last || n < oldest) return null
    return this.#entries.filter(entry => entry.n > n).map(entry => ({ id: `${this.#epoch}.${entry.n}`, item: entry.item }))
  }
}
