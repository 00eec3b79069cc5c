import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type GatewayWorld, type MadeLine, startGatewayWorld, until, watch } from './gateway-world'
import { importGuideNow } from './guide-steps'

// Forms of asking that apps have, and what becomes of each kind of stream when its line is no more.
let world: GatewayWorld
let line: MadeLine
let channel: { stream_id: number; epg_channel_id: string }
let movie: { stream_id: number; container_extension: string }

beforeAll(async () => {
  world = await startGatewayWorld()
  await importGuideNow(world.providerId)
  const { updateLineSettings } = await import('@/lib/accounts')
  const { LineSettings } = await import('@/lib/accounts/schema')
  await updateLineSettings(world.viewer, LineSettings.parse({ slates: false }))
  line = await world.makeLine({ maxConnections: 20 })
  const channels = (await world.api(line, '&action=get_live_streams')) as ({ tv_archive: number } & typeof channel)[]
  channel = channels.find(row => row.tv_archive === 1 && row.epg_channel_id !== '') as typeof channel
  movie = ((await world.api(line, '&action=get_vod_streams')) as (typeof movie)[])[0] as typeof movie
})

afterEach(async () => {
  const { listPlans, forgetPlan } = await import('@/lib/playback/session-plans')
  for (const { record } of listPlans()) await forgetPlan(record.id)
  const { pool } = await import('@/lib/platform/db')
  await pool().query('DELETE FROM rate_limit')
  expect(world.failures.splice(0)).toEqual([])
})

afterAll(() => world.endAll())

type Row = Record<string, unknown>
const ask = (query: string) => world.api(line, query)
const get = (path: string, init?: RequestInit) => fetch(`${world.base}${path}`, init)

describe('actions', () => {
  test('panels know them by number, apps misspell one, and some give none of the credentials', async () => {
    const named = {
      200: 'get_vod_categories',
      201: 'get_live_categories',
      202: 'get_live_streams',
      203: 'get_vod_streams',
      204: `get_series_info&series_id=1`,
      205: `get_short_epg&stream_id=${channel.stream_id}`,
      206: 'get_series_categories',
      207: `get_simple_data_table&stream_id=${channel.stream_id}`,
      208: 'get_series',
      209: `get_vod_info&vod_id=${movie.stream_id}`,
    }
    for (const [number, action] of Object.entries(named)) {
      const query = action.replace(/^\w+/, number)
      expect(await ask(`&action=${query}`), number).toEqual(await ask(`&action=${action}`))
    }
    const table = await ask(`&action=get_simple_data_table&stream_id=${channel.stream_id}`)
    expect(await ask(`&action=get_simple_date_table&stream_id=${channel.stream_id}`)).toEqual(table)
    const nobody = await get('/player_api.php?action=get_live_streams')
    expect([nobody.status, await nobody.json()]).toMatchObject([200, { user_info: { auth: 0 } }])
    const json = await get(`/player_api.php?${line.query}`, { headers: { 'content-type': 'application/json' } })
    expect(await json.json()).toHaveProperty('user_info.auth', 1)
  })

  test('several channels are answered by id', async () => {
    const ids = `${channel.stream_id},2147483000`
    const several = (await ask(`&action=get_short_epg&stream_id=${ids}`)) as { epg_listings: Record<string, Row[]> }
    expect(Object.keys(several.epg_listings)).toEqual([String(channel.stream_id)])
    expect(several.epg_listings[channel.stream_id]?.length).toBe(4)
    expect(await ask(`&action=get_epg_batch&stream_ids=${ids}`)).toEqual(several)
    expect(await ask(`&action=get_short_epg&stream_id=${channel.stream_id}&multi=1`)).toEqual(several)
  })

  test('get_epg is a list of all that is stored, or of what is to come', async () => {
    const rows = async (more = '') =>
      (await ask(`&action=get_epg&stream_id=${channel.stream_id}${more}`)) as { start: number; end: number }[]
    const [stored, coming] = [await rows(), await rows('&from_now=1')]
    const now = Date.now() / 1_000
    expect(stored.some(({ end }) => end < now)).toBe(true)
    expect(coming.length).toBeGreaterThan(4)
    expect(coming.filter(({ end }) => end < now - 5)).toEqual([])
    expect(await rows('&from_now=1&limit=2')).toEqual(coming.slice(0, 2))
    expect(await ask('&action=get_epg')).toEqual([])
  })

  test('a series that is not there has no name, and seasons that can be read', async () => {
    const nothing = { seasons: [], info: { name: null }, episodes: {} }
    expect(await ask('&action=get_series_info&series_id=2147483000')).toEqual(nothing)
    const ended = await endedLine()
    expect(await world.api(ended, '&action=get_series_info&series_id=1')).toEqual(nothing)
  })
})

