import 'server-only'
import type { GuideRow } from '@/lib/catalogue'
import { HOUR, SECOND } from '@/lib/kernel/time'
import { askNowBehind, recallNow } from '@/lib/providers'
import { listProvidersWithoutGuide } from './guide-store'
import { cellFlags, type GuideCell } from './schema'

/** The running programme and the next one reach about this far. */
const NEAR_MS = 4 * HOUR

export interface ShortCells {
  /** By item id, in time. */
  cells: Map<number, GuideCell[]>
  /** When (ms) there may be more; null: nobody is being asked. */
  again: number | null
}

interface Span {
  /** Seconds. */
  from: number
  to: number
}

/**
 * What providers' short guides are known to say of rows of which no guide says anything. Nobody is waited for: providers that have
 * no guide at all are asked behind it, once the window is about now.
 */
export async function findShortCells(rows: readonly GuideRow[], span: Span, now = Date.now()): Promise<ShortCells> {
  const cells = new Map<number, GuideCell[]>()
  const asked = rows.filter(({ isAsked }) => isAsked)
  const isNear = span.from * SECOND < now + NEAR_MS && span.to * SECOND > now
  if (asked.length === 0 || !isNear) return { cells, again: null }
  const byProvider = Map.groupBy(asked, ({ providerId }) => providerId)
  const silent = await listProvidersWithoutGuide([...byProvider.keys()])
  let again: number | null = null
  for (const [providerId, own] of byProvider) {
    const ids = own.map(({ providerItemId }) => providerItemId)
    if (silent.has(providerId)) again = Math.min(again ?? Number.POSITIVE_INFINITY, askNowBehind(providerId, ids, now))
    const known = recallNow(providerId, ids)
    for (const { id, providerItemId } of own) cells.set(id, toCells(known.get(providerItemId)?.programmes ?? [], span))
  }
  return { cells, again }
}

const toCells = (programmes: Iterable<{ title: string; start: Date; end: Date }>, { from, to }: Span): GuideCell[] =>
  [...programmes]
    .map(({ title, start, end }): GuideCell => [start.getTime() / SECOND, end.getTime() / SECOND, title, 0, cellFlags.isShort])
    .filter(([start, stop]) => stop > from && start < to)
