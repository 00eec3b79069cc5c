import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { sleep } from '@/lib/kernel/time'
import { type PacedProvider, paced, until } from '@/lib/playback/relay/paced-provider.test-support'
import { sampleMedia } from '@/lib/playback/sample-media.test-support'
import { capabilities, type PacedWorld, rooms, startPacedWorld } from './paced-world'
import { createWorld } from './playback-world'

// The next channel is received before anybody asks for it, where a connection can be spared.
const sample = sampleMedia({ seconds: 60, keySeconds: 2, kilobits: 400 })
let stage: PacedWorld
let provider: PacedProvider

beforeAll(async () => {
  const streams = ['1', '2', '3'].map(id => [`/live/user/pass/${id}.ts`, paced(sample, { seconds: 60 })] as const)
  stage = await startPacedWorld(Object.fromEntries(streams))
  ;({ provider } = stage)
})

afterEach(() => stage.calm())
afterAll(() => stage.end())

const makeWorld = (limit: number | null) => createWorld(provider.origin, limit, [{ ids: ['1'] }, { ids: ['2'] }, { ids: ['3'] }])

test('a channel is warmed with a connection to spare, and its viewer joins what runs already', async () => {
  const { playback } = await rooms()
  const world = await makeWorld(3)
  await playback.openPlayback(world.viewer, { itemId: world.item(0).id, capabilities })
  await until(() => provider.open() === 1)
  expect(await playback.prewarmChannel(world.viewer, { itemId: world.item(1).id, capabilities })).toMatchObject({ warm: true })
  await until(() => provider.open() === 2)
  await playback.openPlayback(world.viewer, { itemId: world.item(1).id, capabilities })
  expect(provider.open()).toBe(2)
  expect(playback.listRelays().map(({ viewers }) => viewers)).toEqual([1, 2])
})

test('the last free connection is never taken', async () => {
  const { playback } = await rooms()
  const world = await makeWorld(2)
  await playback.openPlayback(world.viewer, { itemId: world.item(0).id, capabilities })
  await until(() => provider.open() === 1)
  expect(await playback.prewarmChannel(world.viewer, { itemId: world.item(1).id, capabilities })).toMatchObject({ warm: false })
  expect(playback.listRelays()).toHaveLength(1)
  // What runs already costs none.
  expect(await playback.prewarmChannel(world.viewer, { itemId: world.item(0).id, capabilities })).toMatchObject({ warm: true })
})

test('two who warm at once leave the last connection free all the same', async () => {
  const { playback, registry, platform } = await rooms()
  const world = await makeWorld(3)
  await playback.openPlayback(world.viewer, { itemId: world.item(0).id, capabilities })
  await until(() => provider.open() === 1)
  const { accountId } = world.viewer
  const profiles = await Promise.all(
    [1, 2].map(at => platform.db().profile.create({ data: { accountId, name: `Viewer ${at}` } })),
  )
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(
      profiles.map(({ id }, at) =>
        playback.prewarmChannel({ ...world.viewer, profileId: id }, { itemId: world.item(at + 1).id, capabilities }),
      ),
    )
    expect(answers.filter(({ warm }) => warm)).toHaveLength(1)
    for (const { key } of playback.listRelays())
      if (!key.startsWith(`${world.item(0).sources[0]}/`)) registry.findRelay(key)?.close()
    await until(() => provider.open() === 1)
    await sleep(1_100)
  }
})

test('a warm channel gives its connection to whoever needs it at once', async () => {
  const { playback } = await rooms()
  const world = await makeWorld(2)
  const open = (at: number) => playback.openPlayback(world.viewer, { itemId: world.item(at).id, capabilities })
  const hasPicture = async (token: string) => {
    const stream = await playback.streamAccess('page').live(token, undefined, { address: '127.0.0.1', app: '' })
    expect(await stream.index(AbortSignal.timeout(10_000))).toHaveProperty('text')
  }
  await playback.prewarmChannel(world.viewer, { itemId: world.item(0).id, capabilities })
  await until(() => provider.open() === 1)
  await open(1)
  await until(() => provider.open() === 2)
  const began = performance.now()
  const third = await open(2)
  await hasPicture(third.url.split('/')[3] ?? '')
  // The panel counts the connection that closed for a second.
  expect(performance.now() - began).toBeLessThan(3_500)
  expect(provider.peak()).toBe(2)
  expect(playback.listRelays().map(({ key }) => Number(key.split('/')[0]))).toEqual([1, 2].map(at => world.item(at).sources[0]))
})

test('a warm channel that somebody came to watch is his', async () => {
  const { playback } = await rooms()
  const world = await makeWorld(2)
  const open = (at: number) => playback.openPlayback(world.viewer, { itemId: world.item(at).id, capabilities })
  await playback.prewarmChannel(world.viewer, { itemId: world.item(0).id, capabilities })
  await until(() => provider.open() === 1)
  await open(0)
  await open(1)
  await until(() => provider.open() === 2)
  await expect(open(2)).rejects.toMatchObject({ code: 'PROVIDER_LIMIT' })
  expect(playback.listRelays()).toHaveLength(2)
})

test('who warms the next channel lets go of the one before', async () => {
  const { playback } = await rooms()
  const world = await makeWorld(null)
  await playback.prewarmChannel(world.viewer, { itemId: world.item(0).id, capabilities })
  await until(() => provider.open() === 1)
  await playback.prewarmChannel(world.viewer, { itemId: world.item(1).id, capabilities })
  await until(() => provider.open() === 1 && provider.hits.some(({ path }) => path.endsWith('/2.ts')))
  expect(playback.listRelays()).toHaveLength(1)
})

test('a channel that nobody comes to watch is let go of within 20 s', { timeout: 30_000 }, async () => {
  const { playback } = await rooms()
  const world = await makeWorld(null)
  await playback.prewarmChannel(world.viewer, { itemId: world.item(2).id, capabilities })
  await until(() => provider.open() === 1)
  await until(() => provider.open() === 0, 19_000)
  expect(playback.listRelays()).toEqual([])
})

test('a stranger is told that the channel does not exist', async () => {
  const { playback } = await rooms()
  const owner = await makeWorld(3)
  const stranger = await makeWorld(3)
  await expect(playback.prewarmChannel(stranger.viewer, { itemId: owner.item(0).id, capabilities })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  expect(playback.listRelays()).toEqual([])
})

test('the session that is opened ahead plays, and is watched only once its viewer comes', async () => {
  const { playback, platform } = await rooms()
  const world = await makeWorld(3)
  const itemId = world.item(0).id
  const { session } = await playback.prewarmChannel(world.viewer, { itemId, capabilities })
  expect(session).toMatchObject({ live: true, mode: 'hls' })
  const watched = () => platform.db().watch.count({ where: { profileId: world.viewer.profileId } })
  const shown = async () =>
    (await playback.listConnections({ ...world.viewer, role: 'admin' })).filter(connection => connection.itemId === itemId)
  expect([await watched(), await shown()]).toEqual([0, []])
  const token = session?.url.split('/')[3] ?? ''
  const stream = await playback.streamAccess('page').live(token, undefined, { address: '127.0.0.1', app: '' })
  expect(await stream.index(AbortSignal.timeout(10_000))).toHaveProperty('text')
  await playback.touchPlayback(world.viewer, session?.sessionId ?? '', { positionSeconds: 0, durationSeconds: 0 })
  expect(await watched()).toBe(1)
  await expect.poll(async () => (await shown()).length).toBe(1)
  await playback.closePlayback(world.viewer, session?.sessionId ?? '')
  expect(await shown()).toEqual([])
})
