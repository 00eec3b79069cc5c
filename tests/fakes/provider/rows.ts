import type { Catalogue, Category, Channel, Episode, Movie, Series } from './catalogue.ts'
import { episodesOf } from './catalogue.ts'
import type { Programme } from './guide.ts'
import { films } from './media-recipes.ts'

type Row = Record<string, unknown>

const two = (n: number) => String(n).padStart(2, '0')

export const clock = (seconds: number) =>
  `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(Math.floor(seconds % 60))}`

/** Panels write wall clock text in their own zone. */
export const wallClock = (epoch: number, zoneMinutes: number) =>
  new Date((epoch + zoneMinutes * 60) * 1000).toISOString().slice(0, 19).replace('T', ' ')

const oneDigit = (n: number) => Math.round(n * 10) / 10

export const artUrl = {
  logo: (origin: string, c: Channel) => `${origin}/art/logo/${c.theme}/${encodeURIComponent(c.name)}.png`,
  poster: (origin: string, kind: 'movie' | 'series', m: { title: string; genre: string; year: number }) =>
    `${origin}/art/poster/${kind}/${encodeURIComponent(m.genre)}/${m.year}/${encodeURIComponent(m.title)}.png`,
  backdrop: (origin: string, m: { title: string; genre: string }) =>
    `${origin}/art/backdrop/${encodeURIComponent(m.genre)}/${encodeURIComponent(m.title)}.png`,
}

export const categoryRow = (c: Category): Row => ({ category_id: String(c.id), category_name: c.name, parent_id: 0 })

export function channelRow(c: Channel, num: number, origin: string): Row {
  return {
    num,
    name: c.name,
    stream_type: 'live',
    stream_id: c.id,
    stream_icon: artUrl.logo(origin, c),
    epg_channel_id: c.epgId || null,
    added: String(c.added),
    is_adult: c.adult ? 1 : 0,
    category_id: String(c.category),
    category_ids: [c.category],
    custom_sid: '',
    tv_archive: c.archiveDays > 0 ? 1 : 0,
    direct_source: '',
    tv_archive_duration: c.archiveDays,
    thumbnail: '',
  }
}

export function movieRow(m: Movie, num: number, origin: string): Row {
  return {
    num,
    name: `${m.title} (${m.year})`,
    title: m.title,
    year: String(m.year),
    stream_type: 'movie',
    stream_id: m.id,
    stream_icon: artUrl.poster(origin, 'movie', m),
    rating: oneDigit(m.rating),
    rating_5based: oneDigit(m.rating / 2),
    added: String(m.added),
    is_adult: m.adult ? 1 : 0,
    category_id: String(m.category),
    category_ids: [m.category],
    container_extension: m.extension,
    custom_sid: '',
    direct_source: '',
    plot: m.plot,
    cast: m.cast,
    director: m.director,
    genre: m.genre,
    release_date: `${m.year}-05-01`,
    youtube_trailer: '',
    tmdb: '',
  }
}

function seriesInfo(s: Series, origin: string): Row {
  return {
    name: s.title,
    title: s.title,
    year: String(s.year),
    cover: artUrl.poster(origin, 'series', s),
    plot: s.plot,
    cast: s.cast,
    director: s.director,
    genre: s.genre,
    release_date: `${s.year}-02-01`,
    releaseDate: `${s.year}-02-01`,
    last_modified: String(s.added),
    rating: String(oneDigit(s.rating)),
    rating_5based: oneDigit(s.rating / 2),
    backdrop_path: [artUrl.backdrop(origin, s)],
    youtube_trailer: '',
    episode_run_time: '45',
    category_id: String(s.category),
    category_ids: [s.category],
  }
}

export const seriesRow = (s: Series, num: number, origin: string): Row => ({
  num,
  stream_type: 'series',
  series_id: s.id,
  ...seriesInfo(s, origin),
})

const probe = {
  video: { codec_name: 'h264', profile: 'Main', width: 640, height: 360, r_frame_rate: '25/1', pix_fmt: 'yuv420p' },
  audio: { codec_name: 'aac', sample_rate: '48000', channels: 2 },
}

/** Seconds of picture that the sample files really hold. */
const FILE_SECONDS: Record<string, number> = Object.fromEntries(films.map(f => [`${f.name}.${f.container}`, f.seconds]))

