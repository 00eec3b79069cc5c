import type { Programme } from './guide.ts'

export interface Category {
  id: number
  name: string
}

export interface Channel {
  id: number
  number: number
  name: string
  category: number
  epgId: string
  theme: string
  adult: boolean
  archiveDays: number
  added: number
  /** What is on, in place of the days that are made up. */
  guide?: Programme[]
}

export interface Movie {
  id: number
  title: string
  year: number
  category: number
  genre: string
  plot: string
  cast: string
  director: string
  rating: number
  minutes: number
  file: string
  extension: string
  adult: boolean
  added: number
}

export interface Episode {
  id: number
  season: number
  number: number
  title: string
  plot: string
  file: string
  airDate: string
  rating: number
}

export interface Series {
  id: number
  title: string
  year: number
  category: number
  genre: string
  plot: string
  cast: string
  director: string
  rating: number
  seasons: number
  perSeason: number
  added: number
}

/** What a login sees. Lists are iterables so that the huge catalogue never exists as a whole. */
export interface Catalogue {
  liveCategories: Category[]
  vodCategories: Category[]
  seriesCategories: Category[]
  channels: Iterable<Channel>
  movies: Iterable<Movie>
  series: Iterable<Series>
  findChannel(id: number): Channel | undefined
  findMovie(id: number): Movie | undefined
  findSeries(id: number): Series | undefined
}

export const EPISODES_FROM = 900_000
const PER_SERIES = 100
const PER_SEASON = 20

const episodeTitles = [
  'The Arrival',
  'Low Tide',
  'A Door Left Open',
  'Small Hours',
  'The Long Table',
  'Crosswinds',
  'What Remains',
  'Paper Boats',
  'The Visitor',
  'North Light',
  'Second Nature',
  'Home Stretch',
]
const episodePlots = [
  'An unexpected guest changes the plan.',
  'Old promises meet new weather.',
  'Someone has to tell the truth first.',
  'A quiet day goes loudly wrong.',
  'Two stories turn out to be one.',
]

export function episodesOf(series: Series): Episode[] {
  return Array.from({ length: series.seasons * series.perSeason }, (_, i) => {
    const season = Math.floor(i / series.perSeason) + 1
    const number = (i % series.perSeason) + 1
    return {
      id: EPISODES_FROM + series.id * PER_SERIES + (season - 1) * PER_SEASON + number,
      season,
      number,
      title: episodeTitles[(i + series.id) % episodeTitles.length] ?? 'Episode',
      plot: episodePlots[(i + series.id) % episodePlots.length] ?? '',
      file: i % 2 === 0 ? 'episode-1.mp4' : 'episode-2.mp4',
      airDate: `${series.year + season - 1}-${String(1 + (number % 12)).padStart(2, '0')}-14`,
      rating: Math.min(9.6, series.rating + (i % 3) * 0.2),
    }
  })
}

export function findEpisode(catalogue: Catalogue, id: number): Episode | undefined {
  const series = catalogue.findSeries(Math.floor((id - EPISODES_FROM) / PER_SERIES))
  return series && episodesOf(series).find(e => e.id === id)
}

export interface Lists {
  liveCategories: Category[]
  vodCategories: Category[]
  seriesCategories: Category[]
  channels: Channel[]
  movies: Movie[]
  series: Series[]
}

/** Arrays that a test may change while the provider runs. */
export function catalogueOf(lists: Lists): Catalogue & Lists {
  return {
    ...lists,
    findChannel(id) {
      return this.channels.find(c => c.id === id)
    },
    findMovie(id) {
      return this.movies.find(m => m.id === id)
    },
    findSeries(id) {
      return this.series.find(s => s.id === id)
    },
  }
}
