import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '@/lib/kernel/errors'
import { safeFetch } from '@/lib/platform/fetch'
import type { StreamAccess } from '@/lib/playback'
import { createHlsProxy } from '@/lib/playback/hls-proxy'
import { fixedKeyring } from '@/lib/playback/keyring'
import { createLiveStream } from '@/lib/playback/live-stream'
import { type PacedProvider, paced, startPacedProvider, until } from '@/lib/playback/relay/paced-provider.test-support'
import { closeAllRelays, findRelay, openRelay } from '@/lib/playback/relay/registry'
import { sampleMedia } from '@/lib/playback/sample-media.test-support'
import { openFile } from '@/lib/playback/vod'
import { createGateway } from './app'

const sample = sampleMedia({ seconds: 60, keySeconds: 2, kilobits: 400 })
const film = Buffer.alloc(3_000_000, 'film')
const keyring = fixedKeyring({ id: 'k1', secret: Buffer.alloc(32, 1) })
let provider: PacedProvider
let server: http.Server
let base = ''
const failures: string[] = []

const upstream = (path: string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
  safeFetch({
    url: `${provider.origin}${path}`,
    headers,
    headersTimeoutMs: 3_000,
    totalTimeoutMs: 20_000,
    decompress: false,
    ...(signal ? { signal } : {}),
  })

/** Tokens of this test are `good:<path at the provider>`. */
function pathOf(token: string): string {
  if (!token.startsWith('good:')) throw new AppError('TOKEN_INVALID')
  return `/${token.slice(5)}`
}

const access: StreamAccess = {
  live: async token => {
    const path = pathOf(token)
    const open = () => openRelay({ key: path, sources: [provider.source(path)], options: { sniffMs: 300 } })
    return createLiveStream({
      sessionId: 's',
      base: open,
      open,
      route: async relay => ({ relay, rungs: null }),
      offersChoice: false,
      find: () => findRelay(path),
      hlsAddress: sourceId => `/stream/hls/good:${sourceId.slice(1)}/index.m3u8`,
    })
  },
  hls: async token =>
    createHlsProxy({
      sessionId: 's',
      keyring,
      rootUrl: `${provider.origin}${pathOf(token)}`,
      fetch: (url, headers, signal) => safeFetch({ url, headers, signal, headersTimeoutMs: 3_000, totalTimeoutMs: 20_000 }),
    }),
  file: async token => ({
    open: request =>
      openFile({ ...request, name: 'film.mp4', connect: headers => upstream(pathOf(token), headers, request.signal) }),
  }),
  licence: async () => {
    throw new AppError('NOT_FOUND')
  },
  film: async token => ({
    open: async name =>
      name.endsWith('.jpg')
        ? { kind: 'picture', bytes: Buffer.from('a picture') }
        : { kind: 'playlist', text: `#EXTM3U ${pathOf(token)} ${name}` },
  }),
  catchUp: async token => ({
    index: async () => `#EXTM3U ${pathOf(token)}`,
    media: () => '#EXTM3U',
    segment: async number => Buffer.from(`segment ${number}`),
  }),
}

beforeAll(async () => {
  provider = await startPacedProvider({
    '/channel': paced(sample, { seconds: 60, speed: 8 }),
    '/silent': () => {},
    '/page': (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>FAILED</html>'),
    '/film': (request, response) => {
      const [, start = '0'] = /bytes=(\d+)-/.exec(request.headers.range ?? '') ?? []
      const part = film.subarray(Number(start))
      response.writeHead(206, {
        'content-range': `bytes ${start}-${film.length - 1}/${film.length}`,
        'content-length': part.length,
      })
      response.end(part)
    },
    '/endless': (_request, response) => {
      response.writeHead(200, { 'content-length': 10 ** 12 })
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      }
      response.on('drain', more)
      more()
    },
    '/master': (_request, response) => response.writeHead(302, { location: '/cdn/master.m3u8' }).end(),
    '/cdn/master.m3u8': (_request, response) => response.end('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nmedia.m3u8?t=1\n'),
    '/cdn/media.m3u8?t=1': (_request, response) =>
      response.end(
        '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-KEY:METHOD=AES-128,URI="key.bin"\n#EXTINF:2,\nseg/1.ts\n#EXTINF:2,\nhttp://127.0.0.2:9/evil.ts\n',
      ),
    '/cdn/key.bin': (_request, response) => response.end(Buffer.alloc(16, 7)),
    '/cdn/seg/1.ts': (_request, response) => response.end(sample.subarray(0, 18_800)),
    '/loop': (_request, response) => response.end('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n/loop?again\n'),
    '/loop?again': (_request, response) => response.end('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n/loop\n'),
  })
  const app = createGateway({ access, isLoopedHop: header => header === 'here', onError: error => failures.push(error.message) })
  server = http.createServer(getRequestListener(app.fetch))
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

beforeEach(() => {
  provider.hits.length = 0
})

afterEach(async () => {
  closeAllRelays()
  await until(() => provider.open() === 0)
  expect(failures).toEqual([])
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await provider.close()
})

const codeOf = (response: Response) => [response.status, response.headers.get('x-error-code')]

describe('live', () => {
  test('playlist, segments and one upstream', async () => {
    const index = await (await fetch(`${base}/stream/live/good:channel/index.m3u8`)).text()
    expect(index).toMatch(
      /^#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-STREAM-INF:BANDWIDTH=\d+,CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2",RESOLUTION=320x180\nlive\.m3u8\n$/,
    )
    const playlist = await fetch(`${base}/stream/live/good:channel/live.m3u8`)
    expect([playlist.status, playlist.headers.get('content-type'), playlist.headers.get('cache-control')]).toEqual([
      200,
      'application/vnd.apple.mpegurl',
      'no-store',
    ])
    const text = await playlist.text()
    expect(text).toMatch(/^#EXTM3U\n/)
    const first = /^(\d+\.ts)$/m.exec(text)?.[1]
    const segment = await fetch(`${base}/stream/live/good:channel/${first}`)
    const bytes = Buffer.from(await segment.arrayBuffer())
    expect([segment.status, segment.headers.get('content-type'), bytes[0]]).toEqual([200, 'video/mp2t', 0x47])
    expect(segment.headers.get('content-length')).toBe(String(bytes.length))
    expect(codeOf(await fetch(`${base}/stream/live/good:channel/99999.ts`))).toEqual([404, 'NOT_FOUND'])
    expect(provider.hits.length).toBe(1)
  })

  test('HEAD opens nothing (D2-52), and a segment never starts a channel', async () => {
    expect((await fetch(`${base}/stream/live/good:channel/index.m3u8`, { method: 'HEAD' })).status).toBe(200)
    expect((await fetch(`${base}/stream/live/good:channel/live.ts`, { method: 'HEAD' })).status).toBe(200)
    expect(codeOf(await fetch(`${base}/stream/live/good:channel/0.ts`))).toEqual([410, 'STREAM_ENDED'])
    expect(provider.hits).toEqual([])
  })

  test('raw transport stream goes to the socket unframed, and its end closes the upstream at once', async () => {
    const bytes = await new Promise<Buffer>((resolve, reject) => {
      const request = http.get(`${base}/stream/live/good:channel/live.ts`, response => {
        expect([response.headers['content-type'], response.headers['transfer-encoding']]).toEqual(['video/mp2t', undefined])
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          if (Buffer.concat(chunks).length < 50_000) return
          request.destroy()
          resolve(Buffer.concat(chunks))
        })
      })
      request.on('error', reject)
    })
    expect([bytes[0], bytes[188], bytes[376]]).toEqual([0x47, 0x47, 0x47])
    expect(await until(() => provider.open() === 0)).toBeLessThan(500)
  })

  test.each([
    'live/good:silent/index.m3u8',
    'live/good:silent/live.m3u8',
    'hls/good:silent/index.m3u8',
    'file/good:silent/f.mp4',
  ])('a viewer who leaves %s before it begins is nothing to report', async path => {
    const reported: string[] = []
    const app = createGateway({ access, isLoopedHop: () => false, onError: error => reported.push(error.message) })
    const client = new AbortController()
    const answer = app.request(`/stream/${path}`, { signal: client.signal })
    await until(() => provider.open() === 1)
    // Each server has a reason of its own: hono's is a string, Next's an error of another name.
    client.abort(new Error('ResponseAborted'))
    expect((await answer).status).toBe(499)
    expect(reported).toEqual([])
    closeAllRelays()
  })

  test('a web page instead of a picture is a bare status with its reason', async () => {
    const response = await fetch(`${base}/stream/live/good:page/index.m3u8`)
    expect([...codeOf(response), await response.text()]).toEqual([502, 'UPSTREAM_NOT_MEDIA', ''])
  })

  test.each(['page', 'master'])('raw stream of a source without one (%s) is a status too, not an empty answer', async source => {
    const response = await fetch(`${base}/stream/live/good:${source}/live.ts`)
    expect([...codeOf(response), await response.text()]).toEqual([502, 'UPSTREAM_NOT_MEDIA', ''])
  })

  test('a source that serves HLS sends the player to the proxy', async () => {
    const response = await fetch(`${base}/stream/live/good:master/index.m3u8`, { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([307, '/stream/hls/good:master/index.m3u8'])
  })
})

describe('provider HLS', () => {
  const read = async (path: string) => {
    const response = await fetch(`${base}${path}`)
    return { response, text: await response.text() }
  }
  const lines = (text: string) => text.split('\n').filter(line => line !== '' && !line.startsWith('#'))

  test('master, media, key and segment through handles; the provider is named nowhere (B6)', async () => {
    const master = await read('/stream/hls/good:master/index.m3u8')
    const media = await read(`/stream/hls/good:master/${lines(master.text)[0]}`)
    expect(media.response.status).toBe(200)
    for (const { text } of [master, media]) expect(text).not.toMatch(/http|127\.0|cdn|seg\//)
    const key = await fetch(`${base}/stream/hls/good:master/${/URI="([^"]+)"/.exec(media.text)?.[1]}`)
    expect(Buffer.from(await key.arrayBuffer())).toEqual(Buffer.alloc(16, 7))
    const [segment, evil] = lines(media.text)
    const bytes = Buffer.from(await (await fetch(`${base}/stream/hls/good:master/${segment}`)).arrayBuffer())
    expect(bytes.equals(sample.subarray(0, 18_800))).toBe(true)
    expect(codeOf(await fetch(`${base}/stream/hls/good:master/${evil}`))).toEqual([502, 'UPSTREAM_ADDRESS_BLOCKED'])
  })

  test('D5-107: playlists that lead to each other end at the third', async () => {
    let path = 'index.m3u8'
    const codes: (string | null)[] = []
    for (let depth = 0; depth < 4; depth++) {
      const { response, text } = await read(`/stream/hls/good:loop/${path}`)
      codes.push(response.headers.get('x-error-code'))
      path = lines(text)[0] ?? path
    }
    expect(codes).toEqual([null, null, null, 'PLAYLIST_LOOP'])
  })

  test.each(['x', 'k1~AAAA', '..%2f..%2fetc%2fpasswd', 'http:%2f%2f127.0.0.2'])('handle %s is refused', async handle => {
    expect(codeOf(await fetch(`${base}/stream/hls/good:master/${handle}`))).toEqual([401, 'TOKEN_INVALID'])
  })
})

describe('files', () => {
  test('ranges', async () => {
    const response = await fetch(`${base}/stream/file/good:film/film.mp4`, { headers: { range: 'bytes=2999990-' } })
    expect([response.status, response.headers.get('content-range'), (await response.arrayBuffer()).byteLength]).toEqual([
      206,
      'bytes 2999990-2999999/3000000',
      10,
    ])
    expect((await fetch(`${base}/stream/file/good:film/film.mp4`, { headers: { range: 'bytes=9-5' } })).status).toBe(416)
  })

  test('a thumbnail is a picture that only our own pages may show', async () => {
    const response = await fetch(`${base}/stream/film/good:film/thumb-3.jpg`)
    expect(response.headers.get('content-type')).toBe('image/jpeg')
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(response.headers.get('cache-control')).toBe('private, max-age=3600')
    expect(await response.text()).toBe('a picture')
  })

  test('a slow client slows the provider, and a departure closes it at once', async () => {
    const before = process.memoryUsage().rss
    const request = http.get(`${base}/stream/file/good:endless/film.mp4`, response => response.pause())
    request.on('error', () => {})
    await until(() => provider.open() === 1)
    await new Promise(done => setTimeout(done, 300))
    expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000)
    request.destroy()
    expect(await until(() => provider.open() === 0)).toBeLessThan(500)
  })
})

describe('catch-up', () => {
  test('a programme of an archive is found below /stream, and only there', async () => {
    const get = (path: string) => fetch(`${base}${path}`)
    const text = async (path: string) => (await get(`/stream/catch-up/${path}`)).text()
    expect(await text('good:one/index.m3u8')).toBe('#EXTM3U /one')
    expect(await text('good:one/programme.m3u8')).toBe('#EXTM3U')
    const segment = await get('/stream/catch-up/good:one/17.ts')
    expect([segment.headers.get('content-type'), await segment.text()]).toEqual(['video/mp2t', 'segment 17'])
    expect((await get('/stream/catch-up/good:one/x.ts')).status).toBe(404)
    expect((await get('/stream/catch-up/bad/index.m3u8')).headers.get('x-error-code')).toBe('TOKEN_INVALID')
    expect((await get('/hls/catch-up/good:one/index.m3u8')).status).toBe(404)
  })
})

describe('the door', () => {
  test.each<[string, string, RequestInit, number, string | null]>([
    ['another token', '/stream/live/bad/index.m3u8', {}, 401, 'TOKEN_INVALID'],
    ['an address as parameter', '/stream/live/good:channel/index.m3u8?url=http://127.0.0.2', {}, 400, 'INVALID_PARAMETER'],
    [
      'a page of another site',
      '/stream/live/good:channel/index.m3u8',
      { headers: { 'sec-fetch-site': 'cross-site' } },
      403,
      'BAD_ORIGIN',
    ],
    ['ourselves (B7)', '/stream/live/good:channel/index.m3u8', { headers: { 'x-iptv-hop': 'here' } }, 400, 'UPSTREAM_IS_SELF'],
    ['another ending', '/stream/live/good:channel/1.exe', {}, 404, 'NOT_FOUND'],
    ['nothing', '/stream/', {}, 404, 'NOT_FOUND'],
    ['a write', '/stream/live/good:channel/index.m3u8', { method: 'POST' }, 405, 'INVALID_PARAMETER'],
    ['a question', '/stream/live/good:channel/index.m3u8', { method: 'OPTIONS' }, 204, null],
  ])('%s', async (_name, path, init, status, code) => {
    const response = await fetch(`${base}${path}`, init)
    expect(codeOf(response)).toEqual([status, code])
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    expect(provider.hits).toEqual([])
  })

  test('without a Node response (next dev) the same answers come as web streams', async () => {
    const app = createGateway({ access, isLoopedHop: () => false })
    const file = await app.request('/stream/file/good:film/film.mp4', { headers: { range: 'bytes=2999990-' } })
    expect([file.status, (await file.arrayBuffer()).byteLength]).toEqual([206, 10])
    const playlist = await app.request('/stream/live/good:channel/live.m3u8')
    const first = /^(\d+\.ts)$/m.exec(await playlist.text())?.[1]
    const segment = await app.request(`/stream/live/good:channel/${first}`)
    expect(new Uint8Array(await segment.arrayBuffer())[0]).toBe(0x47)
  })
})
