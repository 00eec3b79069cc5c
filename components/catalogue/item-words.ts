import { sayLeft } from '@/components/shell/say-time'
import type { ItemCard } from '@/lib/catalogue/schema'

/** Where OK on a card leads: channels and episodes play, the others show their page. */
export function hrefOf(item: Pick<ItemCard, 'id' | 'kind'>): string {
  return item.kind === 'channel' || item.kind === 'episode' ? `/watch/${item.id}` : `/title/${item.id}`
}

/** How far this profile is, in percent; null when it has not begun or has finished. */
export function percentOf(item: Pick<ItemCard, 'progress'>): number | null {
  const { progress } = item
  if (!progress || progress.finished || progress.duration <= 0 || progress.position <= 0) return null
  return Math.min(100, (progress.position / progress.duration) * 100)
}

/** "S2 E5". */
export function episodeMark(item: Pick<ItemCard, 'series'>): string | null {
  return item.series ? `S${item.series.season} E${item.series.episode}` : null
}

/** The line under the name of a card. */
export function sayUnder(item: ItemCard): string {
  if (item.series) return `${episodeMark(item)} · ${item.name}`
  if (item.kind === 'channel') return item.number === null ? 'Channel' : `Channel ${item.number}`
  return item.year === null ? (item.kind === 'series' ? 'Series' : 'Movie') : String(item.year)
}

/** A name without the year that providers append, when the year is known and stands beside it anyway. */
export function nameOf(item: Pick<ItemCard, 'name' | 'year'>): string {
  const short = item.name.replace(/\s*[([](\d{4})[)\]]\s*$/, (mark, year: string) => (Number(year) === item.year ? '' : mark))
  return short || item.name
}

/** The first line of a card: an episode goes by the name of its series. */
export const headOf = (item: ItemCard): string => item.series?.name ?? nameOf(item)

export function sayProgress(item: Pick<ItemCard, 'progress'>): string | null {
  return percentOf(item) !== null && item.progress ? sayLeft(item.progress.position, item.progress.duration) : null
}
