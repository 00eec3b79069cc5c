import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { guideGenres } from '@/lib/epg/schema'
import { addProvider, importNow } from './catalogue-steps'
import { importGuideNow, plantGuideProvider, serveGuide, thisHour, tv } from './guide-steps'
import { startWorld, type World } from './harness'

const HOUR = 3_600_000
const seconds = (hours: number) => (thisHour + hours * HOUR) / 1_000
const stamp = (hours: number) => `${new Date(thisHour + hours * HOUR).toISOString().replace(/\D/g, '').slice(0, 14)} +0000`

let world: World
let viewer: Viewer
let stranger: Viewer
let rooms: typeof import('@/lib/epg')
let provider: number
const channels: Record<string, number> = {}

beforeAll(async () => {
  world = await startWorld()
  viewer = await world.makeViewer()
  stranger = await world.makeViewer()
  rooms = await import('@/lib/epg')
  const server = await serveGuide(world)
  provider = await plantGuideProvider(viewer.accountId, { guideUrl: `${server.url}/guide.xml` })
  server.body = tv(
    programme('one', -1, 1, '<title>Early</title>'),
    programme('one', 0, 1, '<title>News at One</title><category>News</category><premiere/><new/>'),
    programme('one', 3, 5, '<title>Long Film</title><sub-title>Part one</sub-title><desc>Very long.</desc>', longFacts),
    programme('two', 0, 2, '<title>Other News</title><category>Nachrichten</category>'),
    programme('two', 26, 27, '<title>Long Film</title>'),
  )
  await importGuideNow(provider)
  server.end()
  for (const [name, guideId] of Object.entries({ One: 'one', Two: 'TWO', Silent: null }))
    channels[name] = await plant(name, guideId)
})
afterAll(() => world.end())

const longFacts = `<credits><director>Ida Dee</director><actor role="Bo">Al Cee</actor></credits><category>Movie</category>
  <episode-num system="xmltv_ns">1.4.</episode-num><rating system="FSK"><value>12</value></rating>`

const programme = (channel: string, from: number, to: number, ...inside: string[]) =>
  `<programme start="${stamp(from)}" stop="${stamp(to)}" channel="${channel}">${inside.join('')}</programme>\n`

async function plant(name: string, guideId: string | null): Promise<number> {
  const { pool } = await import('@/lib/platform/db')
  const { rows } = await pool().query<{ id: number }>(
    `WITH made AS (INSERT INTO item (kind, owner_id, name, sort_name, match_key, guide_id, number)
       VALUES ('channel', $1, $3, lower($3), lower($3), $4, 7) RETURNING id)
     INSERT INTO source (item_id, provider_id, kind, provider_item_id, name, position)
     SELECT id, $2, 'channel', $3, $3, id FROM made RETURNING item_id AS id`,
    [viewer.accountId, provider, name, guideId],
  )
  return rows[0]?.id ?? 0
}

const ids = (...names: string[]) => names.map(name => channels[name] ?? 0)

test('a window has its channels in the order asked, and cells that reach into it', async () => {
  const found = await rooms.findGuideWindow(viewer, { ids: ids('Two', 'Silent', 'One'), from: seconds(0), hours: 4 })
  expect([found.from, found.to]).toEqual([seconds(0), seconds(4)])
  expect(found.channels.map(({ name, cells }) => [name, cells])).toEqual([
    ['Two', [[seconds(0), seconds(2), 'Other News', genre('news'), 0]]],
    ['Silent', []],
    [
      'One',
      [
        [seconds(0), seconds(1), 'News at One', genre('news'), 3],
        [seconds(3), seconds(5), 'Long Film', genre('film'), 0],
      ],
    ],
  ])
  expect(found.channels[0]).toMatchObject({ id: channels.Two, number: 7, image: null, archiveDays: 0, favourite: false })
})

const genre = (name: (typeof guideGenres)[number]) => guideGenres.indexOf(name) + 1

