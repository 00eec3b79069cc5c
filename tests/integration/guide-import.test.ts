import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { addProvider, importNow } from './catalogue-steps'
import {
  type GuideServer,
  importGuideNow,
  outcomeOf,
  plantGuideProvider,
  programmeXml,
  serveGuide,
  storedOf,
  thisHour,
  tv,
} from './guide-steps'
import { startWorld, type World } from './harness'

let world: World
let viewer: Viewer
let server: GuideServer
let rooms: typeof import('@/lib/epg')
beforeAll(async () => {
  world = await startWorld()
  viewer = await world.makeViewer()
  server = await serveGuide(world)
  rooms = await import('@/lib/epg')
  const { prepareQueues } = await import('@/lib/platform/queue')
  await prepareQueues(rooms.guideJobs)
})
afterEach(() => {
  world.provider.setFault(null)
  Object.assign(server, { body: '', path: '/guide.xml', cutAt: null, asked: [] })
})
afterAll(async () => {
  server.end()
  const { stopQueue } = await import('@/lib/platform/queue')
  await stopQueue()
  await world.end()
})

const plant = () => plantGuideProvider(viewer.accountId, { guideUrl: `${server.url}/guide.xml` })

test('the guide of a healthy account is read whole, and the second time nothing changes', async () => {
  const id = await addProvider(world, viewer, 'normal')
  await importNow(viewer, id)
  const first = await importGuideNow(id)
  expect(first).toMatchObject({ errorCode: null, state: 'idle', version: 1, refreshed: true })
  expect(first.progress.programmes).toBeGreaterThan(1_000)
  expect(first.progress.bytes).toBeGreaterThan(100_000)
  expect(first.progress.changed).toBe(first.progress.programmes + first.progress.channels)
  const second = await importGuideNow(id)
  expect(second).toMatchObject({ errorCode: null, version: 1, progress: { changed: 0 } })
  // Nobody has looked yet which channels the guide is for: the first time all of them are kept as long as the longest archive.
  expect(second.progress.programmes).toBeGreaterThan(first.progress.programmes * 0.8)
  const [source] = await rooms.listGuideSources(viewer)
  expect(source).toMatchObject({ providerId: id, state: 'idle', problem: null })
})

test.each([
  ['guide-truncated', 'EPG_TRUNCATED', 5],
  ['guide-gz-cut', 'EPG_TRUNCATED', null],
  ['guide-html', 'EPG_INVALID', 0],
  ['guide-empty', 'EPG_EMPTY', 0],
  ['guide-entities', 'EPG_INVALID', 0],
  ['guide-external', 'EPG_INVALID', 0],
  ['guide-deep', 'EPG_LIMIT', 0],
  ['guide-gz-bomb', 'DECOMPRESSION_LIMIT', 0],
  ['guide-bad-rows', null, 6],
  ['guide-no-offset', null, 6],
  ['guide-mixed', null, null],
  ['guide-latin1', null, 1],
])('%s ends as %s', async (login, errorCode, count) => {
  const id = await addProvider(world, viewer, login)
  expect(await importGuideNow(id)).toMatchObject({ errorCode, state: 'idle' })
  const stored = await storedOf(id, 'meridiannewshd.demo')
  if (count !== null) expect(stored).toHaveLength(count)
  if (login === 'guide-latin1') expect(stored[0]).toContain('Café à la crème')
})

