import 'server-only'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { env } from '@/lib/platform/env'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'

/** Something that keeps segments on disk and can give up its oldest one. */
export interface ShiftHolder {
  /** When its oldest segment came, in ms; null while it has none. */
  oldestAt(): number | null
  dropOldest(): void
}

/** What all channels of this process keep on disk together, bounded by bytes: the oldest goes first, whosever it is. */
class ShiftBudget {
  readonly folder: string
  readonly #holders = new Set<ShiftHolder>()
  #bytes = 0
  #number = 0

  constructor() {
    const root = resolve(env().DATA_DIR, 'timeshift')
    this.folder = resolve(root, String(process.pid))
    removeLeftovers(root)
    mkdirSync(/* turbopackIgnore: true */ this.folder, { recursive: true })
  }

  get bytes(): number {
    return this.#bytes
  }

  add(holder: ShiftHolder): string {
    this.#holders.add(holder)
    return resolve(this.folder, String(++this.#number))
  }

  delete(holder: ShiftHolder): void {
    this.#holders.delete(holder)
  }

  note(bytes: number): void {
    this.#bytes += bytes
    const limit = env().TIMESHIFT_MB * 2 ** 20
    while (this.#bytes > limit && this.#dropOldest()) {
      // Until it fits.
    }
  }

  #dropOldest(): boolean {
    let oldest: ShiftHolder | null = null
    let at = Number.POSITIVE_INFINITY
    for (const holder of this.#holders) {
      const own = holder.oldestAt()
      if (own === null || own >= at) continue
      oldest = holder
      at = own
    }
    oldest?.dropOldest()
    return oldest !== null
  }
}

export const shiftBudget = () => shared('timeshift', () => new ShiftBudget())

/** Nobody goes back in what a server kept that is no more. */
function removeLeftovers(root: string): void {
  try {
    for (const name of readdirSync(/* turbopackIgnore: true */ root)) {
      if (!isRunning(Number(name))) rmSync(resolve(root, name), { recursive: true, force: true })
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      log().warn({ err: error }, 'what was kept of live channels could not be removed')
    }
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
