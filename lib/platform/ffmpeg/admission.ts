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

const ledger = () => shared('transcode-cores', () => ({ taken: new Set<CoreLease>() }))

/** Nominal cores that conversions may take together in this process; 0 when they are switched off. */
export function coreCapacity(): number {
  return env().TRANSCODE_CORES ?? Math.max(KEPT_CORES, availableParallelism() - KEPT_CORES)
}

export function freeCores(): number {
  let free = coreCapacity()
  for (const { cores } of ledger().taken) free -= cores
  return Math.max(0, free)
}

/** Takes nominal cores until they are given back. Throws TRANSCODE_BUSY when they are not free. */
export function takeCores(cores: number): CoreLease {
  const { taken } = ledger()
  // Sums of fractions: a hair too much is still room.
  if (!(cores >= 0)) throw new AppError('UNEXPECTED', { message: `${cores} is no number of cores` })
  if (cores > freeCores() + 1e-9) throw new AppError('TRANSCODE_BUSY', { retryAfter: 10 })
  const lease: CoreLease = { cores, release: () => void taken.delete(lease) }
  taken.add(lease)
  return lease
}
