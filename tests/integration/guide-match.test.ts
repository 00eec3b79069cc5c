import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import type { MatchDecision } from '@/lib/epg/schema'
import { type GuideServer, importGuideNow, plantGuideProvider, programmeXml, serveGuide, thisHour, tv } from './guide-steps'
import { startWorld, type World } from './harness'

const HOUR = 3_600_000
const at = (hours: number) => new Date(thisHour + hours * HOUR)
let world: World
let viewer: Viewer
let stranger: Viewer
let admin: Viewer
let server: GuideServer
let rooms: typeof import('@/lib/epg')
let sql: <Row>(text: string, values?: unknown[]) => Promise<Row[]>
let provider: number
let extra: number
const items = new Map<string, number>()
const idOf = (name: string) => items.get(name) ?? 0

const channel = (id: string, name: string) => `<channel id="${id}"><display-name>${name}</display-name></channel>`
const hours = (id: string, title: string) => [-1, 0, 1, 2].map(hour => programmeXml(id, hour, `${title} ${hour}`)).join('')

beforeAll(async () => {
  world = await startWorld()
  viewer = await world.makeViewer()
  stranger = await world.makeViewer({ name: 'Sam' })
  admin = await world.makeViewer({ role: 'admin', name: 'Ada' })
  server = await serveGuide(world)
  rooms = await import('@/lib/epg')
  const { pool } = await import('@/lib/platform/db')
  sql = async <Row>(text: string, values: unknown[] = []) => (await pool().query(text, values)).rows as Row[]
  provider = await plantGuideProvider(viewer.accountId, { guideUrl: `${server.url}/guide.xml` })
  server.body = tv(channel('BBCOne.uk', 'BBC One'), channel('Quiet.uk', 'Quiet'), hours('BBCOne.uk', 'Own'))
  await importGuideNow(provider)
  extra = await plantExtra(viewer.accountId)
  for (const [id, name] of [
    ['bbc1.uk', 'BBC One'],
    ['Quiet.uk', 'Quiet'],
    ['e4.uk', 'E4'],
    ['film4.uk', 'Film4'],
    ['disco.uk', 'Discovery Channel'],
    ['disco.de', 'Discovery Channel'],
  ] as const) {
    await plantChannel(extra, id, name)
  }
  for (const [name, guideId] of [
    ['UK: BBC One HD', ''],
    ['UK: Quiet', 'Quiet.uk'],
    ['E4', null],
    ['Film4 +1', null],
    ['Discovery Channel', null],
    ['Nothing Like It', null],
  ] as const) {
    await plantItem(viewer.accountId, provider, name, guideId)
  }
})
afterAll(async () => {
  server.end()
  await world.end()
})

async function plantExtra(ownerId: string | null): Promise<number> {
  const [row] = await sql<{ id: number }>(
    "INSERT INTO guide_source (owner_id, name, priority) VALUES ($1, 'extra', 10) RETURNING id",
    [ownerId],
  )
  return row?.id ?? 0
}

/** A channel of a guide with an hour on either side of now. */
async function plantChannel(sourceId: number, xmltvId: string, name: string): Promise<number> {
  const [row] = await sql<{ id: number }>(
    `WITH made AS (INSERT INTO guide_channel (source_id, xmltv_id, names) VALUES ($1, $2, ARRAY[$3]) RETURNING id)
     INSERT INTO programme (channel_id, start, stop, title)
     SELECT id, $4::timestamptz + n * interval '1 hour', $4::timestamptz + (n + 1) * interval '1 hour', $2 || ' ' || n
     FROM made, generate_series(-1, 2) n RETURNING channel_id AS id`,
    [sourceId, xmltvId, name, at(0)],
  )
  return row?.id ?? 0
}

async function plantItem(ownerId: string | null, providerId: number, name: string, guideId: string | null): Promise<void> {
  const [row] = await sql<{ id: number }>(
    `WITH made AS (INSERT INTO item (kind, owner_id, name, sort_name, match_key, guide_id)
       VALUES ('channel', $1, $3, lower($3), $3, $4) RETURNING id)
     INSERT INTO source (item_id, provider_id, kind, provider_item_id, name) SELECT id, $2, 'channel', $3, $3 FROM made
     RETURNING item_id AS id`,
    [ownerId, providerId, name, guideId],
  )
  items.set(name, row?.id ?? 0)
}

const versionOf = async () =>
  (await sql<{ version: number }>('SELECT version FROM provider WHERE id = $1', [provider]))[0]?.version
