/** After so many rows their lines become bytes. */
const PIECE_ROWS = 150
/** Rows after which a COPY begins, and what may wait while the database writes others. */
const COPY_ROWS = 1_500
const WAITING_ROWS = 12_000
const WAITING_BYTES = 8 * 2 ** 20

/** Lines on their way into a staging table. They wait as bytes, out of the collector's way. */
export class CopyQueue {
  #lines = ''
  #pieces: Buffer[] = []
  #rows = 0
  #bytes = 0

  /** True when a piece is full: a good moment to look up. */
  add(line: string): boolean {
    this.#lines += line
    this.#rows += 1
    if (this.#rows % PIECE_ROWS > 0) return false
    this.#cut()
    return true
  }

  /** Is there enough for a COPY? While another one runs, that means as much as may wait. */
  isDue(isWriting: boolean): boolean {
    if (!isWriting) return this.#rows >= COPY_ROWS
    return this.#rows >= WAITING_ROWS || this.#bytes >= WAITING_BYTES
  }

  /** Everything so far; the queue is empty afterwards. */
  take(): { pieces: Buffer[]; rows: number } {
    this.#cut()
    const taken = { pieces: this.#pieces, rows: this.#rows }
    this.#pieces = []
    this.#rows = 0
    this.#bytes = 0
    return taken
  }

  #cut(): void {
    if (this.#lines === '') return
    const piece = Buffer.from(this.#lines)
    this.#pieces.push(piece)
    this.#bytes += piece.length
    this.#lines = ''
  }
}
