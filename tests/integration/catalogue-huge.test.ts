import { afterAll, beforeAll, expect, test } from 'vitest'
import { addProvider } from './catalogue-steps'
import { startWorld, type World } from './harness'
import { measureImport, type ScriptedProvider, spawnProvider } from './measure-import'

let world: World
let remote: ScriptedProvider
beforeAll(async () => {
  remote = await spawnProvider()
  world = await startWorld({ env: { LOOPBACK_UPSTREAMS: `127.0.0.1:${remote.port}` } })
  const { configureSafeFetch } = await import('@/lib/platform/fetch')
  configureSafeFetch({ ownHosts: [], loopbackAllowed: [`127.0.0.1:${remote.port}`] })
})
afterAll(async () => {
  remote.end()
  await world.end()
})

test('20,000 channels, 150,000 movies and 20,000 series come in whole, and again without a change', async () => {
  const viewer = await world.makeViewer()
  const id = await addProvider({ ...world, providerUrl: remote.url }, viewer, 'huge')
  const first = await measureImport(viewer, id)
  console.info('first', { ...first, run: first.run.parts })
  expect(first.run.state).toBe('succeeded')
  expect(first.run.parts.map(part => part.seen).slice(2)).toEqual([20_000, 150_000, 20_000])
  const again = await measureImport(viewer, id)
  console.info('again', { ...again, run: again.run.parts })
  expect(again.run.state).toBe('succeeded')
  expect(again.run.parts.every(part => part.added === 0 && part.removed === 0)).toBe(true)
}, 240_000)