test('what is nobody’s or somebody else’s is left out, and alone it does not exist', async () => {
  const asked = { from: seconds(0), hours: 1 }
  const mixed = await rooms.findGuideWindow(viewer, { ...asked, ids: [2_147_483_647, ...ids('One')] })
  expect(mixed.channels.map(({ name }) => name)).toEqual(['One'])
  await expect(rooms.findGuideWindow(stranger, { ...asked, ids: ids('One', 'Two') })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const programmeOf = (who: Viewer, name: string, hour: number) =>
    rooms.getProgramme(who, { channel: channels[name] ?? 0, start: seconds(hour) })
  await expect(programmeOf(stranger, 'One', 0)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(programmeOf(viewer, 'One', 1)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(programmeOf(viewer, 'One', 4)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(programmeOf(viewer, 'Silent', 0)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await rooms.listGuideRowIds(stranger, {})).toEqual({ ids: [], more: false, archiveDays: 0 })
})

test('a programme tells its facts, its other airings, and what of its kind is on now', async () => {
  const film = await rooms.getProgramme(viewer, { channel: channels.One ?? 0, start: seconds(3) })
  expect(film).toMatchObject({
    channel: { name: 'One' },
    stop: seconds(5),
    title: 'Long Film',
    subTitle: 'Part one',
    description: 'Very long.',
    genre: 'film',
    details: {
      credits: [
        { role: 'director', name: 'Ida Dee' },
        { role: 'actor', name: 'Al Cee', as: 'Bo' },
      ],
      season: 2,
      episode: 5,
      ratings: [{ system: 'FSK', value: '12' }],
    },
    airings: [{ channel: { id: channels.Two, name: 'Two' }, start: seconds(26), stop: seconds(27), title: 'Long Film' }],
    similar: [],
  })
  const news = await rooms.getProgramme(viewer, { channel: channels.One ?? 0, start: seconds(0) })
  expect(news.similar.map(({ title }) => title)).toEqual(['Other News'])
  expect(news.airings).toEqual([])
})

test('rows: all, those that a text names, favourites before the others or alone', async () => {
  const { pool } = await import('@/lib/platform/db')
  await pool().query('INSERT INTO favourite (profile_id, item_id) VALUES ($1::uuid, $2)', [viewer.profileId, channels.Silent])
  const rows = async (query: Parameters<typeof rooms.listGuideRowIds>[1]) => (await rooms.listGuideRowIds(viewer, query)).ids
  expect(await rows({})).toEqual(ids('One', 'Two', 'Silent'))
  expect(await rows({ favourites: 'first' })).toEqual(ids('Silent', 'One', 'Two'))
  expect(await rows({ favourites: 'only' })).toEqual(ids('Silent'))
  expect(await rows({ text: 'tw' })).toEqual(ids('Two'))
  expect(await rows({ provider })).toHaveLength(3)
  expect(await rows({ provider: 2_147_483_647 })).toEqual([])
  expect(await rows({ category: 2_147_483_647 })).toEqual([])
})

test('how far back one may go is what the deepest archive among the rows tells', async () => {
  const { pool } = await import('@/lib/platform/db')
  await pool().query('UPDATE item SET archive_days = CASE id WHEN $1 THEN 20 ELSE 3 END WHERE id = ANY($2::int[])', [
    channels.Two,
    ids('One', 'Two'),
  ])
  const reach = async (who: Viewer, text?: string) => (await rooms.listGuideRowIds(who, { text })).archiveDays
  expect(await reach(viewer)).toBe(20)
  expect(await reach(viewer, 'One')).toBe(3)
  expect(await reach(viewer, 'Silent')).toBe(0)
  expect(await reach(stranger)).toBe(0)
})

test('thirty channels of a real account for four hours stay small', async () => {
  const id = await addProvider(world, viewer, 'normal')
  await importNow(viewer, id)
  await importGuideNow(id)
  const rows = await rooms.listGuideRowIds(viewer, { provider: id })
  const found = await rooms.findGuideWindow(viewer, { ids: rows.ids.slice(0, 30), from: seconds(0), hours: 4 })
  expect(found.channels).toHaveLength(30)
  expect(found.channels.flatMap(({ cells }) => cells).length).toBeGreaterThan(60)
  expect(JSON.stringify(found).length).toBeLessThan(60_000)
})

test('on now for a profile: the channels it watches, then the kinds of things it watches; nothing for one that watched nothing', async () => {
  const { db } = await import('@/lib/platform/db')
  const { profileId } = viewer
  expect(await rooms.listForYou(viewer)).toEqual([])
  const [one = 0, two = 0] = ids('One', 'Two')
  await db().watch.create({ data: { profileId, itemId: two } })
  const found = await rooms.listForYou(viewer, new Date(thisHour + HOUR / 60))
  expect(found.map(({ title, channel, genre }) => [title, channel.id, genre])).toEqual([['Other News', two, 'news']])
  await db().favourite.create({ data: { profileId, itemId: one } })
  const both = await rooms.listForYou(viewer, new Date(thisHour + HOUR / 60))
  expect(both.map(({ title }) => title).sort()).toEqual(['News at One', 'Other News'])
  expect(await rooms.listForYou(stranger)).toEqual([])
})
