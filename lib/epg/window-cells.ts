import 'server-only'
import type { GuideRow } from '@/lib/catalogue'
import { SECOND } from '@/lib/kernel/time'
import { shared } from '@/lib/platform/shared'
import { CellCache } from './cell-cache'
import { toGenre } from './genre'
import { type GuideRef, listWindows, type WindowProgramme } from './guide-store'
import { type GuideCell, guideGenres } from './schema'
import { findGuidesVersion } from './source-store'

const CACHE_BYTES = 16 * 2 ** 20

export type Referred = GuideRow & { guideId: string }
export const isReferred = (row: GuideRow): row is Referred => row.guideId !== null && row.guideId !== ''
export const toRef = ({ id, providerId, guideId, ownChannelId }: Referred): GuideRef => ({
  itemId: id,
  providerId,
  guideId,
  ownChannelId,
})

interface Span {
  /** Seconds. */
  from: number
  to: number
}

/**
 * What guides say of rows, by item id. The rows are the viewer's own, looked up for this question; their cells hang on nothing but
 * the reference of each and the versions of guides and provider, so that everybody whose row leads to the same shares them.
 */
export async function findCells(rows: readonly GuideRow[], span: Span): Promise<Map<number, readonly GuideCell[]>> {
  const cache = shared('guide-cells', () => new CellCache(CACHE_BYTES))
  // Read before the programmes: what changes in between is then read once more, and never taken for the newer.
  const guides = await findGuidesVersion()
  const cells = new Map<number, readonly GuideCell[]>()
  const missing: Referred[] = []
  const known = rows.filter(isReferred)
  for (const row of known) {
    const kept = cache.get(keyOf(row, span), versionOf(row, guides))
    if (kept === null) missing.push(row)
    else cells.set(row.id, kept)
  }
  if (missing.length === 0) return cells
  const found = await listWindows(missing.map(toRef), { from: new Date(span.from * SECOND), to: new Date(span.to * SECOND) })
  for (const [at, row] of missing.entries()) {
    const own = (found.get(at) ?? []).map(toCell)
    cells.set(row.id, own)
    // Nothing may mean that a first guide is just being stored, which moves its version at the end.
    if (own.length > 0) cache.put(keyOf(row, span), versionOf(row, guides), own)
  }
  return cells
}

const keyOf = ({ id, providerId, guideId, ownChannelId }: Referred, { from, to }: Span): string =>
  `${id} ${providerId} ${ownChannelId ?? '-'} ${from} ${to} ${guideId}`

const versionOf = ({ providerVersion }: Referred, guides: string): string => `${guides} ${providerVersion}`

function toCell({ start, stop, title, categories, flags }: WindowProgramme): GuideCell {
  const genre = toGenre(categories)
  return [start, stop, title, genre === null ? 0 : guideGenres.indexOf(genre) + 1, flags]
}