test('what a new answer does not reach stays, what it reaches is exchanged', async () => {
  const id = await plant()
  server.body = tv(...[-1, 0, 1, 2].flatMap(hour => ['a', 'b'].map(channel => programmeXml(channel, hour, `Old ${hour}`))))
  expect(await importGuideNow(id)).toMatchObject({ errorCode: null, version: 1 })

  server.body = tv(programmeXml('a', 1, 'New', 3))
  expect(await importGuideNow(id)).toMatchObject({ errorCode: null, version: 2 })
  expect(await storedOf(id, 'a')).toEqual(['-1-0 Old -1', '0-1 Old 0', '1-4 New'])
  expect(await storedOf(id, 'b')).toEqual(['-1-0 Old -1', '0-1 Old 0', '1-2 Old 1', '2-3 Old 2'])

  // Cut short: of what was there only the time it covers is exchanged.
  server.body = tv(programmeXml('b', 0, 'Newer', 2), programmeXml('b', 2, 'Lost')).slice(0, -40)
  expect(await importGuideNow(id)).toMatchObject({ errorCode: 'EPG_TRUNCATED', version: 3 })
  expect(await storedOf(id, 'b')).toEqual(['-1-0 Old -1', '0-2 Newer', '2-3 Old 2'])
  expect(await storedOf(id, 'a')).toHaveLength(3)

  for (const body of ['', '<html></html>', tv(), tv('<a>'.repeat(40))]) {
    server.body = body
    expect((await importGuideNow(id)).version).toBe(3)
  }
  expect(await storedOf(id, 'b')).toHaveLength(3)
})

test('a connection that breaks keeps what had come', async () => {
  const id = await plant()
  server.body = tv(...Array.from({ length: 100 }, (_, hour) => programmeXml('a', hour, `Hour ${hour}`)))
  server.cutAt = 5_000
  expect(await importGuideNow(id)).toMatchObject({ errorCode: 'EPG_TRUNCATED' })
  expect((await storedOf(id, 'a')).length).toBeGreaterThan(20)
})

test('programmes out of order, twice, overlapping or without an end are put right', async () => {
  const id = await plant()
  server.body = tv(
    programmeXml('a', 4, 'Last', null),
    programmeXml('a', 0, 'Wrong'),
    programmeXml('a', 0, 'Right', 3),
    programmeXml('a', 1, 'Overlaps'),
    programmeXml('a', 2, 'Open', null),
  )
  expect(await importGuideNow(id)).toMatchObject({ errorCode: null })
  expect(await storedOf(id, 'a')).toEqual(['0-1 Right', '1-2 Overlaps', '2-4 Open', '4-4.5 Last'])
})

test('a first guide that comes back to its channels is put together, and reads the same once more', async () => {
  const id = await plant()
  server.body = tv(
    ...['a', 'b', 'c'].map(channel => programmeXml(channel, 0, `First of ${channel}`)),
    programmeXml('a', 1, 'Wrong'),
    programmeXml('c', 1, 'Next'),
    programmeXml('a', 1, 'Right', 2),
    programmeXml('d', 0, 'Only'),
    programmeXml('a', 2, 'After'),
  )
  const { progress } = await importGuideNow(id)
  expect(progress).toMatchObject({ programmes: 8, channels: 4 })
  const stored = {
    a: ['0-1 First of a', '1-2 Right', '2-3 After'],
    b: ['0-1 First of b'],
    c: ['0-1 First of c', '1-2 Next'],
    d: ['0-1 Only'],
  }
  for (const [channel, lines] of Object.entries(stored)) expect(await storedOf(id, channel), channel).toEqual(lines)
  expect(await importGuideNow(id)).toMatchObject({ errorCode: null, progress: { changed: 0 } })
})

test('only what viewers can reach is kept: a day back, a fortnight ahead, and the archive of a channel', async () => {
  const id = await plant()
  server.body = tv(...[-80, -30, -20, 0, 300, 400].map(hour => programmeXml('a', hour, `At ${hour}`)))
  expect(await importGuideNow(id)).toMatchObject({ progress: { programmes: 3, dropped: 3 } })
  expect(await storedOf(id, 'a')).toEqual(['-20--19 At -20', '0-1 At 0', '300-301 At 300'])

  const { pool } = await import('@/lib/platform/db')
  await pool().query(
    `WITH made AS (INSERT INTO item (kind, owner_id, name, sort_name, match_key, guide_id, archive_days)
       VALUES ('channel', $1, 'A', 'a', 'a', 'A', 3) RETURNING id)
     INSERT INTO source (item_id, provider_id, kind, provider_item_id, name) SELECT id, $2, 'channel', '1', 'A' FROM made`,
    [viewer.accountId, id],
  )
  expect(await importGuideNow(id)).toMatchObject({ progress: { programmes: 4, dropped: 2 } })

  const { trimGuides } = await import('@/lib/epg/trim-store')
  await trimGuides()
  expect(await storedOf(id, 'a')).toHaveLength(4)
  await pool().query("UPDATE item SET archive_days = 0 WHERE guide_id = 'A'")
  await trimGuides()
  expect(await storedOf(id, 'a')).toEqual(['-20--19 At -20', '0-1 At 0', '300-301 At 300'])
})

