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
  for (const [id, name, days] of [
    ['one.tv', 'One', 3],
    ['two.tv', 'Two', 0],
  ] as const) {
    await sql(
      `WITH made AS (INSERT INTO item (kind, owner_id, name, sort_name, match_key, guide_id, archive_days)
         VALUES ('channel', $1, $3, lower($3), $3, $4, $5) RETURNING id)
       INSERT INTO source (item_id, provider_id, kind, provider_item_id, name) SELECT id, $2, 'channel', $3, $3 FROM made`,
      [viewer.accountId, provider, name, id, days],
    )
  }
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
