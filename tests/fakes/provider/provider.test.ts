import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TEST_MEDIA } from '../../test-media'
import { drawBackdrop, drawLogo, drawPoster } from './art/posters.ts'
import type { Provider } from './index.ts'
import { scenarios, startProvider } from './index.ts'
import { checkTs } from './ts-check.ts'
import { loadTsLoop } from './ts-loop.ts'

let provider: Provider

beforeAll(async () => {
  provider = await startProvider({ mediaDir: TEST_MEDIA })
}, 120_000)

afterAll(() => provider.close())

const api = (user: string, action = '', extra = '') =>
  fetch(`${provider.url}/player_api.php?username=${user}&password=pass${action && `&action=${action}`}${extra}`)

// biome-ignore lint/suspicious/noExplicitAny: the shapes under test are those of a foreign API
const json = async (user: string, action = '', extra = ''): Promise<any> => (await api(user, action, extra)).json()

interface Viewer {
  status: number
  bytes(): Buffer
  leave(): void
  ended: Promise<void>
}

async function watch(path: string): Promise<Viewer> {
  const leaving = new AbortController()
  const res = await fetch(provider.url + path, { signal: leaving.signal })
  const pieces: Uint8Array[] = []
  const read = async () => {
    for await (const piece of res.body ?? []) pieces.push(piece)
  }
  return { status: res.status, bytes: () => Buffer.concat(pieces), leave: () => leaving.abort(), ended: read().catch(() => {}) }
}

async function until(condition: () => boolean, ms = 3000): Promise<void> {
  for (const end = Date.now() + ms; !condition() && Date.now() < end; ) await sleep(20)
  expect(condition()).toBe(true)
}

test('the account answer has the classic shape, also for unknown actions and POST', async () => {
  const { user_info: user, server_info: server } = await json('normal')
  expect(user).toMatchObject({
    username: 'normal',
    auth: 1,
    status: 'Active',
    active_cons: '0',
    allowed_output_formats: ['m3u8', 'ts'],
  })
  expect(Math.abs(Date.parse(`${server.time_now.replace(' ', 'T')}Z`) / 1000 - server.timestamp_now)).toBeLessThan(2)
  expect((await json('normal', 'get_profile')).user_info.auth).toBe(1)
  const posted = await fetch(`${provider.url}/player_api.php`, {
    method: 'POST',
    body: new URLSearchParams({ username: 'normal', password: 'pass' }),
  })
  expect(await posted.json()).toHaveProperty('user_info.auth', 1)
})

test('each panel refuses a wrong password in its own way', async () => {
  const refused = (user: string) => fetch(`${provider.url}/player_api.php?username=${user}&password=wrong`)
  expect(await (await refused('normal')).json()).toEqual({ user_info: { auth: 0 } })
  expect((await refused('html404')).status).toBe(404)
  expect((await refused('reserver')).status).toBe(401)
  expect((await json('expired')).user_info).toMatchObject({ auth: 1, status: 'Expired' })
})

test('lists, details and guide agree with one another', async () => {
  const channels = await json('normal', 'get_live_streams')
  const movies = await json('normal', 'get_vod_streams')
  const series = await json('normal', 'get_series')
  expect([channels.length, movies.length, series.length]).toEqual([40, 123, 24])
  expect(channels[0]).toMatchObject({ stream_id: 1001, category_id: '1', category_ids: [1], stream_type: 'live' })
  expect((await json('normal', 'get_live_streams', '&category_id=2')).length).toBe(6)
  const details = await json('normal', 'get_series_info', `&series_id=${series[0].series_id}`)
  expect(details.episodes['1'][0]).toMatchObject({ season: 1, episode_num: 1, container_extension: 'mp4' })
  expect((await json('normal', 'get_vod_info', `&vod_id=${movies[0].stream_id}`)).movie_data.stream_id).toBe(movies[0].stream_id)
  expect(await json('normal', 'get_vod_info', '&vod_id=1')).toEqual({ info: [] })
  const { epg_listings: guide } = await json('normal', 'get_short_epg', '&stream_id=1001&limit=2')
  expect(guide).toHaveLength(2)
  expect(guide[0].now_playing).toBe(1)
  expect(guide[0].stop_timestamp).toBe(guide[1].start_timestamp)
})