test.each(['guide_match', 'guide_own_match'])('the archive of a channel that was led to a guide counts too (%s)', async table => {
  const id = await plant()
  const { pool } = await import('@/lib/platform/db')
  await pool().query(
    `WITH made AS (INSERT INTO item (kind, owner_id, name, sort_name, match_key, archive_days)
       VALUES ('channel', $1, 'Other name', 'other name', 'other name', 3) RETURNING id)
     INSERT INTO source (item_id, provider_id, kind, provider_item_id, name) SELECT id, $2, 'channel', '1', 'Other name' FROM made`,
    [viewer.accountId, id],
  )
  const lines = [-80, -30, -20, 0].map(hour => programmeXml('led', hour, `At ${hour}`))
  server.body = tv(...lines, programmeXml('other', -30, 'Old'), programmeXml('other', 0, 'Now'))
  // Nothing is matched before there is a guide: a first one keeps what the deepest archive may need.
  const { sourceId } = await importGuideNow(id)
  expect(await storedOf(id, 'led')).toHaveLength(3)
  expect(await storedOf(id, 'other')).toHaveLength(2)

  const [columns, values] = table === 'guide_match' ? ['how', `'manual'`] : ['account_id', '$3::uuid']
  await pool().query(
    `INSERT INTO ${table} (item_id, channel_id, ${columns}) SELECT s.item_id, c.id, ${values} FROM source s, guide_channel c
     WHERE s.provider_id = $1 AND c.source_id = $2 AND c.xmltv_id = 'led'`,
    table === 'guide_match' ? [id, sourceId] : [id, sourceId, viewer.accountId],
  )
  await importGuideNow(id)
  const { trimGuides } = await import('@/lib/epg/trim-store')
  await trimGuides()
  expect(await storedOf(id, 'led')).toEqual(['-30--29 At -30', '-20--19 At -20', '0-1 At 0'])
  expect(await storedOf(id, 'other')).toEqual(['0-1 Now'])
})

test('more programmes of one channel than anybody shows are cut off', async () => {
  const id = await plant()
  const minutes = Array.from({ length: 10_050 }, (_, n) => programmeXml('a', n / 60, 'M', 1 / 60))
  server.body = tv(programmeXml('b', 0, 'Yes'), ...minutes, programmeXml('c', 0, 'Yes'))
  expect(await importGuideNow(id)).toMatchObject({ errorCode: 'EPG_LIMIT', progress: { programmes: 10_002, dropped: 50 } })
  expect(await storedOf(id, 'a')).toHaveLength(10_000)
  expect(await storedOf(id, 'c')).toEqual(['0-1 Yes'])
})

test('a panel below a sub-path has its guide there or at the root', async () => {
  const id = await plantGuideProvider(viewer.accountId, { base: `${server.url}/iptv` })
  Object.assign(server, { path: '/xmltv.php', body: tv(programmeXml('a', 0, 'Yes')) })
  expect(await importGuideNow(id)).toMatchObject({ errorCode: null })
  expect(server.asked).toEqual(['/iptv/xmltv.php', '/xmltv.php'])
})

test('a packed file inside of nothing or of itself is unpacked by its bytes', async () => {
  const id = await plant()
  server.body = gzipSync(gzipSync(tv(programmeXml('a', 0, 'Yes'))))
  expect(await importGuideNow(id)).toMatchObject({ errorCode: null })
  expect(await storedOf(id, 'a')).toEqual(['0-1 Yes'])
})

