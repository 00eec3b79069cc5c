import * as http from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { addProvider, importNow, itemsOf } from './catalogue-steps'
import { type GatewayWorld, type MadeLine, startGatewayWorld } from './gateway-world'

let world: GatewayWorld
let line: MadeLine

beforeAll(async () => {
  world = await startGatewayWorld()
  const { updateLineSettings } = await import('@/lib/accounts')
  const { LineSettings } = await import('@/lib/accounts/schema')
  // A picture that tells the reason would be a 200.
  await updateLineSettings(world.viewer, LineSettings.parse({ slates: false }))
  line = await world.makeLine({ maxConnections: 50 })
})

afterEach(async () => {
  const { closeAllRelays } = await import('@/lib/playback')
  closeAllRelays()
})

afterAll(async () => {
  expect(world.failures).toEqual([])
  await world.endAll()
})

interface Got {
  status: number
  code: string | null
  bytes: Buffer
  headers: http.IncomingHttpHeaders
}

/** Reads at most `most` bytes, raw: fetch would tidy the path up and unpack the body. */
function get(
  path: string,
  { most = 200_000, headers = {} }: { most?: number; headers?: Record<string, string> } = {},
): Promise<Got> {
  const { hostname, port } = new URL(world.base)
  return new Promise((resolve, reject) => {
    const request = http.get({ hostname, port, path, headers }, response => {
      const parts: Buffer[] = []
      let got = 0
      response.on('data', (part: Buffer) => {
        parts.push(part)
        got += part.length
        if (got >= most) response.destroy()
      })
      response.on('error', () => {})
      response.on('close', () => {
        const code = response.headers['x-error-code']
        const bytes = Buffer.concat(parts)
        resolve({
          status: response.statusCode ?? 0,
          code: typeof code === 'string' ? code : null,
          bytes,
          headers: response.headers,
        })
      })
    })
    request.on('error', reject)
  })
}

/** A channel of the scenario; each scenario is a source of its own. */
async function channelOf(login: string): Promise<number> {
  const id = await addProvider(world, world.viewer, login)
  await importNow(world.viewer, id)
  return (await itemsOf(id, 'channel'))[0]?.itemId ?? 0
}

describe('D5: what a provider sends as a channel, through a line of the gateway', () => {
  test.each<[number, string, number, string | null]>([
    [100, 'html-stream', 502, 'UPSTREAM_NOT_MEDIA'],
    [101, 'empty-stream', 502, 'UPSTREAM_EMPTY'],
    [102, 'junk-first', 200, null],
    [103, 'media-gzip', 200, null],
    [104, 'media-short-length', 502, 'UPSTREAM_PROTOCOL_ERROR'],
    [105, 'media-two-lengths', 502, 'UPSTREAM_PROTOCOL_ERROR'],
    [106, 'media-big-header', 502, 'UPSTREAM_PROTOCOL_ERROR'],
    [107, 'media-playlist-loop', 502, 'PLAYLIST_LOOP'],
    [108, 'media-playlist-huge', 502, 'UPSTREAM_TOO_LARGE'],
    [109, 'media-playlist-file-key', 502, 'UPSTREAM_SCHEME_NOT_ALLOWED'],
  ])('D5-%i %s', async (_number, login, status, code) => {
    const channel = await channelOf(login)
    const answer = await get(`/live/${line.path}/${channel}.ts`)
    expect([answer.status, answer.code]).toEqual([status, code])
    if (status === 200) {
      const wrong = Array.from({ length: Math.floor(answer.bytes.length / 188) }, (_, n) => answer.bytes[n * 188]).filter(
        byte => byte !== 0x47,
      )
      expect([answer.bytes.length > 50_000, wrong.length, answer.headers['content-encoding']]).toEqual([true, 0, undefined])
    } else expect(answer.bytes.length).toBe(0)
  })

  test('D5-110: a target of zero seconds is asked for once a second at most', async () => {
    const channel = await channelOf('media-playlist-zero')
    const before = world.provider.stats.requests.total
    const began = performance.now()
    const request = http.get(`${world.base}/live/${line.path}/${channel}.ts`).on('error', () => {})
    await new Promise(done => setTimeout(done, 5_000))
    request.destroy()
    const seconds = (performance.now() - began) / 1_000
    // Each round is the playlist and, at most, one segment of it.
    const rate = (world.provider.stats.requests.total - before) / seconds
    expect(rate).toBeGreaterThan(0.5)
    expect(rate).toBeLessThanOrEqual(3)
  })
})

