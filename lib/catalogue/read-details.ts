import {
  type Row,
  toDate,
  toId,
  toInt,
  toList,
  toParts,
  toRating,
  toRow,
  toSeconds,
  toText,
  toTexts,
  toYear,
} from '@/lib/providers'
import type { StoredDetails } from './item-store'
import { toSortName } from './match-key'
import { toContainer } from './normalise'
import { toSafePicture } from './safe-picture'

const MAX_PLOT = 8_000

export interface TitleFacts {
  details: StoredDetails
  plot: string | null
  durationSeconds: number | null
  year: number | null
  rating: number | null
  genres: string[]
}

/** One episode as `saveEpisodes` writes it. */
export interface EpisodeFacts {
  pid: string
  name: string
  sort_name: string
  image: string | null
  season: number
  episode: number
  seconds: number | null
  plot: string | null
  rating: number | null
  added: Date | null
  container: string
  details: Pick<StoredDetails, 'date'>
  position: number
}

const dayOf = (value: unknown): string | null => toDate(value)?.toISOString().slice(0, 10) ?? null

/** A YouTube id or address as an address; null for anything else. */
function toTrailer(value: unknown): string | null {
  const text = toText(value, 300)
  if (text === null || text === '') return null
  if (/^https?:\/\/(www\.)?(youtube\.com|youtu\.be)\//i.test(text)) return text
  return /^[\w-]{11}$/.test(text) ? `https://www.youtube.com/watch?v=${text}` : null
}

/** `info` of get_vod_info or get_series_info (protocols.md 2.5, 2.6); every field may be missing, `info` may be `[]`. */
export function readTitle(document: Row, secrets: readonly string[]): TitleFacts {
  const info = toRow(document.info)
  const [backdrop] = toTexts(info.backdrop_path)
  const seasons = toList(document.seasons).map(toRow)
  return {
    details: {
      backdrop: toSafePicture(backdrop, secrets),
      cast: toParts(info.cast ?? info.actors, 20),
      director: toText(info.director, 200),
      country: toText(info.country, 80),
      trailer: toTrailer(info.youtube_trailer ?? info.trailer),
      ageRating: toText(info.mpaa_rating, 20) || toText(info.age, 20),
      date: dayOf(info.releasedate ?? info.release_date ?? info.releaseDate),
      seasons: Object.fromEntries(
        seasons.flatMap(season => {
          const number = toInt(season.season_number)
          const name = toText(season.name, 80)
          return number !== null && name ? [[String(number), name]] : []
        }),
      ),
    },
    plot: toText(info.plot, MAX_PLOT) || toText(info.description, MAX_PLOT),
    durationSeconds: toSeconds(info.duration_secs, info.duration, info.episode_run_time),
    year: toYear(info.releasedate ?? info.release_date ?? info.releaseDate ?? info.year),
    rating: toRating(info.rating),
    genres: toParts(info.genre, 8),
  }
}

/** `episodes` in each of its shapes: object by season, list of lists, flat list (protocols.md 2.6). */
export function readEpisodes(document: Row, secrets: readonly string[]): EpisodeFacts[] {
  const seasons = document.episodes
  const keyed = typeof seasons === 'object' && seasons !== null ? Object.entries(seasons) : []
  const rows = keyed.flatMap(([key, value]): { row: Row; season: number | null }[] =>
    Array.isArray(value) ? value.map(row => ({ row: toRow(row), season: Number(key) })) : [{ row: toRow(value), season: null }],
  )
  return rows.flatMap(({ row, season }, position) => toEpisode(row, { season, position, secrets }) ?? [])
}

interface EpisodePlace {
  season: number | null
  position: number
  secrets: readonly string[]
}

function toEpisode(row: Row, { season, position, secrets }: EpisodePlace): EpisodeFacts | null {
  const pid = toId(row.id)
  if (pid === null) return null
  const info = toRow(row.info)
  const episode = toInt(row.episode_num) ?? position + 1
  const name = titleOf(toText(row.title)) ?? `Episode ${episode}`
  return {
    pid,
    name,
    sort_name: toSortName(name),
    image: toSafePicture(info.movie_image ?? info.cover_big, secrets),
    season: toInt(row.season) ?? season ?? toInt(info.season) ?? 1,
    episode,
    seconds: toSeconds(info.duration_secs, info.duration),
    plot: toText(info.plot, MAX_PLOT) || null,
    rating: toRating(info.rating),
    added: toDate(row.added),
    container: toContainer(row.container_extension),
    details: { date: dayOf(info.air_date ?? info.releasedate ?? info.release_date) },
    position,
  }
}

/** "Show - S01E02 - Title" is "Title": season and number are said by themselves. */
function titleOf(text: string | null): string | null {
  if (!text) return null
  const [, rest] = /\bS\d{1,3}\s*E\d{1,4}\b[\s.:_-]*(.*)$/i.exec(text) ?? []
  return rest === undefined ? text : rest.trim() || null
}
