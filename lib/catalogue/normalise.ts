import { type Row, toDate, toFlag, toId, toInt, toParts, toRating, toRow, toText, toYear } from '@/lib/providers'
import { splitYear, toMatchKey, toSortName } from './match-key'
import { toSafePicture } from './safe-picture'
import type { BrowseKind } from './schema'
import { type Staged, stagedDefaults } from './staged'

const MAX_PLOT = 4_000
const MAX_ARCHIVE_DAYS = 366
const MAX_INT = 2_147_483_647

export interface RowContext {
  position: number
  /** Words that must not be stored in clear. */
  secrets: readonly string[]
  /** The provider's ids of categories for adults. */
  adultCategories: ReadonlySet<string>
}

const words: Record<BrowseKind, string> = { channel: 'Channel', movie: 'Movie', series: 'Series' }
const idKeys: Record<BrowseKind, string> = { channel: 'stream_id', movie: 'stream_id', series: 'series_id' }

/**
 * One raw row of get_live_streams, get_vod_streams or get_series as we keep it (protocols.md 2.2-2.4); null for a row
 * without an id, which the caller counts as dropped.
 */
export function normaliseRow(kind: BrowseKind, raw: unknown, context: RowContext): Staged | null {
  const row = toRow(raw)
  const id = toId(row[idKeys[kind]])
  if (id === null || id === '0') return null
  // A null name is a known fault of PHP's encoder: the stream behind it plays (protocols.md 8.3).
  const name = toText(row.name) ?? toText(row.title) ?? `${words[kind]} ${id}`
  const year =
    kind === 'channel' ? null : (toYear(row.year) ?? splitYear(name).year ?? toYear(row.releaseDate ?? row.release_date))
  const category = categoryOf(row)
  const shared: Staged = {
    ...stagedDefaults,
    providerItemId: id,
    position: context.position,
    name,
    sortName: toSortName(name),
    matchKey: toMatchKey(kind, name, year),
    year,
    adult: toFlag(row.is_adult) || context.adultCategories.has(category),
    category,
    addedAt: toDate(kind === 'series' ? (row.last_modified ?? row.added) : row.added),
    image: toSafePicture(kind === 'series' ? (row.cover ?? row.stream_icon) : row.stream_icon, context.secrets),
  }
  return kind === 'channel' ? { ...shared, ...channelFacts(row) } : { ...shared, ...filmFacts(kind, row) }
}

function categoryOf(row: Row): string {
  const own = toId(row.category_id)
  if (own !== null && own !== '0') return own
  const [first] = Array.isArray(row.category_ids) ? row.category_ids : []
  return toId(first) ?? ''
}

function channelFacts(row: Row): Partial<Staged> {
  const days = toFlag(row.tv_archive) ? (toInt(row.tv_archive_duration) ?? 0) : 0
  const number = toInt(row.num)
  return {
    number: number !== null && number > 0 && number <= MAX_INT ? number : null,
    guideId: toText(row.epg_channel_id, 128),
    archiveDays: Math.min(MAX_ARCHIVE_DAYS, Math.max(0, days)),
  }
}

function filmFacts(kind: 'movie' | 'series', row: Row): Partial<Staged> {
  return {
    rating: toRating(row.rating),
    genres: toParts(row.genre, 8),
    plot: toText(row.plot, MAX_PLOT),
    container: kind === 'movie' ? toContainer(row.container_extension) : null,
  }
}

/** A file ending of letters and digits; `"mkv, avi"` is mkv, nothing is mp4 (protocols.md 2.3). Longer words are none. */
export function toContainer(value: unknown): string {
  return /(?<![a-z0-9])[a-z0-9]{2,5}(?![a-z0-9])/i.exec(typeof value === 'string' ? value : '')?.[0]?.toLowerCase() ?? 'mp4'
}

const adultGroup = /\b(xxx|adults?|porn)\b|18\s*\+|\+\s*18/i
/** Does the name of a group say that it is for adults? */
export const isAdultGroup = (name: string): boolean => adultGroup.test(name)

export interface CategoryRow {
  id: string
  name: string
}

/** Categories in the provider's order, doubles left out (protocols.md 2.1). */
export function normaliseCategories(rows: readonly unknown[]): CategoryRow[] {
  const found = new Map<string, string>()
  for (const row of rows.map(toRow)) {
    const id = toId(row.category_id)
    if (id !== null && !found.has(id)) found.set(id, toText(row.category_name, 120) ?? `Category ${id}`)
  }
  return [...found].map(([id, name]) => ({ id, name }))
}
