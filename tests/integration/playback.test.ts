import { mkdtempSync, rmSync } from 'node:fs'
import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { measured, type PacedProvider, paced, startPacedProvider, until } from '@/lib/playback/relay/paced-provider.test-support'
import { sampleMedia } from '@/lib/playback/sample-media.test-support'
import type { PlaybackInput } from '@/lib/playback/schema'
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.mjs'
import { migrate } from '../../scripts/migrate.mjs'
import { createWorld as createPlaybackWorld } from './playback-world'

const sample = sampleMedia({ seconds: 60, keySeconds: 2, kilobits: 400 })
const dolby = sampleMedia({ seconds: 60, keySeconds: 2, kilobits: 400, audio: 'ac3' })
/** An MP4 in fragments, which has no tables to look into: the browser gets it as it is. */
const film = Buffer.concat([Buffer.from('\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x08moof', 'latin1'), Buffer.alloc(200_000, 'film')])
const capabilities: PlaybackInput['capabilities'] = { video: ['h264'], audio: ['aac', 'mp3'], containers: ['mp4'] }
let dataDir = ''
let database: Awaited<ReturnType<typeof startEmbeddedPostgres>>
let provider: PacedProvider
let server: http.Server
let base = ''

const rooms = async () => ({
  playback: await import('@/lib/playback'),
  slots: await import('@/lib/playback/slots'),
  plans: await import('@/lib/playback/session-plans'),
  platform: await import('@/lib/platform/db'),
})

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'watchtheflix-playback-'))
  database = await startEmbeddedPostgres({ dataDir })
  await migrate(database.url)
  Object.assign(process.env, { DATABASE_URL: database.url, DATA_DIR: dataDir, LOG_LEVEL: 'silent', TRANSCODE_CORES: '0' })
  const file: http.RequestListener = (request, response) => {
    const [, start = '0'] = /bytes=(\d+)-/.exec(request.headers.range ?? '') ?? []
    const part = film.subarray(Number(start))
    response
      .writeHead(206, { 'content-range': `bytes ${start}-${film.length - 1}/${film.length}`, 'content-length': part.length })
      .end(part)
  }
  provider = await startPacedProvider({
    '/live/user/pass/1.ts': paced(sample, { seconds: 60 }),
    '/live/user/pass/2.ts': paced(sample, { seconds: 60, speed: 4 }),
    '/live/user/pass/3.ts': (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    '/live/user/pass/4.ts': (_request, response) => response.writeHead(405).end(),
    '/live/user/pass/4.m3u8': (_request, response) =>
      response.end('#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MAP:URI="/seg/0.mp4"\n#EXTINF:2,\n/seg/1.ts\n'),
    '/live/user/pass/5.ts': paced(dolby, { seconds: 60, speed: 4 }),
    '/seg/1.ts': (_request, response) => response.end(sample.subarray(0, 18_800)),
    '/movie/user/pass/6.mp4': file,
  })
  const { createGateway } = await import('@/lib/gateway')
  const { getRequestListener } = await import('@hono/node-server')
  const app = createGateway({ access: (await rooms()).playback.streamAccess('page'), isLoopedHop: () => false })
  server = http.createServer(getRequestListener(app.fetch))
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(async () => {
  const { playback, platform, plans } = await rooms()
  for (const { id } of await platform.db().playbackSession.findMany({ select: { id: true } })) await plans.forgetPlan(id)
  playback.closeAllRelays()
  await until(() => provider.open() === 0)
  await platform.pool().query('DELETE FROM slot')
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await provider.close()
  await (await rooms()).platform.closeDatabase()
  await database.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const createWorld = (limit: number | null, streams: Parameters<typeof createPlaybackWorld>[2]) =>
  createPlaybackWorld(provider.origin, limit, streams)

const mediaOf = async (url: string) => (await get(url.replace('index.m3u8', 'live.m3u8'))).text()
const get = (path: string, init?: RequestInit) => fetch(`${base}${path}`, init)
const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'accepted',
    error => error.code,
  )

test('from the request to open until the first segment, through token, slot and relay', async () => {
  const { playback } = await rooms()
  const world = await createWorld(1, [{ ids: ['1'] }])
  const startedAt = performance.now()
  const view = await playback.openPlayback(world.viewer, { itemId: world.item(0).id, capabilities })
  expect(view).toMatchObject({ mode: 'hls', live: true, sourceId: world.item(0).sources[0], resumeSeconds: 0, touchSeconds: 10 })
  expect(JSON.stringify(view)).not.toMatch(/user|pass|127\.0/)
  const openedAt = performance.now()
  await (await get(view.url)).text()
  const text = await mediaOf(view.url)
  const segment = /^(\d+\.ts)$/m.exec(text)?.[1]
  const bytes = await (await get(view.url.replace('index.m3u8', segment ?? ''))).arrayBuffer()
  measured(
    `session opened in ${Math.round(openedAt - startedAt)} ms, cold first segment in the viewer's hands after ${Math.round(performance.now() - startedAt)} ms`,
  )
  expect(new Uint8Array(bytes)[0]).toBe(0x47)
  const warmAt = performance.now()
  const second = await playback.openPlayback(world.viewer, { itemId: world.item(0).id, capabilities })
  await (await get(second.url)).text()
  const warmText = await mediaOf(second.url)
  await (await get(second.url.replace('index.m3u8', /^(\d+\.ts)$/m.exec(warmText)?.[1] ?? ''))).arrayBuffer()
  measured(`warm: opened and first segment after ${Math.round(performance.now() - warmAt)} ms`)
  expect(provider.peak()).toBe(1)
  await playback.closePlayback(world.viewer, view.sessionId)
  expect(provider.open()).toBe(1)
  await playback.closePlayback(world.viewer, second.sessionId)
  await until(() => provider.open() === 0, 500)
  expect((await get(view.url)).headers.get('x-error-code')).toBe('STREAM_ENDED')
})

test('parameters that a player adds about itself (CMCD) change nothing', async () => {
  const { playback } = await rooms()
  const world = await createWorld(1, [{ ids: ['2'] }])
  const view = await playback.openPlayback(world.viewer, { itemId: world.item(0).id, capabilities })
  const told = '?CMCD=bl%3D2000%2Cbs%2Cmtp%3D4000%2Csid%3D%22one%22'
  const headers = { 'cmcd-session': 'sid="one"', 'cmcd-status': 'bs' }
  expect((await get(`${view.url}${told}`, { headers })).status).toBe(200)
  const text = await (await get(`${view.url.replace('index.m3u8', 'live.m3u8')}${told}`, { headers })).text()
  const segment = /^(\d+\.ts)$/m.exec(text)?.[1] ?? ''
  expect((await get(`${view.url.replace('index.m3u8', segment)}${told}`, { headers })).status).toBe(200)
})

describe('strangers', () => {
  test('an item of another account does not exist, nor does its session', async () => {
    const { playback } = await rooms()
    const owner = await createWorld(1, [{ ids: ['2'] }])
    const stranger = await createWorld(1, [{ ids: ['2'] }])
    const input = { itemId: owner.item(0).id, capabilities }
    expect(await codeOf(playback.openPlayback(stranger.viewer, input))).toBe('NOT_FOUND')
    const foreignSource = { itemId: stranger.item(0).id, sourceId: owner.item(0).sources[0] as number, capabilities }
    expect(await codeOf(playback.openPlayback(stranger.viewer, foreignSource))).toBe('NOT_FOUND')
    const view = await playback.openPlayback(owner.viewer, input)
    const touch = { positionSeconds: 0, durationSeconds: 0 }
    expect(await codeOf(playback.touchPlayback(stranger.viewer, view.sessionId, touch))).toBe('NOT_FOUND')
    await playback.closePlayback(stranger.viewer, view.sessionId)
    expect(await playback.touchPlayback(owner.viewer, view.sessionId, touch)).toEqual({})
  })

  test('a revoked sign-in and a disabled account stop the stream at the next check (B23)', async () => {
    const { playback, platform, plans } = await rooms()
    const world = await createWorld(null, [{ kind: 'movie', ids: ['6'] }])
    const view = await playback.openPlayback(world.viewer, { itemId: world.item(0).id, capabilities })
    expect((await get(view.url)).status).toBe(200)
    await platform.db().session.update({ where: { id: world.viewer.sessionId }, data: { revokedAt: new Date() } })
    ;(await plans.requirePlan(view.sessionId)).checkedAt = Number.NEGATIVE_INFINITY
    expect((await get(view.url)).headers.get('x-error-code')).toBe('STREAM_ENDED')
  })
})

describe('slots', () => {
  test('a provider with one connection never sees two; closing makes room for the next (C8)', async () => {
    const { playback } = await rooms()
    const world = await createWorld(1, [{ ids: ['1'] }, { ids: ['2'] }])
    const first = await playback.openPlayback(world.viewer, { itemId: world.item(0).id, capabilities })
    await get(first.url)
    expect(await codeOf(playback.openPlayback(world.viewer, { itemId: world.item(1).id, capabilities }))).toBe('PROVIDER_LIMIT')
    await playback.closePlayback(world.viewer, first.sessionId)
    const startedAt = performance.now()
    const second = await playback.openPlayback(world.viewer, { itemId: world.item(1).id, capabilities })
    expect((await get(second.url)).status).toBe(200)
    measured(`zap on a one-connection login, cool-down included: ${Math.round(performance.now() - startedAt)} ms`)
    expect(provider.peak()).toBe(1)
  })

  test('fifty at once for three slots: three win, and never more (C32)', async () => {
    const { slots } = await rooms()
    const { providerId } = await createWorld(3, [])
    const tries = await Promise.allSettled(
      Array.from({ length: 50 }, () => slots.takeSlot({ providerId, limit: 3, purpose: 'test', priority: 5 })),
    )
    const won = tries.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
    expect(won).toHaveLength(3)
    await Promise.all(won.map(slot => slot.release()))
    expect(await slots.hasFreeSlot(providerId, 3)).toBe(true)
    const again = await slots.takeSlot({ providerId, limit: 3, purpose: 'test', priority: 5 })
    await again.release()
  })
})

test('a dead source gives way to the next, and stands behind it from then on', async () => {
  const { playback, platform } = await rooms()
  const world = await createWorld(2, [{ ids: ['3', '2'] }])
  const view = await playback.openPlayback(world.viewer, { itemId: world.item(0).id, capabilities })
  expect((await get(view.url)).status).toBe(200)
  const segment = /^(\d+\.ts)$/m.exec(await mediaOf(view.url))?.[1] ?? ''
  expect((await get(view.url.replace('index.m3u8', segment))).status).toBe(200)
  await playback.closePlayback(world.viewer, view.sessionId)
  const again = await playback.openPlayback(world.viewer, { itemId: world.item(0).id, capabilities })
  expect(again.sourceId).toBe(world.item(0).sources[1])
  expect(again.sources.map(({ failing }) => failing)).toEqual([false, true])
  expect(again.decision.code).toBe('LIVE_PACKAGED')
  const facts = await platform.db().source.findUnique({ where: { id: again.sourceId }, select: { facts: true } })
  expect(facts?.facts).toMatchObject({ container: 'mpegts', video: { codec: 'h264' }, audio: [{ codec: 'aac' }], seen: 'wire' })
  const [looked, never] = await playback.listHoldings(world.viewer, world.item(0).id)
  expect(Date.now() - Date.parse(looked?.lookedAt ?? '')).toBeLessThan(60_000)
  expect(never).toMatchObject({ failing: true, holds: null, lookedAt: null })
})

test('a provider that refuses .ts and packs its own HLS in MP4 is played through that by a session that knows of it', async () => {
  const { playback } = await rooms()
  const world = await createWorld(1, [{ ids: ['4'] }])
  const view = await playback.openPlayback(world.viewer, { itemId: world.item(0).id, capabilities })
  const response = await get(view.url)
  expect([response.status, response.headers.get('x-error-code')]).toEqual([410, 'STREAM_ENDED'])
  await playback.closePlayback(world.viewer, view.sessionId)
  const again = await playback.openPlayback(world.viewer, { itemId: world.item(0).id, capabilities })
  expect([again.decision.code, again.decision.mode]).toEqual(['HLS_FROM_PROVIDER', 'hls-proxy'])
  const list = await get(again.url)
  const line = (await list.text()).split('\n').find(each => each !== '' && !each.startsWith('#')) ?? ''
  const segment = await fetch(new URL(line, list.url))
  expect(new Uint8Array(await segment.arrayBuffer())[0]).toBe(0x47)
})

test('without a converter, sound this browser cannot play is said so, with the reason the next time', async () => {
  const { playback } = await rooms()
  const world = await createWorld(1, [{ ids: ['5'] }])
  const input = { itemId: world.item(0).id, capabilities }
  const view = await playback.openPlayback(world.viewer, input)
  const response = await get(view.url)
  expect([response.status, response.headers.get('x-error-code')]).toEqual([415, 'CODEC_UNSUPPORTED'])
  // What was seen is written down beside the answer.
  const refused = {
    code: 'CODEC_UNSUPPORTED',
    say: 'This browser cannot play Dolby Digital sound. This server cannot convert it.',
  }
  await vi.waitFor(() => expect(playback.openPlayback(world.viewer, input)).rejects.toMatchObject(refused), {
    timeout: 5_000,
    interval: 200,
  })
})

test('a film: ranges, resume point, and one connection however often it seeks', async () => {
  const { playback } = await rooms()
  const world = await createWorld(1, [{ kind: 'movie', ids: ['6'] }])
  const input = { itemId: world.item(0).id, capabilities }
  const view = await playback.openPlayback(world.viewer, input)
  expect(view).toMatchObject({ mode: 'file', live: false, mimeType: 'video/mp4' })
  for (const start of [0, 100_000, film.length - 10]) {
    const response = await get(view.url, { headers: { range: `bytes=${start}-` } })
    expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([206, film.length - start])
  }
  expect(provider.peak()).toBe(1)
  await playback.touchPlayback(world.viewer, view.sessionId, { positionSeconds: 600, durationSeconds: 6_000 })
  await playback.closePlayback(world.viewer, view.sessionId)
  expect((await playback.openPlayback(world.viewer, input)).resumeSeconds).toBe(600)
})
