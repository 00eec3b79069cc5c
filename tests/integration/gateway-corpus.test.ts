import * as http from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GatewayWorld, type MadeLine, startGatewayWorld } from './gateway-world'

let world: GatewayWorld
let line: MadeLine
let channel = 0

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

interface Sent {
  path: string
  method?: string
  body?: string
  headers?: Record<string, string>
}

/** Raw, because fetch tidies addresses up before it sends them. */
function send({
  path,
  method = 'GET',
  body,
  headers = {},
}: Sent): Promise<{ status: number; code: string | null; text: string }> {
  const { hostname, port } = new URL(world.base)
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path, method, headers }, response => {
      let text = ''
      response.setEncoding('latin1')
      response.on('data', (part: string) => {
        text += part
        if (text.length > 200_000) response.destroy()
      })
      response.on('close', () => {
        const code = response.headers['x-error-code']
        resolve({ status: response.statusCode ?? 0, code: typeof code === 'string' ? code : null, text })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

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

  test('51 another method (TRACE: scripts/request-guard.test.ts)', async () => {
    expect((await send({ path: `/player_api.php?${line.query}`, method: 'DELETE' })).status).toBe(405)
  })

  test('52 HEAD on a live stream opens nothing', async () => {
    const before = world.provider.stats.liveOpened
    for (const path of [`/live/${line.path}/${channel}.ts`, `/${line.path}/${channel}`, `/live/${line.path}/${channel}.m3u8`]) {
      expect((await send({ path, method: 'HEAD' })).status).toBe(200)
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

test('ten thousand random requests leave the process alive and no error behind', { timeout: 120_000 }, async () => {
  const random = seeded(20_261_122)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const scraps = [
    '',
    '0',
    '-1',
    '1e309',
    'NaN',
    '%00',
    '%ff',
    '%',
    '../',
    '..%2f',
    '__proto__',
    "'--",
    '<x>',
    'é',
    '\u{1f4fa}',
    '2147483648',
    'a'.repeat(300),
    '[]',
    '&&',
    '=',
    '+',
    ' ',
    '?',
    '#',
  ]
  const names = [
    'username',
    'password',
    'action',
    'category_id',
    'stream_id',
    'vod_id',
    'series_id',
    'limit',
    'type',
    'output',
    'start',
    'duration',
    'stream',
    'params[offset]',
  ]
  const actions = [
    'get_live_streams',
    'get_vod_streams',
    'get_series',
    'get_vod_info',
    'get_series_info',
    'get_short_epg',
    'get_simple_data_table',
    'get_live_categories',
    'nothing',
  ]
  const files = ['/player_api.php', '/panel_api.php', '/get.php', '/xmltv.php', '/streaming/timeshift.php']
  const folders = ['/live', '/movie', '/series', '/timeshift', '/timeshifts', '/hls/live', '/hls/hls', '/images', '']
  const value = () => (random() < 0.5 ? pick(scraps) : pick(actions))
  const make = (): string => {
    const good = random() < 0.4
    if (random() < 0.6) {
      const pairs = Array.from({ length: 1 + Math.floor(random() * 4) }, () => `${pick(names)}=${value()}`)
      return `${pick(files)}?${good ? `${line.query}&` : ''}${pairs.join('&')}`
    }
    const rest = Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(scraps) || '1')
    return `${pick(folders)}/${good ? `${line.path}/` : ''}${rest.join('/')}${pick(['', '.ts', '.m3u8', '.mp4', '.php'])}`
  }
  // Guessing is throttled like everywhere; each request comes from elsewhere, so that all of them are answered.
  const statuses = new Map<number, number>()
  const sendMany = async (count: number) => {
    for (let n = 0; n < count; n += 50) {
      const sent = Array.from({ length: 50 }, (_, k) => {
        const path = make().replace(/[^\u0021-\u007e]/gu, character => encodeURIComponent(character))
        return send({
          path,
          method: pick(['GET', 'GET', 'GET', 'POST', 'HEAD']),
          headers: { 'x-test-address': `10.${n % 250}.${k}.1` },
        })
      })
      for (const { status } of await Promise.all(sent)) statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    collectGarbage()
    const { rss, heapUsed } = process.memoryUsage()
    return { rss: rss / 2 ** 20, heap: heapUsed / 2 ** 20 }
  }
  // What is filled once (code, caches, pools) is filled by the first ones; what leaks goes on growing.
  await sendMany(4_000)
  const middle = await sendMany(3_000)
  const end = await sendMany(3_000)
  expect([...statuses].filter(([status]) => status >= 500)).toEqual([])
  expect(statuses.get(200)).toBeGreaterThan(100)
  // Measured over eight rounds of 3,000: 0 to 3 MB of RSS and 0.1 to 0.6 MB of heap, which is what short-lived memories fill.
  expect(end.rss - middle.rss).toBeLessThan(15)
  expect(end.heap - middle.heap).toBeLessThan(3)
  expect(await world.api(line)).toHaveProperty('user_info.auth', 1)
})

/** Memory that waits to be collected is no growth. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

/** Mulberry32: the same requests in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
