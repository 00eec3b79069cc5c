import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { QualityGroup, QualityPlayers } from '@/lib/analytics/schema'
import type { PlaybackView } from '@/lib/playback/schema'
import { capabilities } from './catch-up-steps'
import { type GatewayWorld, type MadeLine, startGatewayWorld } from './gateway-world'

let world: GatewayWorld
let channels: { stream_id: number }[]

const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36'
const sid = 'sid="6e2fb550-c457-11e9-bb97-0800200c9a66"'

beforeAll(async () => {
  world = await startGatewayWorld()
  channels = (await world.api(await world.makeLine(), '&action=get_live_streams')) as typeof channels
})

afterEach(async () => {
  const { pool } = await import('@/lib/platform/db')
  await pool().query('TRUNCATE playback_quality')
  expect(world.failures.splice(0)).toEqual([])
})

afterAll(() => world.endAll())

const channel = () => channels[0]?.stream_id ?? 0
const pause = (ms: number) => new Promise(done => setTimeout(done, ms))

/** What hls.js adds to an address, or sends as headers. */
const asArgument = (address: string, said: string) =>
  `${address}${address.includes('?') ? '&' : '?'}CMCD=${encodeURIComponent(said)}`

interface Row {
  session_id: string
  account_id: string
  item_id: number
  line_id: number | null
  browser: string
  app: string
  app_session: string | null
  throughput: number | null
  start_ms: number | null
  watched_ms: number
  stalls: number
  bitrate: number
  bitrate_switches: number
}

async function rows(): Promise<Row[]> {
  const { pool } = await import('@/lib/platform/db')
  return (await pool().query('SELECT q.*, p.line_id FROM playback_quality q JOIN playback_session p ON p.id = q.session_id')).rows
}

async function get(address: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(new URL(address, world.base), { headers: { 'user-agent': chrome, ...headers } })
  expect(answer.status, address).toBe(200)
  return answer.text()
}

/** Follows playlists, each asked for with what a player says of playlists, to the first segments. */
async function findSegments(address: string): Promise<string[]> {
  const text = await get(asArgument(address, `ot=m,sf=h,${sid},su`))
  const named = text.split('\n').filter(row => row !== '' && !row.startsWith('#'))
  const all = named.map(name => new URL(name, new URL(address, world.base)).href)
  const [first = ''] = all
  return new URL(first).pathname.endsWith('.m3u8') ? findSegments(first) : all
}

async function openLine(line: MadeLine): Promise<{ segments: string[]; end(): Promise<void> }> {
  const segments = await findSegments(`${world.base}/live/${line.path}/${channel()}.m3u8`)
  const { endPlaybacksOf } = await import('@/lib/playback')
  return { segments, end: () => endPlaybacksOf({ lineId: line.id }) }
}

async function openPage(): Promise<{ view: PlaybackView; segments: string[]; end(): Promise<void> }> {
  const { openPlayback, closePlayback } = await import('@/lib/playback')
  const origin = { address: '127.0.0.1', app: chrome }
  const view = await openPlayback(world.viewer, { itemId: channel(), capabilities }, origin)
  return { view, segments: await findSegments(view.url), end: () => closePlayback(world.viewer, view.sessionId) }
}

const segmentOf = ([first = '']: string[]) => first