const nowOn = async (name: string, when = at(0.5)) => {
  const [found] = await rooms.findNowNext([{ itemId: idOf(name), providerId: provider, guideId: '' }], when)
  return found?.now?.title ?? null
}
const matchOf = async (name: string) => {
  const { matches } = await rooms.listMatches(viewer, { show: 'all', platform: '0', text: name.toLowerCase() })
  return matches.find(({ itemId }) => itemId === idOf(name))
}
const decide = (name: string, decision: MatchDecision, who = viewer) => rooms.decideGuide(who, idOf(name), decision)

test('rules give channels their guide: the provider’s own before added ones, and the next where that is silent', async () => {
  const before = await versionOf()
  await rooms.matchGuides([viewer.accountId])
  expect(await nowOn('UK: BBC One HD')).toBe('Own 0')
  expect(await nowOn('UK: Quiet')).toBe('Quiet.uk 0')
  expect(await nowOn('E4')).toBe('e4.uk 0')
  expect(await nowOn('Film4 +1')).toBeNull()
  expect(await nowOn('Nothing Like It')).toBeNull()
  expect(await versionOf()).toBe((before ?? 0) + 1)
  await rooms.matchGuides()
  expect(await versionOf()).toBe((before ?? 0) + 1)
})

test('all readers go through the matches', async () => {
  const ref = { itemId: idOf('E4'), providerId: provider, guideId: '' }
  expect((await rooms.listProgrammes(ref, { from: at(0.5), limit: 2 })).map(({ title }) => title)).toEqual(['e4.uk 0', 'e4.uk 1'])
  expect(await rooms.listAllProgrammes(ref)).toHaveLength(4)
  const { getLineUp, listGuideChannels, listForApps } = await import('@/lib/catalogue')
  const lineUp = await getLineUp(viewer)
  const appId = `item.${idOf('E4')}`
  expect((await listGuideChannels(lineUp)).find(({ name }) => name === 'E4')?.guideId).toBe(appId)
  for await (const rows of listForApps(lineUp, 'channel', null)) {
    expect(rows.find(({ name }) => name === 'E4')?.guideId).toBe(appId)
    expect(rows.find(({ name }) => name === 'UK: Quiet')?.guideId).toBe('Quiet.uk')
    expect(rows.find(({ name }) => name === 'Nothing Like It')?.guideId).toBeNull()
  }
  const told = new Map<string, string[]>()
  for await (const { programmes } of rooms.streamGuide([provider])) {
    for (const { channel: id, title } of programmes ?? []) told.set(id, [...(told.get(id) ?? []), title])
  }
  expect([...told.keys()].sort()).toEqual([`item.${idOf('UK: BBC One HD')}`, appId, 'Quiet.uk'].sort())
  expect(told.get(appId)).toContain('e4.uk 0')
})

test('the lines below channels say what the guide says', async () => {
  const told = await rooms.listNow(viewer, [idOf('E4'), idOf('Nothing Like It'), 999_999])
  expect(told[String(idOf('E4'))]).toMatchObject({ title: 'e4.uk 0', start: at(0).toISOString(), next: { title: 'e4.uk 1' } })
  expect(told[String(idOf('Nothing Like It'))] ?? null).toBeNull()
  expect(Object.keys(told)).not.toContain('999999')
  expect(await rooms.listNow(stranger, [idOf('E4')])).toEqual({})
})

test('what is uncertain waits for a person, with candidates and what is on there', async () => {
  const { matches, counts } = await rooms.listMatches(viewer, { show: 'open', platform: '0', text: '' })
  expect(matches.map(({ name }) => name)).toEqual(['Discovery Channel', 'Film4 +1', 'Nothing Like It'])
  expect(matches[0]?.candidates.map(({ xmltvId, source, now }) => [xmltvId, source, now === null])).toEqual([
    ['disco.uk', 'extra', false],
    ['disco.de', 'extra', false],
  ])
  expect(counts).toMatchObject({ open: 3, all: 6 })
  const next = await rooms.listMatches(viewer, { show: 'open', platform: '0', text: '', after: idOf('Film4 +1') })
  expect(next.matches.map(({ name }) => name)).toEqual(['Nothing Like It'])
})

