import { log } from '@/lib/platform/log'
import type { Playing } from '@/lib/playback'
import type { ClientData } from './cmcd'
import { addRequest, type Tally, watchedIn } from './tally'

export const WRITE_MS = 10_000
/** Sessions of which something is kept at a time; of further ones nothing is. */
export const MAX_SESSIONS = 5_000

/** What one session's requests have told so far. */
export interface BookEntry {
  playing: Playing
  watchedMs: number
  stalls: number
  bitrateSwitches: number
  bitrate: number
  startMs: number | null
  throughput: number | null
  appSession: string | null
}

interface Page {
  playing: Playing
  tally: Tally
  isWritten: boolean
}

/** Adds up what players say with their requests, and writes it every ten seconds and when a session ends. */
export class QualityBook {
  readonly #write: (entries: BookEntry[]) => Promise<void>
  readonly #pages = new Map<string, Page>()
  #timer: NodeJS.Timeout | null = null

  constructor(write: (entries: BookEntry[]) => Promise<void>) {
    this.#write = write
  }

  note(playing: Playing, data: ClientData): void {
    const { id, over } = playing
    const known = this.#pages.get(id)
    if (over.aborted || (known === undefined && this.#pages.size >= MAX_SESSIONS)) return
    const tally = addRequest(known?.tally ?? null, data, performance.now())
    if (tally === null || tally === known?.tally) return
    this.#pages.set(id, { playing, tally, isWritten: false })
    if (known === undefined) over.addEventListener('abort', () => void this.#end(id), { once: true })
    this.#waitToWrite()
  }

  /** Writes what is not written yet. */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const due = [...this.#pages.values()].filter(({ isWritten }) => !isWritten)
    if (due.length === 0) return
    for (const page of due) page.isWritten = true
    if (await this.#put(due)) return
    for (const page of due) page.isWritten = false
    this.#waitToWrite()
  }

  /** One timer for all, and none while there is nothing to write. */
  #waitToWrite(): void {
    this.#timer ??= setTimeout(() => void this.flush(), WRITE_MS).unref()
  }

  async #end(id: string): Promise<void> {
    const page = this.#pages.get(id)
    this.#pages.delete(id)
    if (page !== undefined && !page.isWritten) await this.#put([page])
    if (this.#timer === null || [...this.#pages.values()].some(({ isWritten }) => !isWritten)) return
    clearTimeout(this.#timer)
    this.#timer = null
  }

  async #put(pages: readonly Page[]): Promise<boolean> {
    try {
      await this.#write(pages.map(toEntry))
      return true
    } catch (error) {
      log().warn({ err: error }, 'what players told could not be kept')
      return false
    }
  }
}

function toEntry({ playing, tally }: Page): BookEntry {
  const { stalls, bitrateSwitches, bitrate, startMs, throughput, session } = tally
  const rates = { bitrate: Math.round(bitrate), throughput: throughput === null ? null : Math.round(throughput) }
  return { playing, watchedMs: watchedIn(tally), stalls, bitrateSwitches, ...rates, startMs, appSession: session }
}