const endedLine = async () => {
  const made = await world.makeLine()
  const expiresAt = new Date(Date.now() - 1_000).toISOString()
  await (await import('@/lib/gateway')).updateDevice(world.viewer, made.id, { expiresAt })
  return made
}

test('a line that has ended gets its account and empty lists, and nothing to play', async () => {
  const ended = await endedLine()
  expect(await world.api(ended)).toMatchObject({ user_info: { auth: 1, status: 'Expired' } })
  for (const action of ['get_live_streams', 'get_vod_streams', 'get_series', 'get_live_categories'])
    expect(await world.api(ended, `&action=${action}`)).toEqual([])
  expect(await world.api(ended, `&action=get_short_epg&stream_id=${channel.stream_id}`)).toEqual({ epg_listings: [] })
  for (const path of [`/get.php?${ended.query}`, `/xmltv.php?${ended.query}`, `/live/${ended.path}/${channel.stream_id}.ts`]) {
    const answer = await get(path)
    expect([answer.status, answer.headers.get('x-error-code')], path).toEqual([403, 'LINE_ENDED'])
  }
})

test('what is asked for in a form that there is not is 400; a format that the line may not use is 403', async () => {
  expect((await get(`/get.php?${line.query}&type=nonsense`)).status).toBe(400)
  expect((await get(`/get.php?${line.query}&type=m3u_plus&output=nonsense`)).status).toBe(400)
  const tsOnly = await world.makeLine({ formats: ['ts'] })
  const refused = await get(`/live/${tsOnly.path}/${channel.stream_id}.m3u8`)
  expect([refused.status, refused.headers.get('x-error-code')]).toEqual([403, 'LINE_FORMAT'])
})