test('a person’s word survives the rules, and can be taken back', async () => {
  const [german] = (await rooms.searchGuideChannels(viewer, idOf('Discovery Channel'), 'DISCO.DE')).map(row => row.channelId)
  await decide('Discovery Channel', { how: 'manual', channelId: german ?? 0 })
  await decide('E4', { how: 'none' })
  expect(await rooms.listNow(viewer, [idOf('E4')])).toEqual({ [idOf('E4')]: null })
  const [film] = (await rooms.searchGuideChannels(viewer, idOf('Film4 +1'), 'film4')).map(row => row.channelId)
  await decide('Film4 +1', { how: 'manual', channelId: film ?? 0, shiftMinutes: 60 })
  await rooms.matchGuides()
  expect(await nowOn('Discovery Channel')).toBe('disco.de 0')
  expect(await nowOn('E4')).toBeNull()
  expect(await nowOn('Film4 +1')).toBe('film4.uk -1')
  const [first] = await rooms.listAllProgrammes({ itemId: idOf('Film4 +1'), providerId: provider, guideId: '' })
  expect(first?.start).toEqual(at(0))
  const written: string[] = []
  for await (const { programmes } of rooms.streamGuide([provider], { from: at(0.5), to: at(1) })) {
    written.push(...(programmes ?? []).map(({ title }) => title))
  }
  expect(written.sort()).toEqual(['Own 0', 'Quiet.uk 0', 'disco.de 0', 'film4.uk -1'])
  await decide('E4', { how: 'automatic' })
  expect(await nowOn('E4')).toBe('e4.uk 0')
  await decide('E4', { shiftMinutes: -60 })
  await rooms.matchGuides()
  expect(await nowOn('E4')).toBe('e4.uk 1')
  const { channels } = await rooms.findGuideWindow(viewer, { ids: [idOf('E4')], from: at(0).getTime() / 1_000, hours: 1 })
  expect(channels[0]?.cells.map(([start, , title]) => [start, title])).toEqual([[at(0).getTime() / 1_000, 'e4.uk 1']])
  expect(await matchOf('E4')).toMatchObject({ how: 'normalised', shiftMinutes: -60, channel: { name: 'E4', source: 'extra' } })
})

test('nobody decides for others, nor chooses from guides that are not theirs', async () => {
  const theirs = await plantChannel(await plantExtra(stranger.accountId), 'secret', 'Secret')
  await expect(decide('E4', { how: 'none' }, stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(decide('E4', { how: 'none' }, admin)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(rooms.searchGuideChannels(stranger, idOf('E4'), 'e4')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(decide('E4', { how: 'manual', channelId: theirs })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(decide('E4', { how: 'manual' })).rejects.toMatchObject({ code: 'INVALID_PARAMETER' })
  await expect(rooms.listMatches(viewer, { show: 'all', platform: '1', text: '' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect((await rooms.listMatches(stranger, { show: 'all', platform: '0', text: '' })).matches).toEqual([])
  expect(await rooms.searchGuideChannels(viewer, idOf('E4'), 'secret')).toEqual([])
})

test('the platform’s guides serve everybody, an account’s only itself', async () => {
  const shared = await plantExtra(null)
  await plantChannel(shared, 'nothing.demo', 'Nothing Like It')
  const own = await plantGuideProvider(stranger.accountId, { guideUrl: null })
  await plantItem(stranger.accountId, own, 'Film4', null)
  await rooms.matchGuides()
  expect(await nowOn('Nothing Like It')).toBe('nothing.demo 0')
  expect(await nowOn('Film4')).toBeNull()
  await sql('DELETE FROM guide_source WHERE id = $1', [shared])
  expect(await nowOn('Nothing Like It')).toBeNull()
  await rooms.matchGuides()
  expect(await matchOf('Nothing Like It')).toMatchObject({ how: 'open', channel: null })
})

test('a channel and a guide that go while they are matched are left out', async () => {
  const gone = await plantChannel(await plantExtra(viewer.accountId), 'gone.demo', 'Gone Soon')
  await plantItem(viewer.accountId, provider, 'Gone Soon', null)
  await plantItem(viewer.accountId, provider, 'Gone As Well', null)
  const { pool } = await import('@/lib/platform/db')
  const importer = await pool().connect()
  try {
    await importer.query('BEGIN')
    await importer.query('DELETE FROM item WHERE id = $1', [idOf('Gone As Well')])
    await importer.query('DELETE FROM guide_channel WHERE id = $1', [gone])
    const matching = rooms.matchGuides([viewer.accountId])
    await expect.poll(() => waitingFor('item')).toBe(1)
    await importer.query('COMMIT')
    await matching
  } finally {
    importer.release()
  }
  expect(await matchOf('Gone Soon')).toMatchObject({ how: 'open', channel: null })
  expect(await matchOf('UK: BBC One HD')).toMatchObject({ channel: { name: 'BBC One' } })
})

/** Statements that wait for a lock of somebody else and name a table. */
const waitingFor = async (table: string) =>
  (
    await sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FROM ' || $1 || '%'
         AND datname = current_database()`,
      [table],
    )
  )[0]?.n

test('channels that come back after their guide went are matched anew', async () => {
  await sql('DELETE FROM guide_source WHERE id = $1', [extra])
  await rooms.matchGuides()
  expect(await matchOf('Discovery Channel')).toMatchObject({ how: 'open', channel: null, candidates: [] })
  expect(await nowOn('UK: BBC One HD')).toBe('Own 0')
})
