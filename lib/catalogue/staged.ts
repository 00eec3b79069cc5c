import type { ItemKind } from '@/lib/kernel/ids'

/** One row of a provider's list, normalised, on its way into the database. */
export interface Staged {
  providerItemId: string
  /** Rank in the provider's list, from 0. */
  position: number
  name: string
  sortName: string
  matchKey: string
  image: string | null
  number: number | null
  guideId: string | null
  archiveDays: number
  adult: boolean
  year: number | null
  rating: number | null
  genres: readonly string[]
  addedAt: Date | null
  /** The provider's own id of the category; '' = none. */
  category: string
  container: string | null
  plot: string | null
  secretUrl: string | null
  /** Episodes: the provider's id of the series, and where in it. */
  parent: string | null
  season: number | null
  episode: number | null
  durationSeconds: number | null
  /** JSON text of ItemDetails and what else is shown of an episode. */
  details: string | null
  /** What is sealed beside the address (archive rules, keys) may be another than last time. */
  renews: boolean
}

export const stagedDefaults = {
  image: null,
  number: null,
  guideId: null,
  archiveDays: 0,
  adult: false,
  year: null,
  rating: null,
  genres: [],
  addedAt: null,
  category: '',
  container: null,
  plot: null,
  secretUrl: null,
  parent: null,
  season: null,
  episode: null,
  durationSeconds: null,
  details: null,
  renews: false,
} as const satisfies Partial<Staged>

/** Kinds in the order in which they must be written: episodes need their series. */
export const stagedKinds: readonly ItemKind[] = ['channel', 'movie', 'series', 'episode']

const special = /[\\\n\r\t\0]/
const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '' }

// COPY text format: a tab between fields, \N for null, a backslash before what would be read as structure.
const text = (value: string) => (special.test(value) ? value.replace(/[\\\n\r\t\0]/g, char => escapes[char] ?? '') : value)
const orNull = (value: string | number | null) => (value === null ? '\\N' : typeof value === 'number' ? value : text(value))
const list = (values: readonly string[]) =>
  values.length === 0 ? '{}' : text(`{${values.map(value => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`)

/** Columns of the staging table, in the order of `toCopyLine`. */
export const stagedColumns =
  'pid, position, name, sort_name, match_key, image, number, guide_id, archive_days, adult, year, rating, genres, added_at, category, container, plot, secret_url, parent, season, episode, duration_seconds, details, renews'

/** One line of a COPY in text format, in the order of `stagedColumns`. */
export function toCopyLine(row: Staged): string {
  return (
    `${text(row.providerItemId)}\t${row.position}\t${text(row.name)}\t${text(row.sortName)}\t${text(row.matchKey)}\t` +
    `${orNull(row.image)}\t${orNull(row.number)}\t${orNull(row.guideId)}\t${row.archiveDays}\t${row.adult ? 't' : 'f'}\t` +
    `${orNull(row.year)}\t${orNull(row.rating)}\t${list(row.genres)}\t${row.addedAt === null ? '\\N' : row.addedAt.toISOString()}\t` +
    `${text(row.category)}\t${orNull(row.container)}\t${orNull(row.plot)}\t${orNull(row.secretUrl)}\t${orNull(row.parent)}\t` +
    `${orNull(row.season)}\t${orNull(row.episode)}\t${orNull(row.durationSeconds)}\t${orNull(row.details)}\t${row.renews ? 't' : 'f'}\n`
  )
}