describe('D5: ranges of a film, through a line of the gateway', () => {
  let film = ''
  beforeAll(async () => {
    const movie = (await itemsOf(world.providerId, 'movie'))[0]
    film = `/movie/${line.path}/${movie?.itemId}.mp4`
  })

  test.each([
    [111, `bytes=${'0-0,'.repeat(999)}1-1`, 416],
    [112, 'bytes=9-5', 416],
    [112, 'bytes=-0', 416],
    [112, 'bytes=99999999999-', 416],
    [113, 'items=0-1', 200],
  ])('D5-%i %#', async (_number, range, status) => {
    const answer = await get(film, { headers: { range }, most: 1_000 })
    expect(answer.status).toBe(status)
    if (status === 416) expect(answer.bytes.length).toBe(0)
  })
})

test('D4-86, D4-88: names that spreadsheets would run or that break a line, in get.php', async () => {
  const { createProvider } = await import('@/lib/providers')
  const { pool } = await import('@/lib/platform/db')
  const playlistText = ['#EXTM3U', ...[1, 2].map(n => `#EXTINF:-1,${n}\nhttp://tv.example.org/${n}.ts`)].join('\n')
  const input = { kind: 'm3u' as const, name: 'Odd', refreshHours: 24 as const, platform: false, playlistText }
  const { id } = await createProvider(world.viewer, input)
  await importNow(world.viewer, id)
  const [first, second] = await itemsOf(id, 'channel')
  const rename = (name: string, item: typeof first) =>
    pool().query('UPDATE item SET name = $1 WHERE id = $2', [name, item?.itemId])
  // The import would have cleaned them: this is what stands between a name from elsewhere and a player.
  await rename('=HYPERLINK("http://evil.invalid")', first)
  await rename('A\r\n#EXTINF:-1,B\nhttp://evil.invalid/1.ts', second)
  const odd = await world.makeLine({ providerIds: [id] })
  const lines = (await (await fetch(`${world.base}/get.php?${odd.query}&type=m3u_plus`)).text()).split('\n')
  expect(lines.length).toBe(6)
  expect(lines[1]?.endsWith(`",'=HYPERLINK('http://evil.invalid')`)).toBe(true)
  expect(lines[3]?.endsWith('",A #EXTINF:-1 B http://evil.invalid/1.ts')).toBe(true)
  for (const line of [lines[2], lines[4]]) expect(line).toMatch(/^http:\/\/[\w.:]+\/live\/[\w/]+\.ts$/)
})

