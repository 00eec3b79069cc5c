import { hash, pick } from './art/random.ts'
import type { Catalogue, Channel, Lists, Movie, Series } from './catalogue.ts'
import { catalogueOf } from './catalogue.ts'
import { channelGroups, genres, movieTitles, seriesTitles } from './catalogue-texts.ts'
import { formatFilms } from './film-recipes.ts'
import { films, formats } from './media-recipes.ts'
import { people, plotFor } from './plots.ts'

const ADDED_FROM = 1_700_000_000
const movieFiles = films.filter(f => f.name.startsWith('film')).map(f => `${f.name}.${f.container}`)
const slug = (name: string) =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '') || `ch${hash(name) % 1000}`

interface Numbering {
  channelFrom: number
  movieFrom: number
  seriesFrom: number
}

export function makeChannel(id: number, number: number, name: string, category: number, theme: string): Channel {
  const h = hash(name)
  const archive = theme !== 'late' && theme !== 'music' && h % 3 !== 0
  return {
    id,
    number,
    name,
    category,
    theme,
    epgId: `${slug(name)}.demo`,
    adult: theme === 'late' && !name.includes('Lounge'),
    archiveDays: archive ? pick([3, 7, 7], h) : 0,
    added: ADDED_FROM + (h % 40_000_000),
  }
}

export function makeMovie(id: number, title: string, genre: string, category: number): Movie {
  const h = hash(title)
  const file = pick(movieFiles, h)
  return {
    id,
    title,
    genre,
    category,
    year: 1968 + (h % 58),
    plot: plotFor(genre, h % 997),
    cast: [0, 3, 5, 11].map(n => pick(people, h + n)).join(', '),
    director: pick(people, h + 8),
    rating: 5.1 + ((h >>> 4) % 43) / 10,
    minutes: 82 + ((h >>> 6) % 70),
    file,
    extension: file.slice(file.lastIndexOf('.') + 1),
    adult: false,
    added: ADDED_FROM + ((h >>> 3) % 90_000_000),
  }
}

function makeSeries(id: number, title: string, genre: string, category: number): Series {
  const h = hash(title)
  const shared = {
    plot: plotFor(genre, h % 991),
    cast: [1, 4, 9].map(n => pick(people, h + n)).join(', '),
    director: pick(people, h + 6),
  }
  return {
    id,
    title,
    genre,
    category,
    ...shared,
    year: 2008 + (h % 16),
    rating: 6 + ((h >>> 5) % 32) / 10,
    seasons: 1 + (h % 4),
    perSeason: 4 + ((h >>> 2) % 7),
    added: ADDED_FROM + (h % 90_000_000),
  }
}

function buildLists(
  n: Numbering,
  keepChannel: (i: number) => boolean,
  keepMovie: (i: number) => boolean,
  seriesCount: number,
): Lists {
  const flat = channelGroups.flatMap((group, g) =>
    group.names.map(name => ({ name, theme: name === 'Test Card' ? 'test' : group.theme, category: g + 1 })),
  )
  const channels = flat
    .filter((_, i) => keepChannel(i))
    .map((c, i) => makeChannel(n.channelFrom + i, i + 1, c.name, c.category, c.theme))
  const titles = genres.flatMap((genre, g) => (movieTitles[genre] ?? []).map(title => ({ title, genre, category: 101 + g })))
  const movies = titles.filter((_, i) => keepMovie(i)).map((m, i) => makeMovie(n.movieFrom + i, m.title, m.genre, m.category))
  const lateFilms = ['Velvet Hours', 'The Night Pool', 'Scarlet Hotel'].map((title, i) => ({
    ...makeMovie(n.movieFrom + movies.length + i, title, 'Romance', 199),
    adult: true,
  }))
  const series = seriesTitles
    .slice(0, seriesCount)
    .map(([title, genre], i) => makeSeries(n.seriesFrom + i, title, genre, 201 + genres.indexOf(genre)))
  return {
    liveCategories: channelGroups.map((g, i) => ({ id: i + 1, name: g.category })),
    vodCategories: [...genres.map((name, i) => ({ id: 101 + i, name })), { id: 199, name: 'After Dark (18+)' }],
    seriesCategories: genres.map((name, i) => ({ id: 201 + i, name })).filter(c => series.some(s => s.category === c.id)),
    channels,
    movies: [...movies, ...lateFilms],
    series,
  }
}

export function normalCatalogue(): Catalogue & Lists {
  return catalogueOf(
    buildLists(
      { channelFrom: 1001, movieFrom: 5001, seriesFrom: 701 },
      () => true,
      () => true,
      24,
    ),
  )
}

/** One channel or film for each format, the stream ids from 1 on. */
export function formatsCatalogue(): Catalogue & Lists {
  return catalogueOf({
    liveCategories: [{ id: 1, name: 'Formats' }],
    vodCategories: [{ id: 2, name: 'Formats' }],
    seriesCategories: [],
    channels: formats.map(({ name, label }, at) => ({ ...makeChannel(at + 1, at + 1, label, 1, name), archiveDays: 3 })),
    movies: formatFilms.map(({ name }, at) => ({
      ...makeMovie(at + 1, `Format ${name}`, 'Drama', 2),
      file: `formats/${name}`,
      extension: name.slice(name.lastIndexOf('.') + 1),
    })),
    series: [],
  })
}

const elsewhere: [string, string, number][] = [
  ['Fjord TV', 'world', 7],
  ['Radar Sport', 'sport', 2],
  ['Canal Azul', 'world', 7],
  ['Morning Star News', 'news', 1],
  ['Polar Docs', 'documentary', 4],
  ['Comet Kids', 'kids', 5],
  ['Replay Gold', 'cinema', 3],
  ['Bassline', 'music', 6],
]

/** Another provider: ten channels carry the same names as the first one's, spelt its own way, with other numbers. */
export function secondCatalogue(): Catalogue & Lists {
  const lists = buildLists(
    { channelFrom: 21, movieFrom: 40_001, seriesFrom: 301 },
    i => i % 4 === 0,
    i => i % 3 === 0,
    9,
  )
  lists.channels.forEach((c, i) => {
    if (i % 3 === 1) c.name = `EN: ${c.name.replace(' HD', '')} FHD`
  })
  const own = elsewhere.map(([name, theme, category], i) =>
    makeChannel(91 + i, lists.channels.length + i + 1, name, category, theme),
  )
  return catalogueOf({ ...lists, channels: [...lists.channels, ...own] })
}
