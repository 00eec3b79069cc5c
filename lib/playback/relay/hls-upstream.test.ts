import { createCipheriv } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { PassThrough } from 'node:stream'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { AppError } from '@/lib/kernel/errors'
import { safeFetch } from '@/lib/platform/fetch'
import { sampleMedia } from '../sample-media.test-support'
import { Segmenter } from '../segmenter'
import { TsScanner } from '../ts/scanner'
import { measured, type PacedProvider, paced, startPacedProvider, until } from './paced-provider.test-support'
import { closeAllRelays, openRelay } from './registry'
import type { Relay, RelayHooks } from './relay'
import type { RelayOptions } from './relay-options'
import type { RelaySource } from './upstream'

const sample = sampleMedia({ seconds: 60, keySeconds: 2, kilobits: 400 })
const segments = cut(sample)
const key = Buffer.from('0123456789abcdef')
const startedAt = performance.now()
const fast: Partial<RelayOptions> = { sniffMs: 1_000, stallMs: 4_000, minReconnectMs: 150, maxBackoffMs: 50 }
let provider: PacedProvider
let channel = 0

/** The number of the newest segment of a channel that makes one every two seconds. */
const newest = () => 10 + Math.floor((performance.now() - startedAt) / 2_000)
const bytesOf = (sequence: number) => segments[sequence % segments.length] ?? Buffer.alloc(0)

beforeAll(async () => {
  const behaviours: Record<string, RequestListener> = {
    '/live.m3u8': list({}),
    '/locked.m3u8': list({ head: '#EXT-X-KEY:METHOD=AES-128,URI="/key"', folder: 'locked' }),
    '/holes.m3u8': list({ folder: 'holes' }),
    '/frozen.m3u8': list({ until: 12 }),
    '/mp4.m3u8': list({ head: '#EXT-X-MAP:URI="/init.mp4"' }),
    '/film.m3u8': list({ head: '#EXT-X-PLAYLIST-TYPE:VOD' }),
    '/master.m3u8': (_request, response) =>
      response.end('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n/none.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=900\n/live.m3u8\n'),
    '/nested.m3u8': (_request, response) => response.end('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n/nested.m3u8?deeper\n'),
    '/nested.m3u8?deeper': (_request, response) => response.end('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n/nested.m3u8\n'),
    '/key': (_request, response) => response.end(key),
    '/good': paced(sample, { seconds: 60 }),
  }
  for (let n = 0; n < 100; n++) {
    behaviours[`/clear/${n}.ts`] = (_request, response) => response.end(bytesOf(n))
    behaviours[`/locked/${n}.ts`] = (_request, response) => response.end(lock(n))
    if (n % 2 === 0) behaviours[`/holes/${n}.ts`] = (_request, response) => response.end(bytesOf(n))
  }
  provider = await startPacedProvider(behaviours)
})

afterEach(async () => {
  closeAllRelays()
  await until(() => provider.open() === 0)
  provider.hits.length = 0
})

afterAll(() => provider.close())

function list({ head = '', folder = 'clear', until: last = Number.POSITIVE_INFINITY }): RequestListener {
  return (_request, response) => {
    const to = Math.min(newest(), last)
    const lines = Array.from({ length: 6 }, (_, at) => `#EXTINF:2.0,\n/${folder}/${to - 5 + at}.ts`)
    response.end(['#EXTM3U', '#EXT-X-TARGETDURATION:2', `#EXT-X-MEDIA-SEQUENCE:${to - 5}`, head, ...lines, ''].join('\n'))
  }
}

function lock(sequence: number): Buffer {
  const iv = Buffer.alloc(16)
  iv.writeUInt32BE(sequence, 12)
  const cipher = createCipheriv('aes-128-cbc', key, iv)
  return Buffer.concat([cipher.update(bytesOf(sequence)), cipher.final()])
}

function cut(bytes: Buffer): Buffer[] {
  const pieces: Buffer[] = []
  const segmenter = new Segmenter({
    program: () => scanner.program,
    onSegment: segment => pieces.push(segment.bytes),
    options: { warmUpSeconds: [] },
  })
  const scanner = new TsScanner(segmenter)
  scanner.push(bytes)
  return pieces
}

function sourceOf(path: string): RelaySource {
  const get = (url: string, headers: Record<string, string>, signal: AbortSignal) =>
    safeFetch({ url, headers, signal, headersTimeoutMs: 5_000, totalTimeoutMs: 10_000 })
  return {
    id: path,
    connect: async signal => ({
      ...(await get(provider.origin + path, {}, signal)),
      address: provider.origin + path,
      follow: get,
    }),
  }
}