test('the archive as a playlist, whichever of the two stands last in its address', async () => {
  const start = new Date(Date.now() - 2 * 3_600_000)
    .toISOString()
    .slice(0, 16)
    .replace('T', ':')
    .replace(/:(\d\d)$/, '-$1')
  const [one, other] = await Promise.all([
    get(`/timeshift/${line.path}/60/${start}/${channel.stream_id}.m3u8`),
    get(`/timeshifts/${line.path}/60/${channel.stream_id}/${start}.m3u8`),
  ])
  const [first, second] = [await one.text(), await other.text()]
  expect(first).toMatch(/^#EXTM3U/)
  expect(second).toBe(first)
})

/** Each kind of stream, and a question whether it goes on. */
const kinds: Record<string, (made: MadeLine) => Promise<() => Promise<boolean>>> = {
  'a channel as a stream': async made => isEnding(await watch(`${world.base}/live/${made.path}/${channel.stream_id}.ts`)),
  'a channel as HLS': async made => {
    const media = await mediaOf(made)
    expect(media.ok).toBe(true)
    return async () => !(await get(new URL(media.url).pathname)).ok
  },
  // Of a sample everything is in the sockets at once, so what is asked is whether a player gets the next part.
  'a film': async made => {
    const part = () =>
      get(`/movie/${made.path}/${movie.stream_id}.${movie.container_extension}`, { headers: { range: 'bytes=0-999' } })
    expect((await part()).status).toBe(206)
    return async () => [401, 403].includes((await part()).status)
  },
  'an archive': async made =>
    isEnding(
      await watch(`${world.base}/timeshift/${made.path}/60/${Math.floor(Date.now() / 1_000) - 7_200}/${channel.stream_id}.ts`),
    ),
}

function isEnding({ status, ended }: { status: number; ended: Promise<void> }): () => Promise<boolean> {
  expect([200, 206]).toContain(status)
  let hasEnded = false
  void ended.then(() => {
    hasEnded = true
  })
  return async () => hasEnded
}

async function mediaOf(made: MadeLine): Promise<Response> {
  const master = await (await get(`/live/${made.path}/${channel.stream_id}.m3u8`)).text()
  return get(/^\/hls\/\S+$/m.exec(master)?.[0] ?? '')
}

describe.each(Object.keys(kinds))('%s ends within 15 s', kind => {
  test.each<[string, (made: MadeLine) => Promise<unknown>]>([
    ['its line is revoked', async made => (await import('@/lib/gateway')).deleteDevice(world.viewer, made.id, '127.0.0.1')],
    [
      'its line runs out',
      async made =>
        (await import('@/lib/gateway')).updateDevice(world.viewer, made.id, {
          expiresAt: new Date(Date.now() - 1_000).toISOString(),
        }),
    ],
  ])('when %s', async (_why, end) => {
    const made = await world.makeLine()
    const hasEnded = await (kinds[kind] as (typeof kinds)[string])(made)
    // A stream that is over by itself would prove nothing.
    await new Promise(done => setTimeout(done, 500))
    expect(await hasEnded()).toBe(false)
    await end(made)
    await until(hasEnded, 15_000)
  })
})

test('the admin sees how many share a connection to the provider: viewers of a channel do, those of a film do not', async () => {
  const open = async (app: string) => {
    const made = await world.makeLine({ maxConnections: 5 })
    const headers = { 'user-agent': app }
    const stream = await watch(`${world.base}/live/${made.path}/${channel.stream_id}.ts`, 20_000, headers)
    const film = await get(`/movie/${made.path}/${movie.stream_id}.${movie.container_extension}`, {
      headers: { ...headers, 'user-agent': `${app} films`, range: 'bytes=0-999' },
    })
    await film.arrayBuffer()
    return stream
  }
  const streams = [await open('one'), await open('two')]
  const { listConnections } = await import('@/lib/playback')
  const rows = (await listConnections(world.viewer)).filter(({ app }) => /^(one|two)/.test(app))
  const sharedBy = (mode: string) => rows.filter(row => row.mode === mode).map(({ shared }) => shared)
  expect([sharedBy('line-ts'), sharedBy('line-file')]).toEqual([
    [2, 2],
    [1, 1],
  ])
  for (const stream of streams) stream.stop()
})

test('an address of HLS outlives its hours while its stream goes on, and not the stream', async () => {
  const media = await mediaOf(line)
  const old = await agedAddress(new URL(media.url).pathname)
  expect((await get(old)).status).toBe(200)
  const { listPlans } = await import('@/lib/playback/session-plans')
  const { endLineSession } = await import('@/lib/playback/line-streams')
  for (const plan of listPlans()) await endLineSession(plan, 'left')
  const after = await get(old)
  expect([after.status, after.headers.get('x-error-code')]).toEqual([401, 'TOKEN_EXPIRED'])
})

/** The same address as if it had been made a day ago. */
async function agedAddress(path: string): Promise<string> {
  const { playbackKeyring } = await import('@/lib/playback/keys')
  const { signToken, verifyToken } = await import('@/lib/playback/tokens')
  const [, , kind, token = '', ...rest] = path.split('/')
  const claims = verifyToken(playbackKeyring, token, { now: Date.now() / 1_000 })
  const day = 86_400
  const aged = signToken(playbackKeyring, { ...claims, issuedAt: claims.issuedAt - day, expiresAt: claims.expiresAt - day })
  return `/hls/${kind}/${aged}/${rest.join('/')}`
}
