import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { type GuideServer, importGuideNow, plantGuideProvider, programmeXml, serveGuide, thisHour, tv } from './guide-steps'
import { startWorld, type World } from './harness'

const HOUR = 3_600_000
let world: World
let viewer: Viewer
let stranger: Viewer
let server: GuideServer
let rooms: typeof import('@/lib/epg')
let provider: number
let sql: <Row>(text: string, values?: unknown[]) => Promise<Row[]>
const items: Record<string, number> = {}

/** "PPV 1: A v B | 2026-11-22 20:00 UTC", some hours from now. */
const eventName = (slot: string, title: string, hours: number) =>
  `${slot}: ${title} | ${new Date(thisHour + hours * HOUR).toISOString().slice(0, 16).replace('T', ' ')} UTC`

beforeAll(async () => {
  world = await startWorld()
  viewer = await world.makeViewer()
  stranger = await world.makeViewer({ name: 'Sam' })
  server = await serveGuide(world)
  rooms = await import('@/lib/epg')
  const { pool } = await import('@/lib/platform/db')
  sql = async <Row>(text: string, values: unknown[] = []) => (await pool().query(text, values)).rows as Row[]
  provider = await plantGuideProvider(viewer.accountId, { guideUrl: `${server.url}/guide.xml` })
  server.body = tv(
    '<channel id="known.tv"><display-name>Known</display-name></channel>',
    programmeXml('known.tv', 0, 'From its guide', 4),
  )
  await importGuideNow(provider)
  await plant('one', eventName('PPV 1', 'Reds v Blues', 1), 'ppv.tv')
  await plant('two', eventName('PPV 2', 'Cup final', -1), 'ppv.tv')
  await plant('known', eventName('PPV 3', 'Not asked', 0), 'known.tv')
  await plant('plain', 'Plain channel', null)
  await rooms.matchGuides([viewer.accountId])
})
afterAll(async () => {
  server.end()
  await world.end()
})

async function plant(key: string, name: string, guideId: string | null): Promise<void> {
  const [row] = await sql<{ id: number }>(
    `WITH made AS (INSERT INTO item (kind, owner_id, name, sort_name, match_key, guide_id)
       VALUES ('channel', $1, $3, lower($3), $3, $4) RETURNING id)
     INSERT INTO source (item_id, provider_id, kind, provider_item_id, name) SELECT id, $2, 'channel', $5, $3 FROM made
     RETURNING item_id AS id`,
    [viewer.accountId, provider, name, guideId, key],
  )
  items[key] = row?.id ?? 0
}

async function rename(key: string, name: string): Promise<void> {
  await sql('UPDATE item SET name = $2, sort_name = lower($2) WHERE id = $1', [items[key], name])
  await sql('UPDATE source SET name = $2 WHERE item_id = $1', [items[key], name])
  await rooms.matchGuides([viewer.accountId])
}

const toldOf = async (key: string) =>
  (await rooms.listAllProgrammes({ itemId: items[key] ?? 0, providerId: provider, guideId: '' })).map(
    ({ start, stop, title }) => `${(start.getTime() - thisHour) / HOUR}-${(stop.getTime() - thisHour) / HOUR} ${title}`,
  )
const versionOf = async () =>
  (await sql<{ version: number }>('SELECT version FROM provider WHERE id = $1', [provider]))[0]?.version

async function toldInXmltv(): Promise<Record<string, string[]>> {
  const told: Record<string, string[]> = {}
  for await (const { programmes } of rooms.streamGuide([provider])) {
    for (const { channel, title } of programmes ?? []) told[channel] = [...(told[channel] ?? []), title]
  }
  return told
}

test('channels tell what their names say, in every reader; a guide that knows them comes first', async () => {
  expect(await toldOf('one')).toEqual(['1-4 Reds v Blues'])
  expect(await toldOf('known')).toEqual(['0-4 From its guide'])
  expect(await toldOf('plain')).toEqual([])
  const [one, two] = [items.one ?? 0, items.two ?? 0]
  const now = await rooms.listNow(viewer, [one, two])
  expect(now[String(two)]).toMatchObject({ title: 'Cup final' })
  const window = await rooms.findGuideWindow(viewer, { ids: [one, two], from: thisHour / 1_000, hours: 4 })
  expect(window.channels.map(({ cells }) => cells.map(cell => cell[2]))).toEqual([['Reds v Blues'], ['Cup final']])
  // Both carry the same id of their provider's: apps get one each.
  expect(await toldInXmltv()).toEqual({
    [`item.${one}`]: ['Reds v Blues'],
    [`item.${two}`]: ['Cup final'],
    'known.tv': ['From its guide'],
  })
})

test('nobody else hears of it, and it is no guide that one could change, remove or choose from', async () => {
  expect(await rooms.listNow(stranger, [items.two ?? 0])).toEqual({})
  expect((await rooms.listGuideSources(viewer)).map(({ name }) => name)).toEqual(['guide'])
  const [source] = await sql<{ id: number }>('SELECT id FROM guide_source WHERE from_names')
  for (const who of [viewer, stranger]) {
    await expect(rooms.removeGuideSource(who, source?.id ?? 0)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(rooms.changeGuideSource(who, source?.id ?? 0, { name: 'Mine' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  }
  expect(await rooms.searchGuideChannels(viewer, items.plain ?? 0, 'Reds')).toEqual([])
  const { matches } = await rooms.listMatches(viewer, { show: 'all', platform: '0', text: 'reds' })
  expect(matches.map(({ how, channel }) => [how, channel?.source])).toEqual([['event', 'Names of channels']])
})

test('looking again changes nothing; another name brings another programme and takes the old one away', async () => {
  const before = await versionOf()
  await rooms.matchGuides([viewer.accountId])
  expect(await versionOf()).toBe(before)
  await rename('one', eventName('PPV 1', 'Greens v Golds', 2))
  expect(await toldOf('one')).toEqual(['2-5 Greens v Golds'])
  expect(await versionOf()).toBe((before ?? 0) + 1)
  await rename('one', eventName('PPV 1', 'Greens v Silvers', 2))
  expect(await toldOf('one')).toEqual(['2-5 Greens v Silvers'])
})

test('a name without an event, a guide that knows the channel, and the end of a channel take it away', async () => {
  const count = async () => (await sql("SELECT 1 FROM guide_channel WHERE xmltv_id LIKE 'event.%'")).length
  expect(await count()).toBe(2)
  await rename('one', 'PPV 1: no event')
  expect(await toldOf('one')).toEqual([])
  await sql("UPDATE item SET guide_id = 'known.tv' WHERE id = $1", [items.two])
  await rooms.matchGuides([viewer.accountId])
  expect(await toldOf('two')).toEqual(['0-4 From its guide'])
  expect(await count()).toBe(0)
  await rename('one', eventName('PPV 1', 'Reds v Blues', 1))
  expect(await count()).toBe(1)
  await sql('DELETE FROM item WHERE id = $1', [items.one])
  await rooms.matchGuides([viewer.accountId])
  expect(await count()).toBe(0)
})
