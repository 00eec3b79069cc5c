import 'server-only'
import type { ImportSession } from '@/lib/catalogue'
import type { SourceRun } from './source-store'
import { copyLines, storeAtOnce, takeBack } from './stage-store'
import { type StagedChannel, toChannelLine } from './staged'

/** Bytes in one COPY; another one is being made meanwhile. */
export const COPY_BYTES = 2_097_152

class Pile {
  pieces: Buffer[] = []
  length = 0

  add(pieces: readonly Buffer[]): void {
    for (const piece of pieces) {
      this.pieces.push(piece)
      this.length += piece.length
    }
  }

  empty(): Buffer[] {
    const { pieces } = this
    this.pieces = []
    this.length = 0
    return pieces
  }
}

/**
 * A session that takes a share of the channels: the database writes one piece while the next one is read. Channels wait in the
 * staging tables until the guide has been read, or are stored at once.
 */
export class Lane {
  readonly session: ImportSession
  readonly #work: SourceRun
  readonly #staged = new Pile()
  readonly #whole = new Pile()
  #wholeChannels: StagedChannel[] = []
  #returned: number[] = []
  /** Numbers of channels that were stored at once. */
  readonly storedChannels: number[] = []
  /** Rows of them. */
  stored = 0
  hasTakenBack = false
  #working: Promise<void> = Promise.resolve()

  constructor(session: ImportSession, work: SourceRun) {
    this.session = session
    this.#work = work
  }

  /** Lines of a channel for the staging tables. */
  add(pieces: readonly Buffer[]): void {
    this.#staged.add(pieces)
  }

  /** All lines of a channel that has nothing stored and nothing to be put right. */
  addWhole(channel: StagedChannel, pieces: readonly Buffer[]): void {
    this.#wholeChannels.push(channel)
    this.#whole.add(pieces)
  }

  /** The guide comes back to a channel that was whole: it is staged after all, what follows behind what there was. */
  takeBack(channel: StagedChannel): void {
    this.#returned.push(channel.n)
    this.hasTakenBack = true
  }

  /** After each piece of the document. Waits only when the database is a whole COPY behind. */
  async flush(least = COPY_BYTES): Promise<void> {
    if (this.#whole.length >= least || this.#returned.length > 0) await this.#store()
    if (this.#returned.length > 0) {
      const numbers = this.#returned
      this.#returned = []
      await this.#run(() => takeBack(this.session, numbers))
    }
    if (this.#staged.length >= least) {
      const pieces = this.#staged.empty()
      await this.#run(() => copyLines(this.session, 'stage_programme', pieces))
    }
  }

  /** Writes what is left, and the channels that are this lane's. */
  async finish(channels: readonly StagedChannel[]): Promise<void> {
    await this.flush(1)
    await this.#working
    await copyLines(this.session, 'stage_channel', [Buffer.from(channels.map(toChannelLine).join(''))])
  }

  /** Waits for the piece that is being written, whatever becomes of it. */
  async settle(): Promise<void> {
    await this.#working.catch(() => undefined)
  }

  async #store(): Promise<void> {
    const channels = this.#wholeChannels
    this.#wholeChannels = []
    const pieces = this.#whole.empty()
    if (channels.length === 0) return
    await this.#run(async () => {
      this.stored += await storeAtOnce(this.session, { work: this.#work, channels, pieces })
      for (const { n } of channels) this.storedChannels.push(n)
    })
  }

  async #run(work: () => Promise<void>): Promise<void> {
    await this.#working
    this.#working = work()
    // Told where it is next waited for.
    this.#working.catch(() => undefined)
  }
}
