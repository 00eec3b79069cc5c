import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import type { ItemCard, ItemQuery } from '@/lib/catalogue/schema'
import { addProvider, importNow, itemsOf } from './catalogue-steps'
import { startWorld, type World } from './harness'

let world: World
let viewer: Viewer
let id: number
let rooms: typeof import('@/lib/catalogue')
let profiles: typeof import('@/lib/profiles')
beforeAll(async () => {
  world = await startWorld()
  rooms = await import('@/lib/catalogue')
  profiles = await import('@/lib/profiles')
  viewer = await world.makeViewer()
  id = await addProvider(world, viewer, 'normal.browse')
  await importNow(viewer, id)
})
afterAll(() => world.end())

async function pages(query: ItemQuery): Promise<ItemCard[]> {
  const all: ItemCard[] = []
  let cursor: string | undefined
  do {
    const page = await rooms.listItems(viewer, cursor ? { ...query, cursor } : query)
    all.push(...page.items)
    cursor = page.next ?? undefined
  } while (cursor)
  return all
}

describe('lists', () => {
  test.each(['provider', 'name', 'added', 'rating', 'year'] as const)('by %s, page by page, each item once', async sort => {
    const all = await pages({ kind: 'movie', sort, limit: 17 })
    expect(new Set(all.map(card => card.id)).size).toBe(123)
    const values = all.map(card => (sort === 'rating' ? card.rating : card.year) ?? 0)
    if (sort === 'rating' || sort === 'year') expect(values).toEqual([...values].sort((a, b) => b - a))
  })

  test('channels stand in the order of the provider', async () => {
    const all = await pages({ kind: 'channel', limit: 7 })
    expect(all.map(card => card.number)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1))
  })

  test('by category, genre, year, rating, text and first letter', async () => {
    const categories = await rooms.listCategories(viewer, 'movie')
    expect(categories.reduce((sum, { count }) => sum + count, 0)).toBe(123)
    const [category] = categories
    for (const sort of ['provider', 'name', 'added'] as const) {
      expect(await pages({ kind: 'movie', category: category?.id ?? 0, sort, limit: 5 })).toHaveLength(category?.count ?? 0)
    }
    const genres = await rooms.listGenres(viewer, 'movie')
    expect(genres.length).toBeGreaterThan(3)
    const inGenre = await pages({ kind: 'movie', genre: genres[0] ?? '', limit: 50 })
    expect(inGenre.length).toBeGreaterThan(3)
    const late = await pages({ kind: 'movie', yearFrom: 2015, yearTo: 2018, ratingFrom: 7, limit: 50 })
    expect(late.every(card => (card.year ?? 0) >= 2015 && (card.year ?? 0) <= 2018 && (card.rating ?? 0) >= 7)).toBe(true)
    const [named] = await pages({ kind: 'movie', text: 'night pool', limit: 5 })
    expect(named?.name).toContain('Night Pool')
    const [fromM] = await pages({ kind: 'movie', sort: 'name', from: 'm', limit: 200 })
    expect(fromM?.name.replace(/^(The|A|An) /, '')[0]?.toLowerCase()).toBe('m')
  })

  test('favourites only, hidden providers not at all', async () => {
    const [first] = await itemsOf(id, 'movie')
    await profiles.setFavourite(viewer, first?.itemId ?? 0, true)
    expect(await pages({ kind: 'movie', favourites: '1', limit: 5 })).toMatchObject([{ id: first?.itemId, favourite: true }])
    const other = await world.makeProfile(viewer)
    await profiles.setProviderShown(other, id, false)
    expect((await rooms.listItems(other, { kind: 'movie', limit: 5 })).items).toEqual([])
    expect(await rooms.listCategories(other, 'movie')).toEqual([])
    await expect(rooms.getItem(other, first?.itemId ?? 0)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('a cursor of another order is refused', async () => {
    const { next } = await rooms.listItems(viewer, { kind: 'movie', sort: 'name', limit: 5 })
    const wrong = rooms.listItems(viewer, { kind: 'movie', sort: 'year', limit: 5, cursor: next ?? '' })
    await expect(wrong).rejects.toMatchObject({ code: 'INVALID_PARAMETER', field: 'cursor' })
    await expect(rooms.listItems(viewer, { kind: 'movie', limit: 5, cursor: 'x' })).rejects.toMatchObject({ field: 'cursor' })
  })
})

test.each([
  ['added', ['added', 'x', 1]],
  ['added', ['added', 5, 1]],
  ['added', ['added', '99999-01-01', 1]],
  ['name', ['name', 'a\0', 1]],
  ['name', ['name', 5, 1]],
  ['name', ['name', 'a', 'x']],
  ['name', ['name', 'a', 3_000_000_000]],
  ['rating', ['rating', 'x', 1]],
  ['rating', ['rating', 1e300, 1]],
  ['year', ['year', 1.5, 1]],
  ['provider', ['provider', 1, 'x', 1]],
  ['provider', ['provider', 1, 1, null]],
] as const)('a forged cursor by %s is refused, not a fault: %j', async (sort, values) => {
  const cursor = Buffer.from(JSON.stringify(values)).toString('base64url')
  const wrong = rooms.listItems(viewer, { kind: 'movie', sort, limit: 5, cursor })
  await expect(wrong).rejects.toMatchObject({ code: 'INVALID_PARAMETER', field: 'cursor' })
})

describe('a detail page', () => {
  test('of a film, with what the provider tells when it is opened', async () => {
    const [movie] = await itemsOf(id, 'movie')
    const page = await rooms.getItem(viewer, movie?.itemId ?? 0)
    expect(page).toMatchObject({ stale: false, plot: expect.any(String), durationSeconds: expect.any(Number) })
    expect(page.details?.cast.length).toBeGreaterThan(0)
    expect(page.details?.backdrop).toMatch(/^\/picture\/\d+\?v=[\w-]{8}&which=backdrop$/)
    expect(page.image).toMatch(/^\/picture\/\d+\?v=[\w-]{8}$/)
    expect(page.sources).toMatchObject([{ provider: { id }, failing: false }])
    expect(page.similar.length).toBeGreaterThan(0)
    expect(JSON.stringify(page)).not.toContain(world.providerUrl)
    expect((await rooms.findPicture(viewer, page.id, 'backdrop'))?.url).toContain(`${world.providerUrl}/art/`)
  })

  test('of a series, with seasons, and where to go on', async () => {
    const [series] = await itemsOf(id, 'series')
    const page = await rooms.getItem(viewer, series?.itemId ?? 0)
    const episodes = page.seasons.flatMap(season => season.episodes)
    expect(episodes.length).toBeGreaterThan(3)
    expect(page.nextEpisodeId).toBe(episodes[0]?.id)
    expect(episodes[0]).toMatchObject({ kind: 'episode', series: { id: page.id, season: 1, episode: 1 } })
    const [first, second] = episodes
    await profiles.recordProgress(viewer, { itemId: first?.id ?? 0, positionSeconds: 39, durationSeconds: 40 })
    expect((await rooms.getItem(viewer, page.id)).nextEpisodeId).toBe(second?.id)
    await profiles.recordProgress(viewer, { itemId: second?.id ?? 0, positionSeconds: 10, durationSeconds: 40 })
    const home = await rooms.getHome(viewer)
    expect(home.continueWatching.map(card => card.id)).toEqual([second?.id])
    expect(home).toMatchObject({ empty: false, hero: { id: second?.id } })
    expect((await rooms.listHistory(viewer)).map(card => card.id)).toEqual([second?.id, first?.id])
    await importNow(viewer, id)
    expect((await rooms.getItem(viewer, page.id)).seasons.flatMap(season => season.episodes).map(one => one.id)).toEqual(
      episodes.map(one => one.id),
    )
  })

  test('while the provider is down: what is known, marked', async () => {
    const [, movie] = await itemsOf(id, 'movie')
    await world.control({ login: 'normal.browse', down: true })
    const page = await rooms
      .getItem(viewer, movie?.itemId ?? 0)
      .finally(() => world.control({ login: 'normal.browse', down: false }))
    expect(page).toMatchObject({ stale: true, details: null, name: movie?.name })
  })

  test('while the provider hangs: soon what is known, later nothing more than the list told', async () => {
    const { pool } = await import('@/lib/platform/db')
    const [, , seen, unseen] = await itemsOf(id, 'movie')
    await rooms.getItem(viewer, seen?.itemId ?? 0)
    await pool().query("UPDATE item SET details_at = now() - interval '60 days' WHERE id = $1", [seen?.itemId])
    world.provider.setFault('hang')
    const began = Date.now()
    const pages = [seen, unseen].map(async movie => {
      const page = await rooms.getItem(viewer, movie?.itemId ?? 0)
      return { page, ms: Date.now() - began }
    })
    const [known, unknown] = await Promise.all(pages).finally(() => world.provider.setFault(null))
    expect(known?.page).toMatchObject({ stale: true, details: { cast: expect.any(Array) } })
    expect(known?.ms).toBeLessThan(3_500)
    expect(unknown?.page).toMatchObject({ stale: true, details: null })
    expect(unknown?.ms).toBeLessThan(9_500)
  })

  test('D4-94 php-arrays: season lists in every shape', async () => {
    const php = await addProvider(world, viewer, 'php-arrays')
    await importNow(viewer, php)
    const [series] = await itemsOf(php, 'series')
    const page = await rooms.getItem(viewer, series?.itemId ?? 0)
    expect(page.seasons[0]).toMatchObject({ number: 1, name: 'Season 1' })
    expect(page.seasons[0]?.episodes.length).toBeGreaterThan(2)
    const { deleteProvider } = await import('@/lib/providers')
    await deleteProvider(viewer, php)
  })
})

test('what is on now comes from the provider, decoded', async () => {
  const channels = await itemsOf(id, 'channel')
  const asked = channels.slice(0, 3).map(channel => channel.itemId)
  const now = await rooms.listNow(viewer, asked)
  expect(Object.keys(now).sort()).toEqual(asked.map(String).sort())
  const running = Object.values(now)[0]
  expect(running?.title).toMatch(/^[A-Z]/)
  expect(Date.parse(running?.start ?? '')).toBeLessThanOrEqual(Date.now())
  expect(Date.parse(running?.end ?? '')).toBeGreaterThan(Date.now())
})

test('a provider whose secret nobody can open says nothing; the others still do', async () => {
  const broken = await addProvider(world, viewer, 'normal2.sealed')
  await importNow(viewer, broken)
  const { pool } = await import('@/lib/platform/db')
  await pool().query("UPDATE provider SET secret = 'gone' WHERE id = $1", [broken])
  const [own] = await itemsOf(id, 'channel')
  const [other] = await itemsOf(broken, 'channel')
  const now = await rooms.listNow(viewer, [own?.itemId ?? 0, other?.itemId ?? 0])
  expect(now[String(own?.itemId)]?.title).toMatch(/^[A-Z]/)
  expect(now[String(other?.itemId)]).toBeNull()
  const { deleteProvider } = await import('@/lib/providers')
  await deleteProvider(viewer, broken)
})

describe('search', () => {
  const names = async (text: string) => {
    const { channels, movies, series } = await rooms.search(viewer, text)
    return [...channels, ...movies, ...series].map(card => card.name)
  }
  test.each([
    ['meridian', 'Meridian'],
    ['merid', 'Meridian'],
    ['news meridian', 'Meridian'],
    ['MERIDIÁN', 'Meridian'],
    ['meridain', 'Meridian'],
    ['merdian news', 'Meridian'],
    ['nihgt pool', 'Night Pool'],
    ['the night pool', 'Night Pool'],
  ])('%s', async (text, expected) => expect((await names(text)).join()).toContain(expected))

  test('answers the same whatever other accounts import', async () => {
    const before = await names('meridain')
    const light = await names('nihgt')
    expect(light.join()).toContain('Night')
    const { pool } = await import('@/lib/platform/db')
    const letters = [...'abcdefghijklmnopqrstuvwxyz']
    const foreign = ['meridian', 'nihgt'].flatMap(word =>
      letters.flatMap(letter => [
        `${letter}${word.slice(1)}`,
        `${word}${letter}`,
        `${word.slice(0, -1)}${letter}`,
        `${letter}${word}`,
      ]),
    )
    await pool().query('INSERT INTO search_word SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [foreign])
    expect(await names('nihgt')).toEqual(light)
    expect(await names('meridain')).toEqual(before)
  })

  test('what holds the words as typed stands before what may have been meant', async () => {
    const { movies } = await rooms.search(viewer, 'lighthouse')
    expect(movies[0]?.name).toMatch(/Lighthouse/)
  })

  test('of signs, of nothing known, and of SQL', async () => {
    for (const text of ['???', 'zzqxzzqx', "'; DROP TABLE item; --", '%', '_', '\\']) await names(text)
    expect(await names('zzqxzzqx')).toEqual([])
  })
})

test('strangers find nothing of it', async () => {
  const stranger = await world.makeViewer()
  const [channel] = await itemsOf(id, 'channel')
  const item = channel?.itemId ?? 0
  const notFound = expect.objectContaining({ code: 'NOT_FOUND' })
  await expect(rooms.getItem(stranger, item)).rejects.toEqual(notFound)
  await expect(rooms.requireInLineUp(stranger, item)).rejects.toEqual(notFound)
  await expect(rooms.listSources(stranger, item)).rejects.toEqual(notFound)
  await expect(rooms.findPicture(stranger, item, 'poster')).rejects.toEqual(notFound)
  await expect(rooms.findTwins(stranger, item)).rejects.toEqual(notFound)
  await expect(rooms.mergeItems(stranger, item, item + 1)).rejects.toEqual(notFound)
  await expect(rooms.splitSource(stranger, channel?.sourceId ?? 0)).rejects.toEqual(notFound)
  await expect(rooms.providerContents(stranger, id)).rejects.toEqual(notFound)
  await expect(rooms.startImport(stranger, id)).rejects.toEqual(notFound)
  await expect(rooms.cancelImport(stranger, id)).rejects.toEqual(notFound)
  expect(await rooms.listNow(stranger, [item])).toEqual({})
  expect((await rooms.listItems(stranger, { kind: 'channel', limit: 5 })).items).toEqual([])
  expect((await rooms.listItems(stranger, { kind: 'channel', provider: id, limit: 5 })).items).toEqual([])
  expect(await rooms.listCategories(stranger, 'channel')).toEqual([])
  expect(await rooms.listGenres(stranger, 'movie')).toEqual([])
  expect((await rooms.search(stranger, 'meridian')).channels).toEqual([])
  expect(await rooms.listImports(stranger)).toEqual([])
  expect(await rooms.getHome(stranger)).toMatchObject({ empty: true, hero: null, newMovies: [] })
})