describe('D6: tokens, at the door of our own pages', () => {
  const capabilities = { video: ['h264' as const], audio: ['aac' as const, 'mp3' as const], containers: ['mp4' as const] }

  async function open(itemId: number): Promise<string> {
    const { openPlayback } = await import('@/lib/playback')
    const { url } = await openPlayback(world.viewer, { itemId, capabilities })
    return url.split('/')[3] ?? ''
  }

  async function signed(change: Record<string, unknown>, keyring?: import('@/lib/playback/keyring').Keyring): Promise<string> {
    const { signToken, verifyToken } = await import('@/lib/playback/tokens')
    const { playbackKeyring } = await import('@/lib/playback/keys')
    const claims = verifyToken(playbackKeyring, token, { now: Date.now() / 1_000 })
    return signToken(keyring ?? playbackKeyring, { ...claims, ...change })
  }

  let token = ''
  let channels: number[] = []
  beforeAll(async () => {
    channels = (await itemsOf(world.providerId, 'channel')).map(({ itemId }) => itemId)
    token = await open(channels[0] ?? 0)
  })

  const parts = () => token.split('.') as [string, string, string, string]
  const now = () => Math.floor(Date.now() / 1_000)

  test.each<[number, string, () => string | Promise<string>, number, string]>([
    [117, 'version 0', () => ['v0', ...parts().slice(1)].join('.'), 401, 'TOKEN_INVALID'],
    [117, 'no algorithm', () => ['none', parts()[1], parts()[2], ''].join('.'), 401, 'TOKEN_INVALID'],
    [118, 'unknown key', () => ['v1', 'zz', parts()[2], parts()[3]].join('.'), 401, 'TOKEN_INVALID'],
    [119, 'one bit off', () => token.slice(0, -5) + (token.at(-5) === 'A' ? 'B' : 'A') + token.slice(-4), 401, 'TOKEN_INVALID'],
    [120, 'cut to 4 bytes', () => [...parts().slice(0, 3), parts()[3].slice(0, 6)].join('.'), 401, 'TOKEN_INVALID'],
    [121, 'with !!!', () => `${token}!!!`, 401, 'TOKEN_INVALID'],
    [121, 'padded', () => `${token}=`, 401, 'TOKEN_INVALID'],
    [122, 'run out 31 s ago', () => signed({ issuedAt: now() - 600, expiresAt: now() - 31 }), 401, 'TOKEN_EXPIRED'],
    [123, 'issued in an hour', () => signed({ issuedAt: now() + 3_600, expiresAt: now() + 7_200 }), 401, 'TOKEN_INVALID'],
    [124, 'another channel', () => signed({ itemId: channels[1] }), 403, 'TOKEN_SCOPE'],
    [125, 'of a recording', () => signed({ kind: 'recording' }), 403, 'TOKEN_SCOPE'],
    [125, 'of a file', () => signed({ kind: 'file' }), 403, 'TOKEN_SCOPE'],
    [126, 'another profile', () => signed({ profileId: '33333333-3333-4333-8333-333333333333' }), 403, 'TOKEN_SCOPE'],
    [127, '10 kB', () => token + 'a'.repeat(10_000), 414, 'TOKEN_TOO_LONG'],
    [
      128,
      'a retired key',
      async () => {
        const { fixedKeyring } = await import('@/lib/playback/keyring')
        return signed({}, fixedKeyring({ id: 'k0', secret: Buffer.alloc(32, 1) }))
      },
      401,
      'TOKEN_INVALID',
    ],
  ])('D6-%i %s', async (_number, _name, make, status, code) => {
    for (const file of ['index.m3u8', '0.ts', 'live.ts']) {
      const answer = await get(`/stream/live/${await make()}/${file}`)
      expect([answer.status, answer.code, answer.bytes.length]).toEqual([status, code, 0])
    }
  })

  test('D6-116: no token is a wrong one at every address that has one; the good one plays', async () => {
    const files = { live: 'index.m3u8', hls: 'index.m3u8', film: 'index.m3u8', file: 'film.mp4', 'catch-up': 'index.m3u8' }
    for (const [kind, file] of Object.entries(files)) {
      for (const path of [`/stream/${kind}//${file}`, `/stream/${kind}//`, `/stream/${kind}/`]) {
        const answer = await get(path)
        expect([path, answer.status, answer.code]).toEqual([path, 401, 'TOKEN_INVALID'])
      }
    }
    expect((await get('/hls/live//live.ts')).code).toBe('TOKEN_INVALID')
    expect((await get('/stream/nothing//index.m3u8')).status).toBe(404)
    expect((await get(`/stream/live/${token}/index.m3u8`)).status).toBe(200)
  })

  test('D6-127: 100 kB do not reach the application: the server ends a head of more than 16 kB', async () => {
    const sent = get(`/stream/live/${token}${'a'.repeat(100_000)}/index.m3u8`)
    // Whether the refusal is still read depends on how much of the head was under way when the connection closed.
    expect([431, 'closed']).toContain(
      await sent.then(
        ({ status }) => status,
        () => 'closed',
      ),
    )
    expect((await get(`/stream/live/${token}/index.m3u8`)).status).toBe(200)
  })

  test('D6-124: a token for the pages opens nothing at the door for apps', async () => {
    expect((await get(`/hls/live/${token}/index.m3u8`)).code).toBe('TOKEN_SCOPE')
  })
})