test('the second provider shares ten channel names under other ids', async () => {
  const plain = (name: string) => name.replace(/^EN: | HD| FHD|/g, '')
  const [one, two] = await Promise.all(['normal', 'normal2'].map(user => json(user, 'get_live_streams')))
  const names = new Set(one.map((c: { name: string }) => plain(c.name)))
  expect(two.filter((c: { name: string }) => names.has(plain(c.name)))).toHaveLength(10)
})

test('films answer byte ranges, refuse impossible ones and allow HEAD', async () => {
  const url = `${provider.url}/movie/normal/pass/5001.mp4`
  const whole = Buffer.from(await (await fetch(url)).arrayBuffer())
  const part = await fetch(url, { headers: { range: 'bytes=1000-1999' } })
  expect(part.status).toBe(206)
  expect(part.headers.get('content-range')).toBe(`bytes 1000-1999/${whole.length}`)
  expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(1000, 2000))).toBe(true)
  const tail = await fetch(url, { headers: { range: 'bytes=-10' } })
  expect(Buffer.from(await tail.arrayBuffer()).equals(whole.subarray(-10))).toBe(true)
  for (const range of ['bytes=9-5', 'bytes=99999999999-', 'bytes=0-0,1-1', 'bytes=-0']) {
    expect((await fetch(url, { headers: { range } })).status).toBe(416)
  }
  const head = await fetch(url, { method: 'HEAD' })
  expect(Number(head.headers.get('content-length'))).toBe(whole.length)
})

test('every loop joins its own end without a gap in counters, timestamps or clock', () => {
  for (const name of ['news', 'sport', 'cinema', 'documentary', 'kids', 'music', 'world', 'late', 'test']) {
    const loop = loadTsLoop(join(TEST_MEDIA, `loop-${name}.ts`))
    const report = checkTs(loop.render(0, loop.packets * 3))
    expect(report, name).toMatchObject({ counterErrors: 0, stampErrors: 0, clockErrors: 0, firstIsKeyframe: true })
    expect(report.seconds).toBeCloseTo(72, 0)
  }
})

test('live arrives in real time, from a keyframe, the same for all, and continuous where the loop turns', async () => {
  const viewer = await watch('/live/normal/pass/1001.ts')
  const loopSeconds = 24
  await sleep(4000)
  const late = await watch('/normal/pass/1001')
  const early = checkTs(viewer.bytes())
  expect(early.seconds).toBeGreaterThan(3.5)
  expect(early.seconds).toBeLessThan(7.5)
  await sleep((loopSeconds - 1) * 1000)
  const [a, b] = [viewer.bytes(), late.bytes()]
  const report = checkTs(a)
  expect(report).toMatchObject({ counterErrors: 0, stampErrors: 0, clockErrors: 0, firstIsKeyframe: true })
  expect(report.seconds).toBeGreaterThan(loopSeconds + 1)
  expect(report.seconds).toBeLessThan(loopSeconds + 7.5)
  expect(a.indexOf(b.subarray(0, 188 * 200))).toBeGreaterThan(0)
  viewer.leave()
  late.leave()
  await until(() => provider.stats.liveOpen === 0 && provider.stats.openConnections === 0)
})

test('departed viewers leave nothing behind', async () => {
  const viewers = await Promise.all(Array.from({ length: 5 }, (_, i) => watch(`/live/normal.crowd/pass/${1001 + i}.ts`)))
  expect(provider.stats.liveOpen).toBe(5)
  for (const viewer of viewers) viewer.leave()
  await until(() => provider.stats.liveOpen === 0)
  expect(provider.stats.connections['normal.crowd']).toMatchObject({ now: 0, max: 5 })
})

