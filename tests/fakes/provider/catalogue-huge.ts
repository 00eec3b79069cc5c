import { pick } from './art/random.ts'
import type { Catalogue, Channel, Movie, Series } from './catalogue.ts'
import { normalCatalogue } from './catalogue-normal.ts'

const COUNTS = { channels: 20_000, movies: 150_000, series: 20_000 }
const FROM = { channels: 100_000, movies: 1_000_000, series: 500_000 }
const regions = ['UK', 'US', 'DE', 'FR', 'ES', 'IT', 'PL', 'SE', 'GR', 'TR', 'BR', 'IN']

function* numbered<T>(count: number, make: (i: number) => T): Generator<T> {
  for (let i = 0; i < count; i++) yield make(i)
}

/** A catalogue of the size that large providers really have; rows are made on demand from their number. */
export function hugeCatalogue(): Catalogue {
  const base = normalCatalogue()
  const channel = (i: number): Channel => {
    const from = pick(base.channels, i)
    const region = pick(regions, Math.floor(i / 40))
    return {
      ...from,
      id: FROM.channels + i,
      number: i + 1,
      name: `${region} | ${from.name} ${Math.floor(i / 480) + 1}`,
      category: 1 + (i % 240),
      epgId: i % 5 === 4 ? '' : `c${i}.huge`,
    }
  }
  const movie = (i: number): Movie => ({
    ...pick(base.movies, i),
    id: FROM.movies + i,
    title: `${pick(base.movies, i).title} ${Math.floor(i / 123) + 1}`,
    category: 1001 + (i % 120),
  })
  const series = (i: number): Series => ({
    ...pick(base.series, i),
    id: FROM.series + i,
    title: `${pick(base.series, i).title} ${Math.floor(i / 24) + 1}`,
    category: 2001 + (i % 80),
  })
  const find =
    <T>(kind: keyof typeof COUNTS, make: (i: number) => T) =>
    (id: number): T | undefined => {
      const i = id - FROM[kind]
      return i >= 0 && i < COUNTS[kind] ? make(i) : undefined
    }
  const categories = (count: number, from: number, word: string) =>
    Array.from({ length: count }, (_, i) => ({ id: from + i, name: `${pick(regions, i)} | ${word} ${i + 1}` }))
  return {
    liveCategories: categories(240, 1, 'Group'),
    vodCategories: categories(120, 1001, 'Films'),
    seriesCategories: categories(80, 2001, 'Series'),
    channels: { [Symbol.iterator]: () => numbered(COUNTS.channels, channel) },
    movies: { [Symbol.iterator]: () => numbered(COUNTS.movies, movie) },
    series: { [Symbol.iterator]: () => numbered(COUNTS.series, series) },
    findChannel: find('channels', channel),
    findMovie: find('movies', movie),
    findSeries: find('series', series),
  }
}
