import { PassThrough, Writable } from 'node:stream'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { AppError } from '@/lib/kernel/errors'
import { sampleMedia } from '../sample-media.test-support'
import { TsScanner } from '../ts/scanner'
import { measured, type PacedProvider, paced, startPacedProvider, until } from './paced-provider.test-support'
import { closeAllRelays, findRelay, listRelays, openRelay } from './registry'
import type { Relay, RelayHooks } from './relay'
import type { RelayOptions } from './relay-options'
import { moveRelay } from './relay-state'

let provider: PacedProvider
let channel = 0
const sample = sampleMedia({ seconds: 60, keySeconds: 2, kilobits: 400 })
const other = sampleMedia({ seconds: 60, keySeconds: 1, kilobits: 400, audio: 'mp2' })
const fast: Partial<RelayOptions> = { sniffMs: 300, stallMs: 400, minReconnectMs: 150, maxBackoffMs: 50, healthyAfterMs: 5_000 }

beforeAll(async () => {
  provider = await startPacedProvider({
    '/good': paced(sample, { seconds: 60 }),
    '/burst': paced(sample, { seconds: 60, speed: 8 }),
    '/other': paced(other, { seconds: 60, speed: 4 }),
    '/short': paced(sample.subarray(0, 188 * 1_200), { seconds: 4, speed: 8, afterwards: 'end' }),
    '/stall': paced(sample.subarray(0, 188 * 1_200), { seconds: 4, speed: 8, afterwards: 'stall' }),
    '/html': (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>FAILED TO CONNECT</html>'),
    '/text': (_request, response) => response.write('FAILED TO CONNECT'),
    '/garbage': (_request, response) => response.end(Buffer.alloc(300_000, 0x55)),
    '/empty': (_request, response) => response.end(),
    '/silent': (_request, response) => response.flushHeaders(),
    '/hang': () => {},
    '/full': (_request, response) => response.writeHead(458).end(),
    '/playlist': (_request, response) => response.end('#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n1.ts\n'),
  })
})

afterEach(async () => {
  closeAllRelays()
  await until(() => provider.open() === 0)
  provider.hits.length = 0
})

afterAll(() => provider.close())

function open(paths: string[], options: Partial<RelayOptions> = {}, hooks: RelayHooks = {}): Relay {
  return openRelay({ key: `channel-${++channel}`, sources: paths.map(provider.source), options: { ...fast, ...options }, hooks })
}

/** Waits for that many segments after the first; answers the first one's number. */
async function afterSegments(relay: Relay, count: number): Promise<number> {
  await until(() => relay.hls.isReady)
  const first = relay.hls.newest?.sequence ?? 0
  await until(() => (relay.hls.newest?.sequence ?? 0) >= first + count)
  return first
}

function collect(relay: Relay): { bytes: () => Buffer; output: PassThrough } {
  const output = new PassThrough()
  const chunks: Buffer[] = []
  output.on('data', (chunk: Buffer) => chunks.push(chunk))
  relay.addRaw(output)
  return { bytes: () => Buffer.concat(chunks), output }
}

const ended = (relay: Relay): Promise<void> => new Promise(done => collect(relay).output.once('close', () => done()))

test('a cold start of a source paced in real time has its first segment within 0.7 s, a warm one at once', async () => {
  const relay = open(['/good'])
  relay.touchHls('a')
  const cold = await until(() => relay.hls.isReady)
  relay.touchHls('b')
  const warm = await until(() => relay.hls.isReady)
  measured(`cold first segment ${Math.round(cold)} ms, warm ${warm.toFixed(1)} ms`)
  expect(cold).toBeLessThan(700)
  expect(warm).toBeLessThan(5)
  expect(relay.hls.playlist()).toContain('#EXTINF:0.080')
})

test('many viewers are one upstream, and the last one to leave closes it at once (C36)', async () => {
  const relay = open(['/burst'])
  const key = `channel-${channel}`
  for (let viewer = 0; viewer < 500; viewer++) {
    const joined = openRelay({ key, sources: [provider.source('/burst')] })
    expect(joined).toBe(relay)
    joined.touchHls(`viewer-${viewer}`)
  }
  const raw = collect(relay)
  await until(() => relay.hls.isReady && raw.bytes().length > 0)
  expect([provider.hits.length, provider.open()]).toEqual([1, 1])
  for (let viewer = 0; viewer < 500; viewer++) relay.leaveHls(`viewer-${viewer}`)
  expect(provider.open()).toBe(1)
  raw.output.destroy()
  const gone = await until(() => provider.open() === 0)
  measured(`upstream closed ${Math.round(gone)} ms after the last viewer`)
  expect([relay.state, findRelay(key), listRelays()]).toEqual(['closed', null, []])
})

test('an HLS viewer that asks for nothing is forgotten', async () => {
  const relay = open(['/burst'], { hlsViewerMs: 200 })
  relay.touchHls('a')
  await until(() => relay.state === 'closed')
})

test('a raw viewer begins with the tables and a key frame, also when it joins later', async () => {
  const relay = open(['/burst'])
  relay.touchHls('a')
  await afterSegments(relay, 3)
  const startedAt = performance.now()
  const raw = collect(relay)
  await until(() => raw.bytes().length > 0)
  measured(`warm raw first byte ${Math.round(performance.now() - startedAt)} ms`)
  const kinds: boolean[] = []
  const scanner = new TsScanner({ onPacket: packet => packet.frame && kinds.push(packet.frame.isKey), onProgramChange: () => {} })
  await until(() => raw.bytes().length > 20_000)
  scanner.push(raw.bytes())
  expect(scanner.aligner.skippedBytes).toBe(0)
  expect(kinds[0]).toBe(true)
})

test('a hook that closes the relay at a failure is the end of it: no further try, no complaint', async () => {
  const failures: string[] = []
  const relay: Relay = open(
    ['/short'],
    {},
    {
      onSourceFailed: (_id, error) => {
        failures.push(error.code)
        relay.close(error)
      },
    },
  )
  // Vitest fails on a rejection that nobody handles, and so does Node.
  await expect(ended(relay)).resolves.toBeUndefined()
  await new Promise(done => setTimeout(done, 100))
  expect(failures).toHaveLength(1)
})

test.each(['/html', '/text', '/garbage', '/empty', '/silent', '/full', '/gone'])(
  '%s is skipped, and not a byte of it reaches a viewer',
  async path => {
    const failed: string[] = []
    const relay = open([path, '/other'], {}, { onSourceFailed: (id, error) => failed.push(`${id} ${error.code}`) })
    const raw = collect(relay)
    relay.touchHls('a')
    await until(() => relay.hls.isReady && raw.bytes().length > 0)
    const codes: Record<string, string> = {
      '/html': 'UPSTREAM_NOT_MEDIA',
      '/text': 'UPSTREAM_NOT_MEDIA',
      '/garbage': 'UPSTREAM_NOT_MEDIA',
      '/empty': 'UPSTREAM_EMPTY',
      '/silent': 'UPSTREAM_STALLED',
      '/full': 'PROVIDER_LIMIT',
    }
    expect(failed).toEqual([`${path} ${codes[path] ?? 'NO_SOURCE'}`])
    for (const bytes of [raw.bytes(), relay.hls.newest?.bytes ?? Buffer.alloc(0)]) {
      expect(bytes[0]).toBe(0x47)
      expect(bytes.includes('FAILED')).toBe(false)
    }
    expect(relay.sourceId).toBe('/other')
  },
)

test.each(['/short', '/stall'])('%s: the next source takes over and viewers keep their playlist', async path => {
  const relay = open([path, '/other'])
  const raw = collect(relay)
  relay.touchHls('a')
  await until(() => relay.sourceId === '/other' && relay.hls.playlist().includes('#EXT-X-DISCONTINUITY\n'))
  expect(raw.output.writableEnded).toBe(false)
  const numbers = [...relay.hls.playlist().matchAll(/^(\d+)\.ts$/gm)].map(match => Number(match[1]))
  expect(numbers).toEqual(numbers.map((_each, index) => (numbers[0] ?? 0) + index))
  expect(provider.peak()).toBeLessThanOrEqual(2)
})

test('a clean end of a live stream is a failure: it is dialled again (C6)', async () => {
  const relay = open(['/short'])
  relay.touchHls('a')
  await until(() => provider.hits.length >= 2 && relay.state === 'live')
  expect(relay.hls.playlist()).not.toContain('ENDLIST')
})

test('flapping: never two tries within the pause (C10)', async () => {
  const relay = open(['/short'], { minReconnectMs: 700 })
  relay.touchHls('a')
  await until(() => provider.hits.length >= 4, 9_000)
  // Counted over all of them: a busy machine hears of one try late and of the next in time.
  const [first, , , fourth] = provider.hits
  expect((fourth?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(3 * 700 - 500)
})

test('when nothing ever plays, viewers are told why', async () => {
  const one = open(['/html'])
  one.touchHls('a')
  await expect(one.hls.waitFor(0, AbortSignal.timeout(5_000))).rejects.toMatchObject({ code: 'STREAM_ENDED' })
  expect(one.endError?.code).toBe('UPSTREAM_NOT_MEDIA')
  const two = open(['/html', '/full'])
  two.touchHls('a')
  await until(() => two.state === 'closed')
  expect(two.endError?.code).toBe('ALL_SOURCES_FAILED')
  expect(() => two.addRaw(new PassThrough())).toThrow(AppError)
})

test('a source that serves a playlist is reported, and its connection closed', async () => {
  const relay = open(['/playlist'])
  relay.touchHls('a')
  await until(() => relay.state === 'closed')
  expect(relay.playlistSourceId).toBe('/playlist')
})

test('a reader that takes nothing is evicted, and the others never notice (C27)', async () => {
  const relay = open(['/burst'], { evictAfterMs: 500 })
  const healthy = collect(relay)
  const stuck = new Writable({ highWaterMark: 1_000, write: () => {} })
  relay.addRaw(stuck)
  let longestGap = 0
  let last = performance.now()
  healthy.output.on('data', () => {
    longestGap = Math.max(longestGap, performance.now() - last)
    last = performance.now()
  })
  await until(() => stuck.destroyed, 8_000)
  expect(relay.viewers).toBe(1)
  expect(longestGap).toBeLessThan(500)
}, 12_000)

test('memory per channel is bounded', async () => {
  const relay = open(['/burst'], { segmentBytes: 150_000, ringBytes: 100_000 })
  relay.touchHls('a')
  const first = await afterSegments(relay, 20)
  expect(relay.hls.bytes).toBeLessThanOrEqual(300_000)
  expect(Number(/MEDIA-SEQUENCE:(\d+)/.exec(relay.hls.playlist())?.[1])).toBeGreaterThan(first)
})

test('waiting for a segment ends with the signal', async () => {
  const relay = open(['/silent'], { sniffMs: 5_000 })
  relay.touchHls('a')
  await expect(relay.hls.waitFor(0, AbortSignal.timeout(100))).rejects.toMatchObject({ name: 'TimeoutError' })
})

test('a source that hangs without listening is left behind, and what it opens late is closed', async () => {
  let opened = 0
  const deaf = {
    id: 'deaf',
    connect: async () => {
      await new Promise(done => setTimeout(done, 400))
      opened++
      return provider.source('/burst').connect(new AbortController().signal)
    },
  }
  const relay = openRelay({ key: 'deaf', sources: [deaf, provider.source('/other')], options: { ...fast, connectMs: 100 } })
  relay.touchHls('a')
  await until(() => relay.hls.isReady && opened === 1)
  expect(relay.sourceId).toBe('/other')
  await until(() => provider.open() === 1)
})

test('after its end a relay leaves no timer and no socket behind', async () => {
  const count = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout' || name === 'TCPSocketWrap').length
  await until(() => provider.open() === 0)
  const before = count()
  for (const path of ['/burst', '/silent', '/html']) {
    const relay = open([path], { sniffMs: 5_000 })
    relay.touchHls('a')
    const output = new PassThrough()
    output.resume()
    relay.addRaw(output)
    await new Promise(done => setTimeout(done, 150))
    relay.close()
  }
  await until(() => provider.open() === 0 && count() <= before)
})

test('illegal moves throw', () => {
  expect(() => moveRelay('closed', 'connecting')).toThrow('closed to connecting')
  expect(() => moveRelay('idle', 'live')).toThrow()
  expect(moveRelay('live', 'waiting')).toBe('waiting')
})

test('a source that does not answer has less time while another one waits (C3)', async () => {
  const times = { connectMs: 3_000, connectWithOthersMs: 250 }
  const relay = open(['/hang', '/burst'], times)
  relay.touchHls('a')
  const took = await until(() => relay.hls.isReady)
  expect(took).toBeGreaterThanOrEqual(250)
  expect(took).toBeLessThan(2_000)
  const alone = open(['/hang'], times)
  alone.touchHls('a')
  await new Promise(done => setTimeout(done, 600))
  expect([alone.state, alone.sourceId]).toEqual(['connecting', '/hang'])
})