test('one connection means one: the second is refused, or kills the first', async () => {
  const first = await watch('/live/one-connection/pass/1001.ts')
  const second = await watch('/live/one-connection/pass/1002.ts')
  expect([first.status, second.status]).toEqual([200, 458])
  expect((await json('one-connection')).user_info.active_cons).toBe('1')
  first.leave()
  const oldest = await watch('/live/one-connection-kill/pass/1001.ts')
  const newest = await watch('/live/one-connection-kill/pass/1002.ts')
  await oldest.ended
  expect(newest.status).toBe(200)
  newest.leave()
  await until(() => provider.stats.liveOpen === 0)
  expect(provider.stats.connections['one-connection-kill']?.max).toBe(1)
})

test('HLS offers variants, a window that moves, and segments that join', async () => {
  const master = await (await fetch(`${provider.url}/live/normal/pass/1001.m3u8`)).text()
  expect(master.match(/EXT-X-STREAM-INF/g)).toHaveLength(2)
  const read = async () => (await fetch(`${provider.url}/hls/normal/pass/1001/low.m3u8`)).text()
  const playlist = await read()
  const segments = playlist.split('\n').filter(line => line.endsWith('.ts'))
  const bytes = await Promise.all(segments.map(async s => Buffer.from(await (await fetch(provider.url + s)).arrayBuffer())))
  expect(checkTs(Buffer.concat(bytes))).toMatchObject({ counterErrors: 0, stampErrors: 0, clockErrors: 0, firstIsKeyframe: true })
  expect(provider.stats.connections.normal?.now).toBe(1)
  await sleep(4100)
  expect(await read()).not.toBe(playlist)
})

test('catch-up is a finite file in every address form, ranges included', async () => {
  const start = new Date(Date.now() - 7_200_000)
    .toISOString()
    .slice(0, 16)
    .replace('T', ':')
    .replace(/:(\d\d)$/, '-$1')
  const url = `${provider.url}/timeshift/normal/pass/1/${start}/1001.ts`
  const bytes = Buffer.from(await (await fetch(url)).arrayBuffer())
  expect(checkTs(bytes)).toMatchObject({ counterErrors: 0, stampErrors: 0, firstIsKeyframe: true })
  expect(Math.abs(checkTs(bytes).seconds - 60)).toBeLessThan(1.5)
  const part = await fetch(url, { headers: { range: 'bytes=1000000-1000999' } })
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1_000_000, 1_001_000))).toBe(true)
  const query = `username=normal&password=pass&stream=1001&start=${start}&duration=1`
  expect(
    (await fetch(`${provider.url}/streaming/timeshift.php?${query}`, { method: 'HEAD' })).headers.get('content-length'),
  ).toBe(String(bytes.length))
  expect((await fetch(`${provider.url}/timeshift/normal/pass/1/2026-13-45:99-99/1001.ts`)).status).toBe(400)
})

test('the huge catalogue is never the bottleneck', async () => {
  const drain = async () => {
    const started = performance.now()
    let bytes = 0
    for await (const piece of (await api('huge', 'get_vod_streams')).body ?? []) bytes += piece.length
    return { bytes, rate: bytes / 1e6 / ((performance.now() - started) / 1000) }
  }
  expect((await drain()).bytes).toBeGreaterThan(60_000_000)
  expect((await drain()).rate).toBeGreaterThan(60)
})

