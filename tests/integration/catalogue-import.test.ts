import { afterAll, beforeAll, expect, test } from 'vitest'
import { addProvider, importNow, itemsOf } from './catalogue-steps'
import { startWorld, type World } from './harness'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.end())

test('a healthy account is imported whole', async () => {
  const viewer = await world.makeViewer()
  const id = await addProvider(world, viewer, 'normal')
  const run = await importNow(viewer, id)
  expect(run).toMatchObject({ state: 'succeeded', progress: 100, problem: null })
  expect(run.parts.map(({ part, state, seen }) => [part, state, seen])).toEqual([
    ['account', 'done', 0],
    ['categories', 'done', expect.any(Number)],
    ['channels', 'done', 40],
    ['movies', 'done', 123],
    ['series', 'done', 24],
  ])
  expect(await itemsOf(id, 'channel')).toHaveLength(40)
})
