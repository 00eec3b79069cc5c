import type { GuideCell } from './schema'

/** What an entry costs beside its texts, and a cell beside its title. */
const ENTRY_BYTES = 256
const CELL_BYTES = 120

interface Entry {
  version: string
  cells: readonly GuideCell[]
  bytes: number
  readAt: number
}

const sizeOf = (key: string, version: string, cells: readonly GuideCell[]): number =>
  cells.reduce((sum, [, , title]) => sum + CELL_BYTES + 2 * title.length, ENTRY_BYTES + 2 * (key.length + version.length))

/**
 * Cells of channels as they were read last. The key says everything that leads to them, the version moves when they may be others;
 * who may see them is not asked here. Least recently used ones go when the budget is full, and what is too old counts no more.
 */
export class CellCache {
  readonly #maxBytes: number
  readonly #maxAge: number
  readonly #entries = new Map<string, Entry>()
  #bytes = 0

  constructor(maxBytes: number, maxAge: number) {
    this.#maxBytes = maxBytes
    this.#maxAge = maxAge
  }

  get bytes(): number {
    return this.#bytes
  }

  get(key: string, version: string, now = Date.now()): readonly GuideCell[] | null {
    const known = this.#entries.get(key)
    if (known?.version !== version || now - known.readAt >= this.#maxAge) return null
    this.#entries.delete(key)
    this.#entries.set(key, known)
    return known.cells
  }

  put(key: string, version: string, cells: readonly GuideCell[], now = Date.now()): void {
    this.#drop(key)
    const bytes = sizeOf(key, version, cells)
    if (bytes > this.#maxBytes) return
    this.#entries.set(key, { version, cells, bytes, readAt: now })
    this.#bytes += bytes
    for (const [oldest] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) return
      this.#drop(oldest)
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0
    this.#entries.delete(key)
  }
}