test('catalogue scenarios misbehave from fetch to fetch as told', async () => {
  const count = async (user: string) => (await json(user, 'get_vod_streams')).length
  expect([await count('empty-once'), await count('empty-once'), await count('empty-once')]).toEqual([123, 0, 123])
  const [whole, less] = [await count('shrink'), await count('shrink')]
  expect(less / whole).toBeCloseTo(0.4, 1)
  expect((await api('partial', 'get_series')).status).toBe(500)
  await expect(json('drops', 'get_vod_streams')).rejects.toThrow()
  expect(await (await api('wrong-types')).text()).toMatch(/^<br \/>[\s\S]*\{"user_info"/)
  expect(Array.isArray((await json('php-arrays', 'get_series_info', '&series_id=701')).episodes)).toBe(true)
})

test('stream scenarios misbehave as told', async () => {
  const redirected = await fetch(`${provider.url}/live/redirect/pass/1001.ts`, { redirect: 'manual' })
  const location = redirected.headers.get('location') ?? ''
  expect([redirected.status, location]).toEqual([302, expect.stringContaining('/auth/')])
  const followed = await watch(new URL(location).pathname)
  followed.leave()
  expect([followed.status, (await fetch(location)).status]).toEqual([200, 404])
  expect((await fetch(`${provider.url}/live/hls-only/pass/1001.ts`)).status).toBe(405)
  expect((await fetch(`${provider.url}/live/html-stream/pass/1001.ts`)).headers.get('content-type')).toContain('text/html')
  const clip = await watch('/live/short-clip/pass/1001.ts')
  await clip.ended
  expect(checkTs(clip.bytes()).seconds).toBeLessThan(3)
  expect((await fetch(`${provider.url}/live/expired/pass/1001.ts`)).status).toBe(403)
  expect((await fetch(`${provider.url}/live/normal/wrong/1001.ts`)).status).toBe(401)
})

test('a test can switch a login off and on, change its catalogue, and lay a fault over everybody', async () => {
  const control = (orders: object) => fetch(`${provider.url}/__control`, { method: 'POST', body: JSON.stringify(orders) })
  await control({ login: 'normal.ctl', down: true })
  await expect(api('normal.ctl')).rejects.toThrow()
  await control({ login: 'normal.ctl', down: false, addChannels: 2, removeMovies: 3, renumber: 100_000 })
  const channels = await json('normal.ctl', 'get_live_streams')
  expect([channels.length, channels[0].stream_id]).toEqual([42, 101_001])
  expect(await json('normal.ctl', 'get_vod_streams')).toHaveLength(120)
  expect(await json('normal', 'get_vod_streams')).toHaveLength(123)
  provider.setFault('flood')
  expect((await api('normal')).headers.get('retry-after')).toBe('7')
  provider.setFault(null)
  expect((await api('normal')).status).toBe(200)
})

test('no scenario takes the provider down', async () => {
  const paths = (name: string) => [
    `/player_api.php?username=${name}&password=pass&action=get_live_streams`,
    `/xmltv.php?username=${name}&password=pass`,
    `/live/${name}/pass/1001.ts`,
    `/live/${name}/pass/1001.m3u8`,
  ]
  const tryOut = (path: string) =>
    fetch(provider.url + path, { signal: AbortSignal.timeout(400) }).then(res => res.body?.cancel())
  const names = Object.keys(scenarios).filter(name => name !== 'huge' && name !== 'guide-gz-bomb')
  await Promise.allSettled(names.flatMap(name => paths(`${name}.all`).map(tryOut)))
  expect((await json('normal')).user_info.auth).toBe(1)
  await until(() => provider.stats.liveOpen === 0)
})

test('playlists and the guide name the same channels', async () => {
  const text = async (path: string) => (await fetch(provider.url + path)).text()
  const list = await text('/get.php?username=normal&password=pass&type=m3u_plus&output=ts&key=live')
  const ids = [...list.matchAll(/tvg-id="([^"]+)"/g)].map(m => m[1])
  const guide = await text('/xmltv.php?username=normal&password=pass')
  expect(ids).toHaveLength(40)
  for (const id of ids) expect(guide).toContain(`channel="${id}"`)
  const file = await fetch(`${provider.url}/xmltv.php?username=normal&password=pass&gzip=1`)
  expect(file.headers.get('content-encoding')).toBeNull()
  expect(Buffer.from(await file.arrayBuffer()).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]))
  expect(await text('/playlist.m3u')).toContain('catchup="default"')
  expect((await fetch(`${provider.url}/playlist-odd.m3u`)).status).toBe(200)
})

test('pictures are PNG, the same for the same subject', () => {
  const poster = drawPoster('a', 'The Last Lighthouse', 'Drama', '1999')
  for (const png of [poster, drawLogo('a', 'Harbour 24'), drawBackdrop('a', 'Sci-Fi')]) {
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
  }
  expect(drawPoster('a', 'The Last Lighthouse', 'Drama', '1999').equals(poster)).toBe(true)
})