function open(paths: string[], hooks: RelayHooks = {}, options: Partial<RelayOptions> = {}): Relay {
  return openRelay({ key: `hls-${++channel}`, sources: paths.map(sourceOf), options: { ...fast, ...options }, hooks })
}

async function watch(relay: Relay) {
  await relay.waitForPicture(AbortSignal.timeout(8_000))
  const output = new PassThrough()
  const chunks: Buffer[] = []
  output.on('data', (chunk: Buffer) => chunks.push(chunk))
  relay.addRaw(output)
  return { bytes: () => Buffer.concat(chunks), output }
}

/** Frames in these bytes, which must be whole packets throughout. */
function framesIn(bytes: Buffer): number {
  let frames = 0
  const scanner = new TsScanner({ onPacket: packet => packet.frame && frames++, onProgramChange: () => {} })
  scanner.push(bytes)
  expect(scanner.aligner.skippedBytes).toBe(0)
  return frames
}

const segmentHits = () => provider.hits.map(({ path }) => path).filter(path => path.endsWith('.ts'))

test('raw and HLS viewers share one reading of a playlist, from near its end and each segment once', async () => {
  const relay = open(['/master.m3u8'])
  const edge = newest()
  const began = performance.now()
  const raw = await watch(relay)
  measured(`HLS source: first picture after ${Math.round(performance.now() - began)} ms`)
  relay.touchHls('a')
  await until(() => framesIn(raw.bytes()) > 150, 12_000)
  const hits = segmentHits()
  expect(new Set(hits).size).toBe(hits.length)
  expect(Number(/\d+/.exec(hits[0] ?? '')?.[0])).toBeGreaterThanOrEqual(edge - 2)
  expect(provider.peak()).toBe(1)
  expect([relay.playlistSourceId, relay.program?.video?.codec, relay.hls.isReady]).toEqual([null, 'h264', true])
  relay.leaveHls('a')
  raw.output.destroy()
  const polls = provider.hits.length
  await new Promise(done => setTimeout(done, 2_500))
  expect([relay.state, provider.hits.length, provider.open()]).toEqual(['closed', polls, 0])
}, 20_000)

test('bytes flow evenly although segments come in pieces of two seconds', async () => {
  const raw = await watch(open(['/live.m3u8']))
  await until(() => framesIn(raw.bytes()) > 60, 8_000)
  let longest = 0
  let last = performance.now()
  raw.output.on('data', () => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  })
  await new Promise(done => setTimeout(done, 5_000))
  measured(`HLS source: longest silence ${Math.round(longest)} ms`)
  expect(longest).toBeLessThan(900)
}, 20_000)

test('segments under AES-128 are opened with the vector of their number, the key fetched once', async () => {
  const raw = await watch(open(['/locked.m3u8']))
  await until(() => framesIn(raw.bytes()) > 100, 10_000)
  expect(provider.hits.filter(({ path }) => path === '/key')).toHaveLength(1)
}, 15_000)

test('segments that are not there are stepped over, and the break is marked', async () => {
  const relay = open(['/holes.m3u8'])
  relay.touchHls('a')
  await until(() => relay.hls.playlist().includes('#EXT-X-DISCONTINUITY\n'), 15_000)
  expect(relay.state).toBe('live')
}, 20_000)

test('a playlist without news is a stalled source: the next one takes over', async () => {
  const failed: string[] = []
  const relay = openRelay({
    key: `hls-${++channel}`,
    sources: [sourceOf('/frozen.m3u8'), provider.source('/good')],
    options: fast,
    hooks: { onSourceFailed: (id, error) => failed.push(`${id} ${error.code}`) },
  })
  relay.touchHls('a')
  await until(() => relay.sourceId === '/good' && relay.state === 'live', 15_000)
  expect(failed).toEqual(['/frozen.m3u8 UPSTREAM_STALLED'])
}, 20_000)

test.each(['/mp4.m3u8', '/film.m3u8'])('%s is left to players that speak HLS; a raw viewer is told', async path => {
  const found: string[] = []
  const relay = open([path], { onPlaylist: id => found.push(id) })
  await expect(relay.waitForPicture(AbortSignal.timeout(5_000))).rejects.toBeInstanceOf(AppError)
  expect([relay.playlistSourceId, found]).toEqual([path, [path]])
})

test('playlists that lead to each other end', async () => {
  const failed: string[] = []
  const relay = open(['/nested.m3u8'], { onSourceFailed: (_id, error) => failed.push(error.code) }, { coldRounds: 1 })
  relay.touchHls('a')
  await until(() => relay.state === 'closed')
  expect(failed).toEqual(['PLAYLIST_LOOP'])
})
