import 'server-only'
import type { ImportSession } from '@/lib/catalogue'
import { copyLines } from './stage-store'

/** Bytes in one COPY; another one is being made meanwhile. */
const COPY_BYTES = 1_048_576

/** A session that takes a share of the channels: the database writes one piece while the next one is read. */
export class Lane {
  readonly session: ImportSession
  #lines = ''
  #pieces: Buffer[] = []
  #length = 0
  #copying: Promise<void> = Promise.resolve()

  constructor(session: ImportSession) {
    this.session = session
  }

  add(line: string): void {
    this.#lines += line
  }

  /** After each piece of the document. Waits only when the database is a whole COPY behind. */
  async flush(): Promise<void> {
    if (this.#lines === '') return
    // As bytes at once: texts that live on hold the block of the document they were cut from.
    const piece = Buffer.from(this.#lines)
    this.#lines = ''
    this.#pieces.push(piece)
    this.#length += piece.length
    if (this.#length >= COPY_BYTES) await this.#copy()
  }

  /** Writes what is left, and the channels that are this lane's. */
  async finish(channelLines: string): Promise<void> {
    await this.flush()
    await this.#copy()
    await this.#copying
    await copyLines(this.session, 'channel', [Buffer.from(channelLines)])
  }

  /** Waits for the piece that is being written, whatever becomes of it. */
  async settle(): Promise<void> {
    await this.#copying.catch(() => undefined)
  }

  async #copy(): Promise<void> {
    const pieces = this.#pieces
    this.#pieces = []
    this.#length = 0
    await this.#copying
    if (pieces.length === 0) return
    this.#copying = copyLines(this.session, 'programme', pieces)
    // Told where it is next waited for.
    this.#copying.catch(() => undefined)
  }
}
