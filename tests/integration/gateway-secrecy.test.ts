import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addProvider, importNow, itemsOf } from './catalogue-steps'
import { type GatewayWorld, type MadeLine, rawGet, startGatewayWorld } from './gateway-world'
import { importGuideNow } from './guide-steps'

// No output names the provider, its credentials or its addresses.

let world: GatewayWorld
let line: MadeLine

beforeAll(async () => {
  world = await startGatewayWorld()
  line = await world.makeLine({ maxConnections: 50 })
  await importGuideNow(world.providerId)
})

afterAll(async () => {
  expect(world.failures).toEqual([])
  await world.endAll()
})

type Row = Record<string, unknown>
const list = async (action: string) => (await world.api(line, `&action=${action}`)) as Row[]
const api = (action: string) => `/player_api.php?${line.query}&action=${action}`

/** Headers and body of an answer, as text. */
async function textOf(path: string): Promise<string> {
  const answer = await fetch(world.base + path, { redirect: 'manual' })
  return `${JSON.stringify([...answer.headers])}\n${await answer.text()}`
}

/** The provider's credentials are its scenario's name and "pass". */
function expectSecret(text: string, login = 'normal'): void {
  expect(text).not.toContain(new URL(world.providerUrl).host)
  for (const form of [`${login}/pass`, `username=${login}`, 'password=pass', `${login}:pass`]) expect(text).not.toContain(form)
}

test('lists, details and guide', async () => {
  const [channels, movies, series] = await Promise.all(['get_live_streams', 'get_vod_streams', 'get_series'].map(list))
  const paths = [
    `/player_api.php?${line.query}`,
    ...['get_live_categories', 'get_live_streams', 'get_vod_streams', 'get_series'].map(api),
    ...(movies ?? []).slice(0, 10).map(row => api(`get_vod_info&vod_id=${row.stream_id}`)),
    ...(series ?? []).slice(0, 10).map(row => api(`get_series_info&series_id=${row.series_id}`)),
    ...(channels ?? []).slice(0, 10).map(row => api(`get_short_epg&stream_id=${row.stream_id}`)),
    api(`get_simple_data_table&stream_id=${channels?.[0]?.stream_id}`),
    `/get.php?${line.query}`,
    `/get.php?${line.query}&output=m3u8&type=m3u`,
    `/panel_api.php?${line.query}`,
    `/xmltv.php?${line.query}`,
  ]
  for (const path of paths) {
    const text = await textOf(path)
    expect([path, text.length > 300]).toEqual([path, true])
    expectSecret(text)
  }
  const packed = await rawGet(`${world.base}/xmltv.php?${line.query}&gzip=1`, {})
  expectSecret(gunzipSync(packed).toString())
})

/** Every address in a playlist, read in its turn. */
async function readPlaylist(path: string, login: string, texts: string[]): Promise<void> {
  const text = await textOf(path)
  texts.push(text)
  expectSecret(text, login)
  const lines = text.split('\n').filter(address => /^(?!#)\S/.test(address) && !address.startsWith('[['))
  for (const address of lines.slice(0, 2)) {
    const next = new URL(address, world.base + path)
    expect(next.origin).toBe(world.base)
    if (next.pathname.endsWith('.m3u8')) await readPlaylist(next.pathname + next.search, login, texts)
  }
}

test.each(['normal', 'hls-only'])('playlists of a channel of a provider that is %s', async login => {
  let id = world.providerId
  if (login !== 'normal') {
    id = await addProvider(world, world.viewer, login)
    await importNow(world.viewer, id)
  }
  const [channel] = await itemsOf(id, 'channel')
  const texts: string[] = []
  await readPlaylist(`/live/${line.path}/${channel?.itemId}.m3u8`, login, texts)
  expect(texts.filter(text => text.includes('#EXTINF'))).not.toEqual([])
  await readPlaylist(`/timeshift/${line.path}/20/${Math.floor(Date.now() / 1_000) - 7_200}/${channel?.itemId}.m3u8`, login, texts)
  const { closeAllRelays } = await import('@/lib/playback')
  closeAllRelays()
})

test('what a line is told when its sources fail', async () => {
  const { updateLineSettings } = await import('@/lib/accounts')
  const { LineSettings } = await import('@/lib/accounts/schema')
  await updateLineSettings(world.viewer, LineSettings.parse({ slates: false }))
  for (const login of ['html-stream', 'media-two-lengths', 'media-playlist-file-key']) {
    const id = await addProvider(world, world.viewer, login)
    await importNow(world.viewer, id)
    const [channel] = await itemsOf(id, 'channel')
    for (const ending of ['ts', 'm3u8']) {
      const path = `/live/${line.path}/${channel?.itemId}.${ending}`
      const answer = await fetch(world.base + path, { redirect: 'manual' })
      expect([login, answer.status]).toEqual([login, 502])
      expectSecret(`${JSON.stringify([...answer.headers])}\n${await answer.text()}`, login)
    }
  }
})

test('files, and parts of them that are not there', async () => {
  const [movie] = await list('get_vod_streams')
  for (const range of ['bytes=0-99', 'bytes=99999999999-']) {
    const path = `${world.base}/movie/${line.path}/${movie?.stream_id}.mp4`
    const answer = await fetch(path, { headers: { range }, redirect: 'manual' })
    expect(answer.status).toBe(range === 'bytes=0-99' ? 206 : 416)
    expectSecret(`${JSON.stringify([...answer.headers])}\n${await answer.text()}`)
  }
})

test('the provider itself does name them', async () => {
  const own = await fetch(`${world.providerUrl}/get.php?username=normal&password=pass&type=m3u_plus&output=ts`)
  const text = await own.text()
  expect(() => expectSecret(text)).toThrow()
})
