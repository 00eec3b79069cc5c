import 'server-only'
import { availableParallelism } from 'node:os'
import { AppError } from '@/lib/kernel/errors'
import { env } from '@/lib/platform/env'
import { shared } from '@/lib/platform/shared'

/** Cores that stay with the rest of the product, which has to answer while pictures are encoded. */
const KEPT_CORES = 0.5

export interface CoreLease {
  cores: number
  /** Giving back twice is fine. */
  release(): void
}

/** Work that nobody waits for yet: it ends when somebody needs its cores. */
export interface StandingBack {
  /** Asked at that moment: by then a viewer may have come to need this very work. */
  standsBack(): boolean
  /** Its cores are gone. */
  end(): void
}

interface Taken extends CoreLease {
  standing: StandingBack | null
}

const ledger = () => shared('transcode-cores', () => ({ taken: new Set<Taken>() }))

/** Nominal cores that conversions may take together in this process; 0 when they are switched off. */
export function coreCapacity(): number {
  return env().TRANSCODE_CORES ?? Math.max(KEPT_CORES, availableParallelism() - KEPT_CORES)
}

/** Cores that a viewer's conversion would get: those of work that stands back count as free. */
export function freeCores(): number {
  return Math.max(0, coreCapacity() - countTaken(({ standing }) => standing?.standsBack() !== true))
}

function countTaken(counts: (taken: Taken) => boolean): number {
  let sum = 0
  for (const taken of ledger().taken) if (counts(taken)) sum += taken.cores
  return sum
}

/**
 * Takes nominal cores until they are given back. What stands back gets only what nobody uses; anybody else ends it, the newest
 * first. Throws TRANSCODE_BUSY when there are not enough.
 */
export function takeCores(cores: number, standing: StandingBack | null = null): CoreLease {
  if (!(cores >= 0)) throw new AppError('UNEXPECTED', { message: `${cores} is no number of cores` })
  // Sums of fractions: a hair too much is still room.
  const fits = () => cores <= coreCapacity() - countTaken(() => true) + 1e-9
  const isUrgent = standing?.standsBack() !== true
  if (!fits()) {
    if (!isUrgent || cores > freeCores() + 1e-9) throw new AppError('TRANSCODE_BUSY', { retryAfter: 10 })
    for (const taken of [...ledger().taken].reverse()) {
      if (fits()) break
      if (taken.standing?.standsBack() !== true) continue
      taken.release()
      taken.standing.end()
    }
  }
  const { taken } = ledger()
  const lease: Taken = { cores, standing, release: () => void taken.delete(lease) }
  taken.add(lease)
  return lease
}
