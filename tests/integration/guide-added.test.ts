import { deflateRawSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { GuideSourceInput } from '@/lib/epg/schema'
import { type GuideServer, plantGuideProvider, programmeXml, serveGuide, thisHour, tv } from './guide-steps'
import { startWorld, type World } from './harness'

let world: World
let viewer: Viewer
let stranger: Viewer
let admin: Viewer
let server: GuideServer
let rooms: typeof import('@/lib/epg')
let sql: <Row>(text: string, values?: unknown[]) => Promise<Row[]>
beforeAll(async () => {
  world = await startWorld()
  viewer = await world.makeViewer()
  stranger = await world.makeViewer({ name: 'Sam' })
  admin = await world.makeViewer({ role: 'admin', name: 'Ada' })
  server = await serveGuide(world)
  rooms = await import('@/lib/epg')
  const { pool } = await import('@/lib/platform/db')
  sql = async <Row>(text: string, values: unknown[] = []) => (await pool().query(text, values)).rows as Row[]
  const { prepareQueues } = await import('@/lib/platform/queue')
  await prepareQueues(rooms.guideJobs)
})
afterAll(async () => {
  const { stopQueue } = await import('@/lib/platform/queue')
  await stopQueue()
  server.end()
  await world.end()
})

const add = (who: Viewer, input: object) => rooms.addGuideSource(who, GuideSourceInput.parse({ name: 'Extra', ...input }))
const find = async (who: Viewer, id: number) => (await rooms.listGuideSources(who)).find(source => source.id === id)
const countOf = async (id: number) =>
  (
    await sql<{ n: number }>(
      'SELECT count(*)::int AS n FROM programme p JOIN guide_channel c ON c.id = p.channel_id WHERE source_id = $1',
      [id],
    )
  )[0]?.n

/** A zip with one file, as archivers write it. */
function zip(text: string, isLocked = false): Buffer {
  const packed = deflateRawSync(text)
  const head = Buffer.alloc(30)
  head.writeUInt32LE(0x04034b50)
  head.writeUInt16LE(isLocked ? 1 : 0, 6)
  head.writeUInt16LE(8, 8)
  head.writeUInt16LE(9, 26)
  const directory = Buffer.alloc(46)
  directory.writeUInt32LE(0x02014b50)
  return Buffer.concat([head, Buffer.from('guide.xml'), packed, directory])
}

test('a guide by address is read and serves the account’s channels, and its credentials stay sealed', async () => {
  server.body = tv('<channel id="arte.de"><display-name>Arte</display-name></channel>', programmeXml('arte.de', 0, 'Now on'))
  const added = await add(viewer, { url: `${server.url}/guide.xml?password=hush-hush-1` })
  expect(added).toMatchObject({ state: 'queued', address: server.url, mine: true, platform: false, isFile: false, priority: 10 })
  await rooms.importGuide(added.id)
  expect(await find(viewer, added.id)).toMatchObject({ state: 'idle', problem: null, channels: 1, progress: { programmes: 1 } })
  const [row] = await sql<{ text: string }>('SELECT g::text AS text FROM guide_source g WHERE id = $1', [added.id])
  expect(row?.text).not.toContain('hush')
  const provider = await plantGuideProvider(viewer.accountId, { guideUrl: null })
  const [item] = await sql<{ id: number }>(
    `WITH made AS (INSERT INTO item (kind, owner_id, name, sort_name, match_key)
       VALUES ('channel', $1, 'DE: ARTE HD', 'arte', 'arte') RETURNING id)
     INSERT INTO source (item_id, provider_id, kind, provider_item_id, name) SELECT id, $2, 'channel', '1', 'x' FROM made
     RETURNING item_id AS id`,
    [viewer.accountId, provider],
  )
  await rooms.matchGuides([viewer.accountId])
  const ref = { itemId: item?.id ?? 0, providerId: provider, guideId: '' }
  expect((await rooms.listAllProgrammes(ref)).map(({ title }) => title)).toEqual(['Now on'])
  const { getLineUp } = await import('@/lib/catalogue')
  const before = await rooms.findGuideVersion((await getLineUp(viewer)).ids)
  await rooms.removeGuideSource(viewer, added.id)
  expect(await rooms.listAllProgrammes(ref)).toEqual([])
  expect(await rooms.findGuideVersion((await getLineUp(viewer)).ids)).not.toBe(before)
})

test('files are read by what they are: plain, gzip and zip', async () => {
  const text = tv(programmeXml('a', 0, 'Yes'), programmeXml('a', 1, 'Too'))
  for (const content of [Buffer.from(text), gzipSync(text), zip(text)]) {
    const { id, isFile } = await add(viewer, { file: content.toString('base64') })
    await rooms.importGuide(id)
    expect([isFile, await countOf(id), (await find(viewer, id))?.problem]).toEqual([true, 2, null])
    await rooms.removeGuideSource(viewer, id)
  }
})

test('what cannot be read is said in words', async () => {
  const problemOf = async (content: Buffer | string) => {
    const { id } = await add(viewer, { file: Buffer.from(content).toString('base64') })
    await rooms.importGuide(id)
    const problem = (await find(viewer, id))?.problem
    await rooms.removeGuideSource(viewer, id)
    return problem?.code
  }
  expect(await problemOf('<html>Sign in</html>')).toBe('EPG_INVALID')
  expect(await problemOf(zip(tv(programmeXml('a', 0, 'No')), true))).toBe('EPG_INVALID')
  expect(await problemOf(tv(''))).toBe('EPG_EMPTY')
  expect(await problemOf(zip(tv(programmeXml('a', 0, 'Cut'))).subarray(0, 20))).toBe('EPG_EMPTY')
  await expect(add(viewer, {})).rejects.toMatchObject({ code: 'INVALID_PARAMETER', field: 'url' })
  await expect(add(viewer, { url: 'file:///etc/passwd' })).rejects.toMatchObject({ code: 'UPSTREAM_SCHEME_NOT_ALLOWED' })
})

test('an address inside of our own house is not asked', async () => {
  const { id } = await add(viewer, { url: 'http://169.254.169.254/latest' })
  await rooms.importGuide(id)
  expect((await find(viewer, id))?.problem?.code).toMatch(/^UPSTREAM_/)
  await rooms.removeGuideSource(viewer, id)
})

test('changes count: a shift at the next reading, another address, another priority', async () => {
  server.body = tv(programmeXml('a', 0, 'Yes'))
  const { id } = await add(viewer, { url: `${server.url}/nowhere.xml` })
  await rooms.importGuide(id)
  expect((await find(viewer, id))?.problem).not.toBeNull()
  const changed = await rooms.changeGuideSource(viewer, id, {
    url: `${server.url}/guide.xml`,
    shiftMinutes: 60,
    priority: -5,
    name: 'New',
  })
  expect(changed).toMatchObject({ name: 'New', priority: -5, shiftMinutes: 60, state: 'queued' })
  await rooms.importGuide(id)
  const [row] = await sql<{ start: Date }>(
    'SELECT p.start FROM programme p JOIN guide_channel c ON c.id = p.channel_id WHERE c.source_id = $1',
    [id],
  )
  expect(row?.start.getTime()).toBe(thisHour + 3_600_000)
  expect((await find(viewer, id))?.problem).toBeNull()
  await rooms.startGuideSource(viewer, id)
  await rooms.cancelGuideSource(viewer, id)
  expect((await find(viewer, id))?.state).toBe('idle')
  await rooms.removeGuideSource(viewer, id)
})

test('added guides follow their own timetable; files wait for a new one', async () => {
  const web = await add(viewer, { url: `${server.url}/guide.xml`, refreshHours: 6 })
  const never = await add(viewer, { url: `${server.url}/guide.xml`, refreshHours: 0 })
  const file = await add(viewer, { file: Buffer.from('x').toString('base64') })
  await sql("UPDATE guide_source SET state = 'idle', tried_at = NULL, refreshed_at = now() - interval '7 hours'")
  await rooms.queueDueGuides()
  const states = await Promise.all([web, never, file].map(async ({ id }) => (await find(viewer, id))?.state))
  expect(states).toEqual(['queued', 'idle', 'idle'])
  for (const { id } of [web, never, file]) await rooms.removeGuideSource(viewer, id)
})

test('nobody sees or touches what is not theirs', async () => {
  const mine = await add(viewer, { url: `${server.url}/guide.xml` })
  const house = await add(admin, { url: `${server.url}/guide.xml`, platform: true })
  await expect(add(viewer, { url: `${server.url}/x`, platform: true })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect(await find(stranger, mine.id)).toBeUndefined()
  expect(await find(viewer, house.id)).toMatchObject({ platform: true, mine: false, address: '' })
  expect(await find(admin, house.id)).toMatchObject({ mine: true, address: server.url })
  const attempts: ((who: Viewer, id: number) => Promise<unknown>)[] = [
    (who, id) => rooms.changeGuideSource(who, id, { name: 'Mine now' }),
    (who, id) => rooms.removeGuideSource(who, id),
    (who, id) => rooms.startGuideSource(who, id),
    (who, id) => rooms.cancelGuideSource(who, id),
  ]
  for (const attempt of attempts) {
    for (const who of [stranger, admin]) await expect(attempt(who, mine.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(attempt(stranger, house.id)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  }
  expect(await find(viewer, mine.id)).toMatchObject({ name: 'Extra' })
})

test('a provider’s own guide has a priority and a shift, and goes with its provider only', async () => {
  const provider = await plantGuideProvider(viewer.accountId, { guideUrl: `${server.url}/guide.xml` })
  const id = (await rooms.queueGuide(provider)) ?? 0
  await rooms.importGuide(id)
  expect(await rooms.changeGuideSource(viewer, id, { priority: 20, name: 'Not this' })).toMatchObject({
    priority: 20,
    name: 'guide',
  })
  await expect(rooms.removeGuideSource(viewer, id)).rejects.toMatchObject({ code: 'CONFLICT' })
  await rooms.startGuideSource(viewer, id)
  expect((await find(viewer, id))?.state).toBe('queued')
})

test('a new key seals the addresses anew', async () => {
  const { id } = await add(viewer, { url: `${server.url}/guide.xml` })
  const sealOf = async () => (await sql<{ secret: string }>('SELECT secret FROM guide_source WHERE id = $1', [id]))[0]?.secret
  const before = await sealOf()
  const { appendFileSync, readFileSync, writeFileSync } = await import('node:fs')
  const { keyFile, newKey, reloadKeys } = await import('@/lib/platform/secrets')
  const old = readFileSync(keyFile(), 'utf8')
  writeFileSync(keyFile(), `${newKey().replace(/^k/, 'n')}\n`)
  appendFileSync(keyFile(), old)
  reloadKeys()
  const { rotateSecrets } = await import('@/lib/providers')
  await rotateSecrets()
  expect(await sealOf()).not.toBe(before)
  await rooms.importGuide(id)
  expect((await find(viewer, id))?.problem).toBeNull()
})

test('a guide that an account added serves channels of the platform too, for that account only', async () => {
  const { findGuideChannels, getLineUp } = await import('@/lib/catalogue')
  const provider = await plantGuideProvider(null, { guideUrl: null })
  const [item] = await sql<{ id: number }>(
    `WITH made AS (INSERT INTO item (kind, name, sort_name, match_key) VALUES ('channel', 'UK: Harbour News HD', 'harbour', 'harbour') RETURNING id)
     INSERT INTO source (item_id, provider_id, kind, provider_item_id, name) SELECT id, $1, 'channel', '1', 'x' FROM made
     RETURNING item_id AS id`,
    [provider],
  )
  const id = item?.id ?? 0
  const guide = (title: string) =>
    tv('<channel id="harbour.uk"><display-name>Harbour News</display-name></channel>', programmeXml('harbour.uk', 0, title))
  const from = Math.floor(thisHour / 1_000)
  const seen = async (who: Viewer) => {
    const { channels } = await rooms.findGuideWindow(who, { ids: [id], from, hours: 2 })
    const now = (await rooms.listNow(who, [id]))[String(id)]?.title ?? null
    const found = await rooms.searchProgrammes(who, 'Harbour morning')
    return [channels[0]?.cells[0]?.[2] ?? null, now, found.onNow[0]?.channel.id ?? null]
  }
  server.body = guide('Harbour morning, told to Vera')
  const own = await add(viewer, { url: `${server.url}/guide.xml?own` })
  await rooms.importGuide(own.id)
  await rooms.matchGuides([viewer.accountId])
  const { refreshTitles } = await import('@/lib/epg/titles')
  await refreshTitles(own.id)
  expect(await seen(viewer)).toEqual(['Harbour morning, told to Vera', 'Harbour morning, told to Vera', id])
  expect(await seen(stranger)).toEqual([null, null, null])
  expect((await rooms.getProgramme(viewer, { channel: id, start: from })).title).toBe('Harbour morning, told to Vera')

  // The same again is no news; a guide of everybody that comes first and has something to tell wins, one that comes later does not.
  await rooms.matchGuides([null])
  server.body = guide('Harbour morning, told to all')
  const common = await add(admin, { url: `${server.url}/guide.xml?common`, platform: true, priority: 20 })
  await rooms.importGuide(common.id)
  await rooms.matchGuides()
  expect((await seen(viewer))[0]).toBe('Harbour morning, told to Vera')
  expect((await seen(stranger))[0]).toBe('Harbour morning, told to all')
  await sql('UPDATE guide_source SET priority = 5 WHERE id = $1', [common.id])
  await rooms.matchGuides([null])
  expect((await seen(viewer))[0]).toBe('Harbour morning, told to all')
  await rooms.removeGuideSource(admin, common.id)
  await rooms.matchGuides([null])
  expect((await seen(viewer))[0]).toBe('Harbour morning, told to Vera')
  const [channel] = await findGuideChannels(await getLineUp(stranger), [id])
  expect(channel).toMatchObject({ ownChannelId: null })
  await rooms.removeGuideSource(viewer, own.id)
  expect((await seen(viewer))[0]).toBeNull()
})
