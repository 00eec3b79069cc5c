import type { ListedItem, TitleForApps } from '@/lib/catalogue'
import { pictureLink } from './picture-links'
import { ratingText, renderSeriesInfo } from './render-lists'

const clock = (seconds: number): string =>
  [seconds / 3_600, (seconds / 60) % 60, seconds % 60].map(part => String(Math.floor(part)).padStart(2, '0')).join(':')

/** What apps recognise as "there is no such thing" (protocols.md 2.5, 2.6): of a series they read the name and the seasons all the same. */
export const noTitle = {
  movie: { info: [] },
  series: { seasons: [], info: { name: null }, episodes: {} },
} as const

/** An item page's row in the shape of a list row. */
export function toListed({ row, sources }: Pick<TitleForApps, 'row' | 'sources'>, category: number | null): ListedItem {
  return {
    id: row.id,
    name: row.name,
    image: row.image,
    guideId: null,
    archiveDays: 0,
    adult: false,
    year: row.year,
    rating: row.rating,
    genres: row.genres,
    addedAt: row.addedAt,
    plot: row.plot,
    durationSeconds: row.durationSeconds,
    details: row.details,
    container: sources[0]?.container ?? null,
    categoryId: category,
    categoryIds: category === null ? [] : [category],
  }
}

export function renderMovieInfo(title: TitleForApps, category: number | null, origin: string) {
  const { row, sources } = title
  const { details } = row
  const picture = pictureLink(row.id, row.image, origin)
  const released = details?.date ?? (row.year === null ? '' : `${row.year}-01-01`)
  const duration = row.durationSeconds ?? 0
  const cast = details?.cast.join(', ') ?? ''
  const info = {
    kinopoisk_url: '',
    tmdb_id: '',
    name: row.name,
    o_name: row.name,
    cover_big: picture,
    movie_image: picture,
    release_date: released,
    releasedate: released,
    episode_run_time: String(Math.round(duration / 60)),
    youtube_trailer: details?.trailer ?? '',
    director: details?.director ?? '',
    actors: cast,
    cast,
    description: row.plot ?? '',
    plot: row.plot ?? '',
    age: details?.ageRating ?? '',
    mpaa_rating: details?.ageRating ?? '',
    rating_count_kinopoisk: 0,
    country: details?.country ?? '',
    genre: row.genres.join(', '),
    backdrop_path: [],
    duration_secs: duration,
    duration: clock(duration),
    video: {},
    audio: {},
    bitrate: 0,
    rating: ratingText(row.rating),
    subtitles: [],
  }
  const movie = {
    stream_id: row.id,
    name: row.name,
    title: row.name,
    year: row.year === null ? '' : String(row.year),
    added: epoch(row.addedAt),
    category_id: category === null ? '0' : String(category),
    category_ids: category === null ? [] : [category],
    container_extension: sources[0]?.container ?? 'mp4',
    custom_sid: '',
    direct_source: '',
  }
  return { info, movie_data: movie }
}

export function renderSeriesTitle(title: TitleForApps, category: number | null, origin: string) {
  const { row, episodes } = title
  const numbers = [...new Set(episodes.map(({ season }) => season ?? 1))].sort((a, b) => a - b)
  const cover = pictureLink(row.id, row.image, origin)
  const seasons = numbers.map((number, index) => ({
    air_date: episodes.find(({ season }) => (season ?? 1) === number)?.details?.date ?? '',
    episode_count: episodes.filter(({ season }) => (season ?? 1) === number).length,
    id: index + 1,
    name: row.details?.seasons[String(number)] ?? (number === 0 ? 'Specials' : `Season ${number}`),
    overview: '',
    season_number: number,
    cover,
    cover_big: cover,
    vote_average: 0,
  }))
  // An object even when it is empty or begins with season 0: apps read it by key (protocols.md 2.6).
  const bySeason = Object.fromEntries(
    numbers.map(number => [
      String(number),
      episodes.filter(({ season }) => (season ?? 1) === number).map(episode => renderEpisode(row.name, episode, origin)),
    ]),
  )
  return { seasons, info: renderSeriesInfo(toListed(title, category), origin), episodes: bySeason }
}

function renderEpisode(seriesName: string, episode: TitleForApps['episodes'][number], origin: string) {
  const season = episode.season ?? 1
  const number = episode.episode ?? 0
  const picture = pictureLink(episode.id, episode.image, origin)
  const date = episode.details?.date ?? ''
  const duration = episode.durationSeconds ?? 0
  return {
    id: String(episode.id),
    episode_num: number,
    title: `${seriesName} - ${episodeCode(season, number)} - ${episode.name}`,
    container_extension: episode.container ?? 'mp4',
    info: {
      movie_image: picture,
      cover_big: picture,
      plot: episode.plot ?? '',
      release_date: date,
      releasedate: date,
      air_date: date,
      rating: ratingText(episode.rating),
      duration_secs: duration,
      duration: clock(duration),
      bitrate: 0,
      video: {},
      audio: {},
      season,
      tmdb_id: '',
    },
    subtitles: [],
    custom_sid: '',
    added: epoch(episode.addedAt),
    season,
    direct_source: '',
  }
}

export const episodeCode = (season: number, episode: number): string =>
  `S${String(season).padStart(2, '0')}E${String(episode).padStart(2, '0')}`

const epoch = (date: Date | null): string => (date === null ? '0' : String(Math.floor(date.getTime() / 1_000)))
