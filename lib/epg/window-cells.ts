import 'server-only'
import type { GuideRow } from '@/lib/catalogue'
import { HOUR, SECOND } from '@/lib/kernel/time'
import { shared } from '@/lib/platform/shared'
import { CellCache } from './cell-cache'
import { toGenre } from './genre'
import { type GuideRef, type LedChannel, listChannelWindows, listLed, type WindowProgramme } from './guide-store'
import { type GuideCell, guideGenres } from './schema'

const CACHE_BYTES = 16 * 2 ** 20
/** What no archive reaches any more is taken away without a version that moves: so long it may still be seen. */
const CACHE_MS = HOUR

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
 * What guides say of rows, by item id. The rows are the viewer's own, and where each leads is looked up for this question; cells hang
 * on nothing but that guide channel and the version of its guide, so that everybody who is led there shares them.
 */
export async function findCells(rows: readonly GuideRow[], span: Span): Promise<Map<number, readonly GuideCell[]>> {
  const cache = shared('guide-cells', () => new CellCache(CACHE_BYTES, CACHE_MS))
  const known = rows.filter(isReferred)
  // Versions are read before the programmes: what changes in between is then read once more, and never taken for the newer.
  const led = await listLed(known.map(toRef))
  const cells = new Map<number, readonly GuideCell[]>()
  const missing: { id: number; channel: LedChannel }[] = []
  for (const [at, { id }] of known.entries()) {
    const channel = led.get(at)
    const kept = channel ? cache.get(keyOf(channel, span), channel.version) : []
    if (kept) cells.set(id, kept)
    else if (channel) missing.push({ id, channel })
  }
  if (missing.length === 0) return cells
  const channels = missing.map(({ channel }) => channel)
  const found = await listChannelWindows(channels, { from: new Date(span.from * SECOND), to: new Date(span.to * SECOND) })
  for (const [at, { id, channel }] of missing.entries()) {
    const own = (found.get(at) ?? []).map(toCell)
    cells.set(id, own)
    // Nothing may mean that a first guide is just being stored, which moves its version at the end.
    if (own.length > 0) cache.put(keyOf(channel, span), channel.version, own)
  }
  return cells
}

const keyOf = ({ channelId, shiftMinutes }: LedChannel, { from, to }: Span): string =>
  `${channelId} ${shiftMinutes} ${from} ${to}`

function toCell({ start, stop, title, categories, flags }: WindowProgramme): GuideCell {
  const genre = toGenre(categories)
  return [start, stop, title, genre === null ? 0 : guideGenres.indexOf(genre) + 1, flags]
}
