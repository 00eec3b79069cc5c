import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GatewayWorld, type MadeLine, type Sent, sendTo, startGatewayWorld } from './gateway-world'

let world: GatewayWorld
let line: MadeLine
let channel = 0
const send = (sent: Sent) => sendTo(world.base, sent)

beforeAll(async () => {
  world = await startGatewayWorld()
  line = await world.makeLine({ maxConnections: 50 })
  const list = (await world.api(line, '&action=get_live_streams')) as { stream_id: number }[]
  channel = list[0]?.stream_id ?? 0
})

afterAll(async () => {
  expect(world.failures).toEqual([])
  await world.endAll()
})

const long = 'a'.repeat(5_000)

// reliability.md D2, number by number. Q stands for the line's query, P for USER/PASSWORD, C for a channel's id.
describe('D2: Xtream query and path', () => {
  test.each<[number, string, number, string | null, string | null]>([
    [32, '/player_api.php?username=a&username=b', 400, 'DUPLICATE_PARAMETER', null],
    [33, '/player_api.php?username[]=a', 400, 'INVALID_PARAMETER', null],
    [34, '/player_api.php?username[not]=', 400, 'INVALID_PARAMETER', null],
    [35, '/player_api.php?Q&action=__proto__', 400, 'UNKNOWN_ACTION', null],
    [35, '/player_api.php?Q&action=constructor', 400, 'UNKNOWN_ACTION', null],
    [36, "/player_api.php?Q&action=get_live_streams'--", 400, 'UNKNOWN_ACTION', null],
    [37, `/player_api.php?Q&action=${long}`, 400, 'UNKNOWN_ACTION', null],
    [38, '/player_api.php?Q&action=get_live_streams&category_id=-1', 200, null, '[]'],
    [39, '/player_api.php?Q&action=get_live_streams&category_id=1e9', 400, 'INVALID_PARAMETER', null],
    [39, '/player_api.php?Q&action=get_live_streams&category_id=0x10', 400, 'INVALID_PARAMETER', null],
    [39, '/player_api.php?Q&action=get_live_streams&category_id=NaN', 400, 'INVALID_PARAMETER', null],
    [40, '/player_api.php?Q&action=get_short_epg&stream_id=99999999999999999999', 404, 'NOT_FOUND', null],
    [40, '/player_api.php?Q&action=get_simple_data_table&stream_id=99999999999999999999', 404, 'NOT_FOUND', null],
    [40, '/streaming/timeshift.php?Q&stream=99999999999999999999&start=2026-11-20:10-00&duration=60', 404, 'NOT_FOUND', null],
    [40, '/live/P/99999999999999999999.ts', 404, 'NOT_FOUND', null],
    [41, '/player_api.php?Q&action=get_short_epg&stream_id=1;ls', 404, 'NOT_FOUND', null],
    [41, '/player_api.php?Q&action=get_simple_data_table&stream_id=C;ls', 404, 'NOT_FOUND', null],
    [42, '/player_api.php?Q&action=get_short_epg&stream_id=C&limit=-5', 400, 'INVALID_PARAMETER', null],
    [42, '/player_api.php?Q&action=get_short_epg&stream_id=C&limit=1e9', 400, 'INVALID_PARAMETER', null],
    [42, '/xmltv.php?Q&days=-5', 400, 'INVALID_PARAMETER', null],
    [41, '/live/P/1;ls', 404, 'NOT_FOUND', null],
    [43, '/live/P/C.ts%00.m3u8', 404, 'NOT_FOUND', null],
    [44, '/live/P/..%2f..%2fC.ts', 404, 'NOT_FOUND', null],
    [45, '/live/P/C.exe', 404, 'NOT_FOUND', null],
    [45, '/P/C.exe', 404, 'NOT_FOUND', null],
    [45, '/timeshift/P/60/2026-11-20:10-00/C.exe', 404, 'NOT_FOUND', null],
    [45, '/streaming/timeshift.php?Q&stream=C&start=2026-11-20:10-00&duration=60&extension=exe', 404, 'NOT_FOUND', null],
    [46, '/timeshift/P/abc/2026-13-45:99-99/C.ts', 400, 'INVALID_TIME', null],
    [46, '/timeshift/P/60/2026-13-45:99-99/C.ts', 400, 'INVALID_TIME', null],
    [47, '/timeshift/P/999999999/2026-11-20:10-00/C.ts', 400, 'RANGE_TOO_LARGE', null],
    [47, '/streaming/timeshift.php?Q&stream=C&start=2026-11-20:10-00&duration=999999999', 400, 'RANGE_TOO_LARGE', null],
    [49, '/player_api.php?username=%ff%fe&password=a', 400, 'INVALID_PARAMETER', null],
    [49, '/live/%ff%fe/x/C.ts', 401, 'LINE_REFUSED', null],
  ])('%i %s', async (_number, pattern, status, code, text) => {
    const path = pattern
      .replace('Q', line.query)
      .replace('/P/', `/${line.path}/`)
      .replace('C.', `${channel}.`)
      .replace('=C', `=${channel}`)
    const answer = await send({ path })
    expect([answer.status, answer.code]).toEqual([status, code])
    if (text !== null) expect(answer.text).toBe(text)
    expect(answer.text).not.toMatch(/at .*\.ts:|node_modules|aaaaaaaa/)
  })

  test('50 a body over 16 KB, told and untold', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = `${line.query}&x=${'y'.repeat(20_000)}`
    expect(await send({ path: '/player_api.php', method: 'POST', body, headers })).toMatchObject({
      status: 413,
      code: 'PAYLOAD_TOO_LARGE',
    })
    const chunked = { ...headers, 'transfer-encoding': 'chunked' }
    expect(await send({ path: '/player_api.php', method: 'POST', body, headers: chunked })).toMatchObject({ status: 413 })
  })

  test('catch-up by question is the same by POST', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = `${line.query}&stream=${channel}&start=2026-11-20:10-00&duration=60&extension=m3u8`
    const asked = await send({ path: `/streaming/timeshift.php?${body}` })
    const posted = await send({ path: '/streaming/timeshift.php', method: 'POST', body, headers })
    expect(posted).toEqual(asked)
    expect(asked.text).toContain(`/timeshift/${line.path}/`)
  })

  test('51 another method (TRACE: scripts/request-guard.test.ts)', async () => {
    expect((await send({ path: `/player_api.php?${line.query}`, method: 'DELETE' })).status).toBe(405)
  })

  test('52 HEAD on a live stream opens nothing', async () => {
    const before = world.provider.stats.liveOpened
    const names = ['', '.ts', '.m3u8', '.mpegts', '.TS']
    for (const path of names.flatMap(name => [`/live/${line.path}/${channel}${name}`, `/${line.path}/${channel}${name}`])) {
      expect([path, (await send({ path, method: 'HEAD' })).status]).toEqual([path, 200])
    }
    expect(world.provider.stats.liveOpened).toBe(before)
  })

  test('our own pages keep their addresses (48)', async () => {
    const { isGatewayPath } = await import('@/lib/gateway/app')
    const ours = [
      '/admin',
      '/api/items/12',
      '/title/12',
      '/watch/12',
      '/picture/12',
      '/_next/static/1',
      '/api/sources/12',
      '/movies',
      '/series',
    ]
    expect(ours.filter(isGatewayPath)).toEqual([])
    const theirs = [
      '/player_api.php',
      '/live/a/b/1.ts',
      '/a/b/1',
      '/a/b/1.m3u8',
      '/movie/a/b/1.mkv',
      '/timeshift/a/b/1/2/3.ts',
      '/hls/live/t/1.ts',
    ]
    expect(theirs.filter(isGatewayPath)).toEqual(theirs)
  })
})

