import type { ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Behaviour, type PacedProvider, paced, until } from '@/lib/playback/relay/paced-provider.test-support'
import { sampleMedia } from '@/lib/playback/sample-media.test-support'
import { capabilities, type PacedWorld, rooms, startPacedWorld } from './paced-world'
import { createWorld } from './playback-world'

// One connection to each source, also for viewers whose relays are not the same.
const sample = sampleMedia({ seconds: 60, keySeconds: 2, kilobits: 400 })
const sending = new Set<ServerResponse>()
const live: Behaviour = (request, response) => {
  sending.add(response)
  paced(sample, { seconds: 60 })(request, response)
}
const gone: Behaviour = (_request, response) => response.writeHead(404).end()
let stage: PacedWorld
let provider: PacedProvider

beforeAll(async () => {
  stage = await startPacedWorld({})
  ;({ provider } = stage)
})

afterEach(() => stage.calm())
afterAll(() => stage.end())

const address = (id: string) => `/live/user/pass/${id}.ts`

/** What a reader gets, and how much of it. */
function readerOf(relay: { addRaw(output: PassThrough): void }) {
  const output = new PassThrough()
  let bytes = 0
  output.on('data', chunk => {
    bytes += chunk.length
  })
  relay.addRaw(output)
  return { bytes: () => bytes, leave: () => output.destroy() }
}

/** Two sources of one channel at a provider, and relays that may use some of them in some order. */
async function openWorld(limit: number | null) {
  const { relays } = await rooms()
  Object.assign(provider.behaviours, { [address('1')]: live, [address('2')]: live })
  const world = await createWorld(provider.origin, limit, [{ ids: ['1', '2'] }])
  const { listSources } = await import('@/lib/catalogue')
  const records = await listSources(world.viewer, world.item(0).id)
  const open = (...at: number[]) => {
    const sources = at.map(one => records[one] as (typeof records)[number])
    return relays.openPlanRelay({ sources, line: null })
  }
  return { ...world, open }
}

test('after a change of source, who comes later joins it: one connection is enough', async () => {
  const { playback } = await rooms()
  const world = await openWorld(1)
  provider.behaviours[address('1')] = gone
  const open = () => playback.openPlayback(world.viewer, { itemId: world.item(0).id, capabilities })
  const first = await open()
  const [, other] = world.item(0).sources
  await until(() => playback.listRelays().some(({ sourceId, state }) => sourceId === String(other) && state === 'live'))
  const second = await open()
  expect([first.sourceId, second.sourceId]).toEqual(world.item(0).sources)
  await until(() => playback.listRelays().filter(({ state }) => state === 'live').length === 2)
  expect([provider.open(), provider.hits.filter(({ path }) => path === address('2')).length]).toEqual([1, 1])
  await playback.closePlayback(world.viewer, first.sessionId)
  await playback.closePlayback(world.viewer, second.sessionId)
})

test('who may see less, or sees it in another order, reads along, and goes on when the others leave', async () => {
  const world = await openWorld(1)
  const [both, one, turned] = [world.open(0, 1), world.open(0), world.open(1, 0)]
  const first = readerOf(both)
  await until(() => first.bytes() > 0)
  const second = readerOf(one)
  await until(() => second.bytes() > 20_000)
  expect([provider.open(), provider.peak(), one === both]).toEqual([1, 1, false])
  first.leave()
  const before = second.bytes()
  await until(() => second.bytes() > before + 50_000)
  expect(provider.open()).toBe(1)
  // Its first source is beyond the limit; the one behind it is received.
  const third = readerOf(turned)
  await until(() => third.bytes() > 20_000, 20_000)
  expect(provider.open()).toBe(1)
  second.leave()
  third.leave()
  await until(() => provider.open() === 0)
})

test('nobody is taken along to a source that is not theirs', async () => {
  const world = await openWorld(null)
  const [both, one] = [world.open(0, 1), world.open(0)]
  const first = readerOf(both)
  const second = readerOf(one)
  await until(() => second.bytes() > 0)
  expect(provider.open()).toBe(1)
  provider.behaviours[address('1')] = gone
  for (const response of sending) response.destroy()
  await until(() => both.sourceId === String(world.item(0).sources[1]) && both.state === 'live')
  const [moved, held] = [first.bytes(), second.bytes()]
  await until(() => first.bytes() > moved + 50_000)
  expect(second.bytes()).toBe(held)
  provider.behaviours[address('1')] = live
  await until(() => second.bytes() > held, 20_000)
  expect([one.sourceId, provider.open()]).toEqual([String(world.item(0).sources[0]), 2])
  first.leave()
  second.leave()
})