export function vodInfo(m: Movie, origin: string): Row {
  const seconds = FILE_SECONDS[m.file] ?? 60
  const poster = artUrl.poster(origin, 'movie', m)
  const info = {
    kinopoisk_url: '',
    tmdb_id: '',
    name: m.title,
    o_name: m.title,
    cover_big: poster,
    movie_image: poster,
    release_date: `${m.year}-05-01`,
    releasedate: `${m.year}-05-01`,
    episode_run_time: m.minutes,
    youtube_trailer: '',
    director: m.director,
    actors: m.cast,
    cast: m.cast,
    description: m.plot,
    plot: m.plot,
    age: m.adult ? '18' : '12',
    mpaa_rating: '',
    rating_count_kinopoisk: 0,
    country: 'Demo',
    genre: m.genre,
    backdrop_path: [artUrl.backdrop(origin, m)],
    duration_secs: seconds,
    duration: clock(seconds),
    ...probe,
    bitrate: 750,
    rating: oneDigit(m.rating),
    subtitles: [],
  }
  const row = movieRow(m, 1, origin)
  const keys = [
    'stream_id',
    'name',
    'title',
    'year',
    'added',
    'category_id',
    'category_ids',
    'container_extension',
    'custom_sid',
    'direct_source',
  ]
  return { info, movie_data: Object.fromEntries(keys.map(key => [key, row[key]])) }
}

function episodeRow(s: Series, e: Episode, origin: string): Row {
  const seconds = FILE_SECONDS[e.file] ?? 40
  const still = artUrl.backdrop(origin, { title: `${s.title} ${e.season}x${e.number}`, genre: s.genre })
  return {
    id: String(e.id),
    episode_num: e.number,
    title: `${s.title} - S${two(e.season)}E${two(e.number)} - ${e.title}`,
    container_extension: 'mp4',
    info: {
      movie_image: still,
      cover_big: still,
      plot: e.plot,
      release_date: e.airDate,
      releasedate: e.airDate,
      air_date: e.airDate,
      rating: oneDigit(e.rating),
      duration_secs: seconds,
      duration: clock(seconds),
      bitrate: 750,
      ...probe,
      season: e.season,
      tmdb_id: '',
    },
    subtitles: [],
    custom_sid: '',
    added: String(s.added + e.number * 604_800),
    season: e.season,
    direct_source: '',
  }
}

export function seriesDetails(s: Series, origin: string): Row & { episodes: Record<string, Row[]> } {
  const all = episodesOf(s)
  const numbers = Array.from({ length: s.seasons }, (_, i) => i + 1)
  const seasons = numbers.map(n => ({
    air_date: `${s.year + n - 1}-02-01`,
    episode_count: s.perSeason,
    id: s.id * 10 + n,
    name: `Season ${n}`,
    overview: '',
    season_number: n,
    cover: artUrl.poster(origin, 'series', s),
    cover_big: artUrl.poster(origin, 'series', s),
    vote_average: oneDigit(s.rating),
  }))
  const episodes = Object.fromEntries(
    numbers.map(n => [String(n), all.filter(e => e.season === n).map(e => episodeRow(s, e, origin))]),
  )
  return { seasons, info: seriesInfo(s, origin), episodes }
}

export function programmeRow(p: Programme, c: Channel, now: number, zoneMinutes: number): Row {
  const encode = (text: string) => Buffer.from(text).toString('base64')
  return {
    id: String(p.id),
    epg_id: String(c.number),
    title: encode(p.title),
    lang: 'en',
    start: wallClock(p.start, zoneMinutes),
    end: wallClock(p.stop, zoneMinutes),
    stop: wallClock(p.stop, zoneMinutes),
    description: encode(p.description),
    channel_id: c.epgId,
    start_timestamp: String(p.start),
    stop_timestamp: String(p.stop),
    now_playing: p.start <= now && p.stop > now ? 1 : 0,
    has_archive: p.stop <= now && p.stop > now - c.archiveDays * 86_400 ? 1 : 0,
  }
}

/** The answer of panel_api.php: everything at once, channels keyed by id. */
export function panelChannels(catalogue: Catalogue, origin: string): Row {
  const names = new Map(catalogue.liveCategories.map(c => [c.id, c.name]))
  const rows = [...catalogue.channels].map((c, i) => {
    const row = {
      ...channelRow(c, i + 1, origin),
      type_name: 'Live Streams',
      stream_id: String(c.id),
      category_name: names.get(c.category) ?? '',
    }
    return [String(c.id), { ...row, series_no: null, live: '1', container_extension: null }]
  })
  return Object.fromEntries(rows)
}