test('POST is GET, in both forms; the query wins', async () => {
  const form = new URLSearchParams(`${line.query}&action=get_live_categories`)
  const wanted = await world.api(line, '&action=get_live_categories')
  const posted = async (body: URLSearchParams | FormData, query = '') =>
    (await fetch(`${world.base}/player_api.php${query}`, { method: 'POST', body })).json()
  expect(await posted(form)).toEqual(wanted)
  const multipart = new FormData()
  for (const [name, value] of form) multipart.set(name, value)
  expect(await posted(multipart)).toEqual(wanted)
  expect(await posted(form, '?action=get_vod_categories')).toEqual(await world.api(line, '&action=get_vod_categories'))
})

test('apps on other sites may read the API, playlists and segments; nobody the streams of our own pages', async () => {
  const preflight = await fetch(`${world.base}/player_api.php`, { method: 'OPTIONS' })
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
  for (const path of [`player_api.php?${line.query}`, `get.php?${line.query}`, `live/${line.path}/${channel}.m3u8`]) {
    const answer = await fetch(`${world.base}/${path}`)
    await answer.body?.cancel()
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
  }
  expect((await fetch(`${world.base}/stream/live/x/index.m3u8`)).headers.get('access-control-allow-origin')).toBeNull()
})

test('strangers use up no address of the house: an app that comes in by one finds it everywhere (B31)', async () => {
  const wrong = `username=${line.line.username}&password=wrong`
  for (let n = 0; n < 20; n++) {
    const headers = { host: `10.9.8.${n}:3000`, 'x-test-address': `203.0.113.${n}` }
    for (const path of [
      `/player_api.php?${wrong}`,
      `/player_api.php?${wrong}&action=get_live_streams`,
      `/get.php?${wrong}`,
      `/xmltv.php?${wrong}`,
    ])
      await send({ path, headers })
  }
  const headers = { host: '192.168.7.7:3000' }
  // Once by way of the routes, once from memory.
  for (const _ of [1, 2]) {
    const account = JSON.parse((await send({ path: `/player_api.php?${line.query}`, headers })).text)
    expect(account.server_info).toMatchObject({ url: '192.168.7.7', port: '3000' })
  }
})
