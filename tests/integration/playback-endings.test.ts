import { mkdtempSync, rmSync } from 'node:fs'
import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { type PacedProvider, paced, startPacedProvider, until } from '@/lib/playback/relay/paced-provider.test-support'
import { sampleMedia } from '@/lib/playback/sample-media.test-support'
import type { PlaybackInput } from '@/lib/playback/schema'
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.mjs'
import { migrate } from '../../scripts/migrate.mjs'
import { bedtimeNow } from './bedtime-now'
import { createWorld } from './playback-world'

/** For what is waited for, on any machine. */
const PATIENCE = { timeout: 20_000 }

const capabilities: PlaybackInput['capabilities'] = { video: ['h264'], audio: ['aac', 'mp3'], containers: ['mp4'] }
const sample = sampleMedia({ seconds: 60, keySeconds: 2, kilobits: 400 })
const failures: string[] = []
let dataDir = ''
let database: Awaited<ReturnType<typeof startEmbeddedPostgres>>
let provider: PacedProvider
let server: http.Server
let base = ''

const rooms = async () => ({
  playback: await import('@/lib/playback'),
  plans: await import('@/lib/playback/session-plans'),
  platform: await import('@/lib/platform/db'),
  bus: await import('@/lib/platform/bus'),
})

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'watchtheflix-endings-'))
  database = await startEmbeddedPostgres({ dataDir })
  await migrate(database.url)
  Object.assign(process.env, { DATABASE_URL: database.url, DATA_DIR: dataDir, LOG_LEVEL: 'silent' })
  const endless: http.RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-length': 10 ** 9 })
    const timer = setInterval(() => response.write(Buffer.alloc(1_000, 'film')), 50)
    response.on('close', () => clearInterval(timer))
  }
  provider = await startPacedProvider({
    '/live/user/pass/1.ts': paced(sample, { seconds: 60, speed: 4 }),
    '/live/user/pass/2.ts': () => {},
    '/movie/user/pass/3.mp4': endless,
    '/movie/user/pass/4.mp4': () => {},
    '/movie/user/pass/5.mp4': (_request, response) => response.writeHead(200, { 'content-length': 100 }).flushHeaders(),
  })
  const { createGateway } = await import('@/lib/gateway')
  const { getRequestListener } = await import('@hono/node-server')
  const access = (await rooms()).playback.streamAccess('page')
  const app = createGateway({ access, isLoopedHop: () => false, onError: error => failures.push(error.message) })
  server = http.createServer(getRequestListener(app.fetch))
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { subscribeAll } = await import('@/lib/process/subscriptions')
  subscribeAll()
  await (await rooms()).bus.startBus()
})