test('a player with a device line tells how it plays, and the admin sees it', async () => {
  const line = await world.makeLine()
  const { segments, end } = await openLine(line)
  const began = performance.now()
  for (const said of ['br=3000,d=2000,ot=av,su', 'bl=0,br=5000,bs,d=2000,mtp=900,ot=av,su', 'bl=1900,br=5000,d=2000,ot=av']) {
    await get(asArgument(segmentOf(segments), `${said},sf=h,${sid},st=l`))
    await pause(250)
  }
  const took = performance.now() - began
  expect(await rows()).toEqual([])
  await end()
  await expect.poll(rows).toMatchObject([
    {
      account_id: world.viewer.accountId,
      item_id: channel(),
      line_id: line.id,
      live: true,
      browser: 'Chrome',
      app: 'Chrome on Linux',
      app_session: '6e2fb550-c457-11e9-bb97-0800200c9a66',
      throughput: 900,
      stalls: 1,
      bitrate: 5000,
      bitrate_switches: 1,
      failed: false,
    },
  ])
  const [{ watched_ms, start_ms }] = (await rows()) as [Row]
  expect(start_ms).toBeGreaterThanOrEqual(500)
  expect(start_ms).toBeLessThan(took)
  expect(watched_ms).toBeGreaterThanOrEqual(500)
  expect(watched_ms).toBeLessThan(took)
  const { readQuality } = await import('@/lib/analytics')
  const figures = { startP50: start_ms, bitrateP95: 5000, throughputP50: 900, failed: null, stalled: null, zapP50: null }
  const see = (by: QualityGroup, players: QualityPlayers = 'apps') => readQuality(world.viewer, { hours: 1, by, players })
  expect((await see('channel')).rows).toMatchObject([{ key: String(channel()), sessions: 1, viewers: 1, ...figures }])
  expect((await see('player')).rows).toMatchObject([{ name: 'Chrome on Linux', note: null, ...figures }])
  const note = 'Chrome on Linux · 6e2fb550-c457-11e9-bb97-0800200c9a66'
  const { rows: sessions, total } = await see('session', 'all')
  expect(sessions).toMatchObject([{ note, sessions: 1, ...figures }])
  expect(total.halts).toBe(1)
  expect(await see('session', 'own')).toMatchObject({ rows: [], total: { sessions: 0, halts: null } })
  await expect(readQuality(await world.makeViewer(), { hours: 1, by: 'session', players: 'all' })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
})

test('so does one with the address of a page, by headers; what its session is called is ours to say', async () => {
  const other = await openPage()
  const { view, segments, end } = await openPage()
  const mine = { 'cmcd-session': `sid="${other.view.sessionId}",cid="${other.view.sessionId}",st=l` }
  const object = 'br=2500,d=2000,ot=av,tb=6000'
  await get(segmentOf(segments), { ...mine, 'cmcd-object': object, 'cmcd-request': 'mtp=25400' })
  await pause(250)
  await get(segmentOf(segments), { ...mine, 'cmcd-object': object, 'cmcd-status': 'bs,rtp=15000' })
  await other.end()
  await end()
  await expect
    .poll(rows)
    .toMatchObject([{ session_id: view.sessionId, line_id: null, stalls: 1, bitrate: 2500, app_session: other.view.sessionId }])
  // It is over: nothing more is taken down.
  expect((await fetch(asArgument(segmentOf(segments), 'bs'))).ok).toBe(false)
})

test('malformed words change nothing, and without any there is no row', async () => {
  const silent = await openPage()
  await get(segmentOf(silent.segments))
  const babbling = await openPage()
  const { segments, end, view } = await openPage()
  await get(asArgument(segmentOf(segments), 'br=2500,d=2000,ot=av'))
  await pause(50)
  for (const said of [
    '',
    ',,=',
    'br=fast,d=-1',
    'bs=0',
    'd=9e9,ot=av',
    '"'.repeat(900),
    `bs,d=2000,cid="${'x'.repeat(1_000)}"`,
    '\u0000%zz',
  ]) {
    await get(asArgument(segmentOf(segments), said))
    await get(asArgument(segmentOf(babbling.segments), said))
  }
  await get(`${segmentOf(segments)}?CMCD=%E0%A4%A`)
  await get(segmentOf(babbling.segments), { 'cmcd-status': 'bs=no', 'cmcd-object': '=' })
  await silent.end()
  await babbling.end()
  await end()
  await expect.poll(rows).toMatchObject([{ session_id: view.sessionId, stalls: 0, bitrate: 2500, watched_ms: 0 }])
})

test('a request that is refused tells nothing of the session it names', async () => {
  const { view, segments, end } = await openPage()
  const own = new URL(segmentOf(segments))
  const said = asArgument('', 'bs,br=9,d=2000,ot=av')
  // Through the door of apps, with a changed token, from another site, and for a segment that there is not.
  const wrong: [string, Record<string, string>][] = [
    [own.pathname.replace('/stream/', '/hls/'), {}],
    [own.pathname.replace(/\.[^./]{8}(?=[^/]*\/[^/]+$)/, '.AAAAAAAA'), {}],
    [own.pathname, { 'sec-fetch-site': 'cross-site' }],
    [own.pathname.replace(/\d+\.ts$/, '9999999.ts'), {}],
  ]
  for (const [path, headers] of wrong) {
    expect(path === own.pathname).toBe('sec-fetch-site' in headers)
    const answer = await fetch(`${world.base}${path}${said}`, { headers })
    expect([answer.ok, path]).toEqual([false, path])
  }
  await get(asArgument(own.href, 'br=2500,d=2000,ot=av'))
  await end()
  await expect.poll(rows).toMatchObject([{ session_id: view.sessionId, stalls: 0, bitrate: 2500, bitrate_switches: 0 }])
})

test('players in browsers may send it as headers to the door of apps', async () => {
  const answer = await fetch(`${world.base}/hls/live/token/1.ts`, { method: 'OPTIONS' })
  expect(answer.headers.get('access-control-allow-headers')).toContain('cmcd-object')
})
