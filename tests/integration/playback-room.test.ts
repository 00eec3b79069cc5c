import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PacedProvider, paced, until } from '@/lib/playback/relay/paced-provider.test-support'
import { sampleMedia } from '@/lib/playback/sample-media.test-support'
import { capabilities, type PacedWorld, rooms, startPacedWorld } from './paced-world'
import { createWorld } from './playback-world'

// What can still be opened beside what plays: told before somebody tries.
const sample = sampleMedia({ seconds: 60, keySeconds: 2, kilobits: 400 })
let stage: PacedWorld
let provider: PacedProvider

beforeAll(async () => {
  const streams = ['1', '2', '3'].map(id => [`/live/user/pass/${id}.ts`, paced(sample, { seconds: 60 })] as const)
  stage = await startPacedWorld(Object.fromEntries(streams))
  ;({ provider } = stage)
})

afterAll(() => stage.end())

const makeWorld = (limit: number | null) => createWorld(provider.origin, limit, [{ ids: ['1'] }, { ids: ['2'] }, { ids: ['3'] }])

test('connections are counted down as channels open; what is received needs none, the others have no room', async () => {
  const { playback } = await rooms()
  const world = await makeWorld(2)
  const ids = [0, 1, 2].map(at => world.item(at).id)
  const room = () => playback.viewRoom(world.viewer, ids)
  expect(await room()).toEqual({ connections: [{ provider: 'Provider', limit: 2, free: 2 }], full: [] })
  await playback.openPlayback(world.viewer, { itemId: world.item(0).id, capabilities })
  await until(() => provider.open() === 1)
  expect(await room()).toEqual({ connections: [{ provider: 'Provider', limit: 2, free: 1 }], full: [] })
  await playback.openPlayback(world.viewer, { itemId: world.item(1).id, capabilities })
  await until(() => provider.open() === 2)
  expect(await room()).toEqual({ connections: [{ provider: 'Provider', limit: 2, free: 0 }], full: [world.item(2).id] })
})

test('asking for room writes nothing', async () => {
  const { playback, platform } = await rooms()
  const world = await makeWorld(2)
  const before = await platform.db().slot.count()
  expect(await playback.viewRoom(world.viewer, [world.item(0).id])).toMatchObject({ connections: [{ free: 2 }] })
  expect(await platform.db().slot.count()).toBe(before)
})

test('a provider without a limit always has room', async () => {
  const { playback } = await rooms()
  const world = await makeWorld(null)
  expect(await playback.viewRoom(world.viewer, [world.item(0).id])).toEqual({ connections: [], full: [] })
})

test('a stranger learns nothing of channels and connections that are not theirs', async () => {
  const { playback } = await rooms()
  const [world, stranger] = await Promise.all([makeWorld(1), makeWorld(1)])
  await playback.openPlayback(world.viewer, { itemId: world.item(0).id, capabilities })
  const asked = [world.item(0).id, world.item(1).id]
  expect(await playback.viewRoom(stranger.viewer, asked)).toEqual({ connections: [], full: [] })
})

test('what is in the sources is told to those who see them, and to no stranger', async () => {
  const { playback } = await rooms()
  const { viewer, item } = await makeWorld(null)
  const stranger = await makeWorld(null)
  const [source] = await playback.listHoldings(viewer, item(0).id)
  expect(Object.keys(source ?? {}).sort()).toEqual(['failing', 'holds', 'id', 'lookedAt', 'name'])
  await expect(playback.listHoldings(stranger.viewer, item(0).id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
