import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { type GuideServer, importGuideNow, plantGuideProvider, programmeXml, serveGuide, tv } from './guide-steps'
import { startWorld, type World } from './harness'

let world: World
let viewer: Viewer
let stranger: Viewer
let server: GuideServer
let provider: number
let sourceId: number
let rooms: typeof import('@/lib/epg')
let refresh: (sourceId: number) => Promise<void>
let sql: <Row>(text: string, values?: unknown[]) => Promise<Row[]>

const channel = (id: string, name: string) => `<channel id="${id}"><display-name>${name}</display-name></channel>`

async function plantChannel(providerId: number, guideId: string, name: string, archiveDays: number): Promise<number> {
  const [made] = await sql<{ id: number }>(
    `WITH made AS (INSERT INTO item (kind, owner_id, name, sort_name, match_key, guide_id, archive_days)
       VALUES ('channel', $1, $3, lower($3), $3, $4, $5) RETURNING id)
     INSERT INTO source (item_id, provider_id, kind, provider_item_id, name)
     SELECT id, $2, 'channel', $3, $3 FROM made RETURNING item_id AS id`,
    [viewer.accountId, providerId, name, guideId, archiveDays],
  )
  return made?.id ?? 0
}

beforeAll(async () => {
  world = await startWorld()
  viewer = await world.makeViewer()
  stranger = await world.makeViewer({ name: 'Sam' })
  server = await serveGuide(world)
  rooms = await import('@/lib/epg')
  refresh = (await import('@/lib/epg/titles')).refreshTitles
  const { pool } = await import('@/lib/platform/db')
  sql = async <Row>(text: string, values: unknown[] = []) => (await pool().query(text, values)).rows as Row[]
  provider = await plantGuideProvider(viewer.accountId, { guideUrl: `${server.url}/guide.xml` })
  await plantChannel(provider, 'one.tv', 'One', 3)
  await plantChannel(provider, 'two.tv', 'Two', 0)
  server.body = tv(
    channel('one.tv', 'One'),
    channel('two.tv', 'Two'),
    programmeXml('one.tv', -5, 'The Lighthouse Keeper'),
    programmeXml('one.tv', 0, 'Évening News', 2),
    programmeXml('one.tv', 3, 'The Lighthouse Keeper'),
    programmeXml('two.tv', -4, 'The Lighthouse Keeper'),
    programmeXml('two.tv', -1, 'Lighthouse', 3),
    programmeXml('two.tv', 2, 'Newsround 100%'),
  )
  ;({ sourceId } = await importGuideNow(provider))
  await rooms.matchGuides([viewer.accountId])
  await refresh(sourceId)
})
afterAll(async () => {
  server.end()
  await world.end()
})

async function find(text: string, who = viewer): Promise<Record<string, string[]>> {
  const found = await rooms.searchProgrammes(who, text)
  return Object.fromEntries(
    Object.entries(found).map(([group, airings]) => [group, airings.map(one => `${one.channel.name}: ${one.title}`)]),
  )
}

test('titles are found in what is on, what comes, and what the archive of a channel still has', async () => {
  expect(await find('lighthouse')).toEqual({
    onNow: ['Two: Lighthouse'],
    comingUp: ['One: The Lighthouse Keeper'],
    catchUp: ['One: The Lighthouse Keeper'],
  })
})

test.each([
  ['evening', 'onNow', 'One: Évening News'],
  ['NEWS even', 'onNow', 'One: Évening News'],
  ['keeper light', 'comingUp', 'One: The Lighthouse Keeper'],
  ['newsround 100', 'comingUp', 'Two: Newsround 100%'],
  ['lighthuose', 'onNow', 'Two: Lighthouse'],
  ['eveinng nesw', 'onNow', 'One: Évening News'],
  ['lighthose keper', 'comingUp', 'One: The Lighthouse Keeper'],
])('%j finds it', async (text, group, expected) => {
  expect((await find(text))[group]).toContain(expected)
})

test.each(['zzqx', 'ne', '%', 'n_ws', '100% off', "'; --", ''])('%j finds nothing', async text => {
  expect(await find(text)).toEqual({ onNow: [], comingUp: [], catchUp: [] })
})

test('others find nothing of it, and neither does a profile that hides the provider', async () => {
  expect(await find('lighthouse', stranger)).toEqual({ onNow: [], comingUp: [], catchUp: [] })
  const { setProviderShown } = await import('@/lib/profiles')
  await setProviderShown(viewer, provider, false)
  expect(await find('lighthouse')).toEqual({ onNow: [], comingUp: [], catchUp: [] })
  await setProviderShown(viewer, provider, true)
})

test('of several channels with one guide it is on that which the profile sees', async () => {
  const { setProviderShown } = await import('@/lib/profiles')
  const other = await plantGuideProvider(viewer.accountId, { guideUrl: null })
  const hidden = await plantChannel(other, 'one.tv', 'One of others', 3)
  await sql(
    `INSERT INTO guide_match (item_id, channel_id, how, score) SELECT $1, m.channel_id, m.how, m.score
     FROM guide_match m JOIN item i ON i.id = m.item_id WHERE i.name = 'One'
     ON CONFLICT (item_id) DO UPDATE SET channel_id = EXCLUDED.channel_id, how = EXCLUDED.how`,
    [hidden],
  )
  // Before the other one, in the order of numbers.
  await sql('UPDATE item SET number = 1 WHERE id = $1', [hidden])
  expect((await find('evening')).onNow).toEqual(['One of others: Évening News'])
  await setProviderShown(viewer, other, false)
  expect((await find('evening')).onNow).toEqual(['One: Évening News'])
  await sql('DELETE FROM item WHERE id = $1', [hidden])
})

test('titles on channels that the viewer has not do not take the places of those that he has', async () => {
  const others = Array.from({ length: 60 }, (_, at) => programmeXml('far.tv', at - 30, `Keeper ${at}`))
  const before = server.body
  server.body = String(before).replace('</tv>', `${channel('far.tv', 'Far')}${others.join('')}</tv>`)
  await importGuideNow(provider)
  await refresh(sourceId)
  expect((await find('keeper')).comingUp).toEqual(['One: The Lighthouse Keeper'])
  server.body = before
})

test('titles follow the guide: new ones come, old ones go, and doing it again changes nothing', async () => {
  const titles = async () => (await sql<{ title: string }>('SELECT title FROM guide_title ORDER BY title')).map(row => row.title)
  const before = await titles()
  await refresh(sourceId)
  expect(await titles()).toEqual(before)
  server.body = tv(channel('one.tv', 'One'), programmeXml('one.tv', 0, 'Harbour Lights', 3))
  await importGuideNow(provider)
  await refresh(sourceId)
  expect(await titles()).not.toContain('Évening News')
  expect((await find('harbour')).onNow).toEqual(['One: Harbour Lights'])
})