test('pictures whose address carries the login are not stored', async () => {
  const id = await plantGuideProvider(viewer.accountId, { guideUrl: `${server.url}/guide.xml?username=ana&password=secret99` })
  const icons = ['http://x.example/a.png?password=secret99', 'http://x.example/b.png']
  const made = icons.map((src, hour) => programmeXml('a', hour, 'P').replace('</programme>', `<icon src="${src}"/></programme>`))
  server.body = tv(`<channel id="a"><display-name>A</display-name><icon src="${icons[0]}"/></channel>`, ...made)
  await importGuideNow(id)
  const programmes = await rooms.listAllProgrammes({ providerId: id, guideId: 'a' })
  expect(programmes.map(({ details }) => details?.icon)).toEqual([undefined, icons[1]])
  const { pool } = await import('@/lib/platform/db')
  const { rows } = await pool().query("SELECT 1 FROM guide_channel WHERE icon LIKE '%secret99%'")
  expect(rows).toEqual([])
})

test('times of a guide are moved by what its source says', async () => {
  const id = await plant()
  server.body = tv(programmeXml('a', 0, 'Yes'))
  const { sourceId } = await importGuideNow(id)
  const { pool } = await import('@/lib/platform/db')
  await pool().query('UPDATE guide_source SET shift_minutes = 120 WHERE id = $1', [sourceId])
  await pool().query('DELETE FROM programme WHERE start >= $1', [new Date(thisHour)])
  await importGuideNow(id)
  expect(await storedOf(id, 'a')).toEqual(['2-3 Yes'])
})

test('an import that is asked to stop has stopped two seconds later; what was there stays', async () => {
  const id = await addProvider(world, viewer, 'normal.stop-guide')
  await importGuideNow(id)
  const before = await storedOf(id, 'meridiannewshd.demo')
  await rooms.startGuide(viewer, id)
  await expect(rooms.startGuide(await world.makeViewer(), id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const source = (await rooms.listGuideSources(viewer)).find(one => one.providerId === id)
  expect(source?.state).toBe('queued')
  world.provider.setFault('slow')
  const working = rooms.importGuide(source?.id ?? 0)
  await new Promise(resolve => setTimeout(resolve, 1_000))
  await expect(rooms.startGuide(viewer, id)).rejects.toMatchObject({ code: 'GUIDE_RUNNING' })
  const began = Date.now()
  await rooms.cancelGuide(viewer, id)
  await working
  expect(Date.now() - began).toBeLessThan(2_000)
  expect(await outcomeOf(source?.id ?? 0)).toMatchObject({ state: 'idle', errorCode: 'IMPORT_CANCELLED' })
  expect(await storedOf(id, 'meridiannewshd.demo')).toEqual(before)
})

test('an import that the process gave up waits again', async () => {
  const id = await addProvider(world, viewer, 'normal.give-up')
  await rooms.startGuide(viewer, id)
  const source = (await rooms.listGuideSources(viewer)).find(one => one.providerId === id)
  world.provider.setFault('slow')
  const outer = new AbortController()
  const working = rooms.importGuide(source?.id ?? 0, outer.signal)
  await new Promise(resolve => setTimeout(resolve, 1_000))
  outer.abort()
  await expect(working).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(await outcomeOf(source?.id ?? 0)).toMatchObject({ state: 'queued', errorCode: null })
})

test('guides follow the timetable of their provider, and a playlist without one has none', async () => {
  const { pool } = await import('@/lib/platform/db')
  await pool().query("UPDATE guide_source SET state = 'idle', refreshed_at = now(), tried_at = now()")
  const id = await addProvider(world, viewer, 'normal.timetable')
  const without = await plantGuideProvider(viewer.accountId, { guideUrl: null })
  await rooms.queueDueGuides()
  expect((await rooms.listGuideSources(viewer)).find(one => one.providerId === id)).toBeUndefined()
  await importNow(viewer, id)
  await rooms.queueDueGuides()
  expect((await rooms.listGuideSources(viewer)).find(one => one.providerId === id)?.state).toBe('queued')
  expect(await rooms.queueGuide(without)).toBeNull()
})