afterEach(async () => {
  const { playback, platform, plans } = await rooms()
  for (const { id } of await platform.db().playbackSession.findMany({ select: { id: true } })) await plans.forgetPlan(id)
  playback.closeAllRelays()
  await until(() => provider.open() === 0)
  expect(failures.splice(0)).toEqual([])
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await provider.close()
  await (await rooms()).bus.stopBus()
  await (await rooms()).platform.closeDatabase()
  await database.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const film = (id: string) => [{ kind: 'movie' as const, ids: [id] }]

async function openFirst(world: Awaited<ReturnType<typeof createWorld>>) {
  const { playback } = await rooms()
  return playback.openPlayback(world.viewer, { itemId: world.item(0).id, capabilities })
}

/** Milliseconds from now until the body of this answer ends, however it ends. */
function endOf(response: Response): Promise<number> {
  const startedAt = performance.now()
  const elapsed = () => performance.now() - startedAt
  return response.arrayBuffer().then(elapsed, elapsed)
}

describe('a viewer who leaves', () => {
  test.each([
    ['while a film connects', film('4')],
    ['before its first byte', film('5')],
    ['while a channel starts', [{ ids: ['2'] }]],
  ])('%s says nothing about the source, and nothing to the log', async (_name, streams) => {
    const { platform } = await rooms()
    const world = await createWorld(provider.origin, null, streams)
    const view = await openFirst(world)
    const client = new AbortController()
    const answer = fetch(base + view.url, { signal: client.signal }).catch(() => null)
    await until(() => provider.open() === 1)
    await new Promise(done => setTimeout(done, 200))
    client.abort()
    await answer
    await new Promise(done => setTimeout(done, 500))
    const source = await platform.db().source.findUnique({ where: { id: view.sourceId }, select: { failedAt: true } })
    expect(source?.failedAt).toBeNull()
    expect(failures).toEqual([])
  })
})

describe('the right to watch ends', () => {
  test('a revoked sign-in and a disabled account end an open body at the next check (B23)', async () => {
    const { platform } = await rooms()
    const [revoked, disabled] = await Promise.all([
      createWorld(provider.origin, null, film('3')),
      createWorld(provider.origin, null, film('3')),
    ])
    const ends = await Promise.all(
      [revoked, disabled].map(async world => ({ end: endOf(await fetch(base + (await openFirst(world)).url)) })),
    )
    await platform.db().session.update({ where: { id: revoked.viewer.sessionId }, data: { revokedAt: new Date() } })
    await platform.db().account.update({ where: { id: disabled.viewer.accountId }, data: { disabledAt: new Date() } })
    for (const { end } of ends) expect(await end).toBeLessThan(8_000)
  })

  test('the news of a revoked sign-in, a disabled account and a deleted provider end films and channels at once', async () => {
    const { bus } = await rooms()
    const news = [
      ({ viewer }) => bus.publish('session.revoked', { sessionId: viewer.sessionId }),
      ({ viewer }) => bus.publish('account.disabled', { accountId: viewer.accountId }),
      ({ providerId }) => bus.publish('provider.deleted', { providerId, ownerId: null }),
    ] satisfies ((world: Awaited<ReturnType<typeof createWorld>>) => Promise<void>)[]
    for (const tell of news) {
      for (const streams of [film('3'), [{ ids: ['1'] }]]) {
        const world = await createWorld(provider.origin, null, streams)
        const view = await openFirst(world)
        const response = await fetch(base + view.url.replace('index.m3u8', 'live.ts'))
        expect(response.status).toBe(200)
        const end = endOf(response)
        await tell(world)
        expect(await end).toBeLessThan(1_500)
        await until(() => provider.open() === 0)
        expect((await fetch(base + view.url)).headers.get('x-error-code')).toBe('STREAM_ENDED')
      }
    }
  })

  test.each<[string, (viewer: Viewer) => Promise<unknown>, number]>([
    [
      'ACCESS_ENDED',
      async ({ accountId }) => {
        const { platform } = await rooms()
        await platform.db().account.update({ where: { id: accountId }, data: { accessEndsAt: new Date(Date.now() - 1_000) } })
      },
      8_000,
    ],
    [
      'ACCESS_ENDED',
      async ({ accountId }) => {
        const admin = (await createWorld(provider.origin, null, [])).viewer
        const { updatePerson } = await import('@/lib/accounts')
        const change = { accessEndsAt: new Date(Date.now() - 1_000).toISOString() }
        await updatePerson({ ...admin, role: 'admin' }, accountId, { change, address: '127.0.0.1' })
      },
      1_500,
    ],
    ['BEDTIME', async viewer => (await import('@/lib/profiles')).updateBedtime(viewer, bedtimeNow()), 1_500],
  ])('%s ends an open film and a channel, and refuses new ones with a sentence', async (code, end, ms) => {
    const { playback } = await rooms()
    const world = await createWorld(provider.origin, null, [...film('3'), { ids: ['1'] }])
    const open = (itemId: number) => playback.openPlayback(world.viewer, { itemId, capabilities })
    const ends = []
    for (const { id } of world.items) {
      const response = await fetch(base + (await open(id)).url.replace('index.m3u8', 'live.ts'))
      expect(response.status).toBe(200)
      ends.push(endOf(response))
    }
    await end(world.viewer)
    for (const each of ends) expect(await each).toBeLessThan(ms)
    await until(() => provider.open() === 0)
    for (const { id } of world.items) {
      await expect(open(id)).rejects.toMatchObject({
        code,
        status: 403,
        say: expect.stringMatching(/account.*(Settings|extend)/s),
      })
      await expect(playback.prewarmChannel(world.viewer, { itemId: id, capabilities })).rejects.toMatchObject({ code })
    }
    expect(provider.open()).toBe(0)
  })

  test('an item that has left the line-up stops at the next check', async () => {
    const { platform, plans } = await rooms()
    const world = await createWorld(provider.origin, null, film('3'))
    const view = await openFirst(world)
    const hidden = { profileId: world.viewer.profileId, providerId: world.providerId }
    await platform.db().hiddenProvider.create({ data: hidden })
    const plan = await plans.requirePlan(view.sessionId)
    Object.assign(plan, { checkedAt: Number.NEGATIVE_INFINITY, listedAt: Number.NEGATIVE_INFINITY })
    expect((await fetch(base + view.url)).headers.get('x-error-code')).toBe('STREAM_ENDED')
  })

  test('one account holds ten sessions; the eleventh ends the stalest', async () => {
    const { playback } = await rooms()
    const world = await createWorld(provider.origin, null, film('3'))
    const views = [await openFirst(world), await openFirst(world)]
    const touch = { positionSeconds: 0, durationSeconds: 0 }
    await playback.touchPlayback(world.viewer, views[0]?.sessionId ?? '', touch)
    while (views.length < 11) views.push(await openFirst(world))
    const codes = async () =>
      Promise.all(
        views.map(({ sessionId }) =>
          playback.touchPlayback(world.viewer, sessionId, touch).then(
            () => 'open',
            error => error.code as string,
          ),
        ),
      )
    await new Promise(done => setTimeout(done, 500))
    expect((await codes()).map(code => code !== 'open')).toEqual(views.map((_view, at) => at === 1))
  })
})

test('a channel is in the history as soon as it is opened', async () => {
  const { getHome } = await import('@/lib/catalogue')
  const { playback } = await rooms()
  const world = await createWorld(provider.origin, null, [{ ids: ['1'] }])
  const view = await openFirst(world)
  const listed = async () => (await getHome(world.viewer)).recentChannels.map(({ id }) => id)
  await vi.waitFor(async () => expect(await listed()).toEqual([world.item(0).id]), PATIENCE)
  const { deleteHistory } = await import('@/lib/profiles')
  await deleteHistory(world.viewer)
  await playback.touchPlayback(world.viewer, view.sessionId, { positionSeconds: 0, durationSeconds: 0 })
  expect(await listed()).toEqual([world.item(0).id])
})

test('in the last hour of its address a session gets the next one, which plays', async () => {
  const { playback, platform } = await rooms()
  const world = await createWorld(provider.origin, null, film('3'))
  const view = await openFirst(world)
  const touch = { positionSeconds: 0, durationSeconds: 0 }
  expect(await playback.touchPlayback(world.viewer, view.sessionId, touch)).toEqual({})
  const startedAt = new Date(Date.now() - 11.5 * 3_600_000)
  await platform.db().playbackSession.update({ where: { id: view.sessionId }, data: { startedAt } })
  const { url = '' } = await playback.touchPlayback(world.viewer, view.sessionId, touch)
  expect([url === view.url, url.split('/').at(-1)]).toEqual([false, 'film.mp4'])
  expect(await playback.touchPlayback(world.viewer, view.sessionId, touch)).toEqual({ url })
  const response = await fetch(base + url)
  expect(response.status).toBe(200)
  await response.body?.cancel()
})

test('closing takes the last position along', async () => {
  const { playback } = await rooms()
  const world = await createWorld(provider.origin, null, film('3'))
  const { sessionId } = await openFirst(world)
  await playback.closePlayback(world.viewer, sessionId, { positionSeconds: 611, durationSeconds: 6_000 })
  expect((await openFirst(world)).resumeSeconds).toBe(611)
})

test('opening looks the item up once', async () => {
  const { platform } = await rooms()
  const world = await createWorld(provider.origin, null, film('3'))
  const query = vi.spyOn(platform.pool(), 'query')
  await openFirst(world)
  const reads = query.mock.calls.filter(([text]) => typeof text === 'string' && /FROM item i\b/.test(text))
  query.mockRestore()
  expect(reads).toHaveLength(1)
})

test('a request that gives up while its session waits for a slot does not take the next one with it', async () => {
  const { takeSlot } = await import('@/lib/playback/slots')
  const { SessionSlot } = await import('@/lib/playback/dial')
  const { providerId } = await createWorld(provider.origin, 1, [])
  const request = { providerId, limit: 1, purpose: 'test', priority: 5 }
  // Given back, it cools down for a second, in which both requests wait.
  await (await takeSlot(request)).release()
  const slot = new SessionSlot(request, 1_000)
  const dial = async () => ({ status: 200, headers: {}, url: '', body: Readable.from(['film']), cancel: () => {} })
  const seek = new AbortController()
  const first = slot.use(seek.signal, dial).catch(error => error.name)
  const second = slot.use(new AbortController().signal, dial).catch(error => error.name)
  setTimeout(() => seek.abort(), 200)
  expect([await first, await second]).toMatchObject(['AbortError', { status: 200 }])
  await slot.release()
})
