import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { addProvider } from './catalogue-steps'
import { startWorld, type World } from './harness'
import { type ImportFigures, measureImport, type ScriptedProvider, spawnProvider } from './measure-import'

const terms = [
  'harbour',
  'lighthuose',
  'quiet bridg',
  'news',
  'sport hd',
  'midnigth',
  'the',
  'river 2019',
  'a',
  'zzqx',
  'meridain nwes',
]
let world: World
let remote: ScriptedProvider
let viewer: Viewer
let id: number
let first: ImportFigures
beforeAll(async () => {
  remote = await spawnProvider()
  world = await startWorld({ env: { LOOPBACK_UPSTREAMS: `127.0.0.1:${remote.port}` } })
  const { configureSafeFetch } = await import('@/lib/platform/fetch')
  configureSafeFetch({ ownHosts: [], loopbackAllowed: [`127.0.0.1:${remote.port}`] })
  viewer = await world.makeViewer()
  id = await addProvider({ ...world, providerUrl: remote.url }, viewer, 'huge')
  first = await measureImport(viewer, id)
}, 400_000)
afterAll(async () => {
  remote.end()
  await world.end()
})

const short = ({ seconds, peakMb, startMb, queryP99 }: ImportFigures) =>
  `${seconds.toFixed(1)} s, ${startMb.toFixed(0)} -> ${peakMb.toFixed(0)} MB, other queries p99 ${queryP99.toFixed(0)} ms`

async function median(rounds: number, call: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    await call()
    times.push(performance.now() - began)
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0
}

// The figures themselves are the bench's business (scripts/bench); limits here leave room for a busy machine.
test('20,000 channels, 150,000 movies and 20,000 series come in whole, with little memory', () => {
  console.info('first import:', short(first))
  expect(first.run).toMatchObject({ state: 'succeeded', progress: 100 })
  expect(first.run.parts.map(part => part.seen).slice(2)).toEqual([20_000, 150_000, 20_000])
  expect(first.run.parts.map(part => part.added).slice(2)).toEqual([20_000, 150_000, 20_000])
  expect(first.seconds).toBeLessThan(60)
  expect(first.peakMb - first.startMb).toBeLessThan(300)
})

test('search and lists answer at once over all of it', async () => {
  const { listCategories, listItems, search } = await import('@/lib/catalogue')
  for (const term of terms) expect(await median(5, () => search(viewer, term))).toBeLessThan(150)
  const [category] = await listCategories(viewer, 'movie')
  for (const sort of ['provider', 'name', 'added', 'rating', 'year'] as const) {
    expect(await median(5, () => listItems(viewer, { kind: 'movie', sort, limit: 60 }))).toBeLessThan(150)
    const inCategory = () => listItems(viewer, { kind: 'movie', sort, category: category?.id ?? 0, limit: 60 })
    expect(await median(5, inCategory)).toBeLessThan(200)
  }
})

test('a second import finds nothing to change, and deleting takes everything away', async () => {
  const again = await measureImport(viewer, id)
  console.info('second import:', short(again))
  expect(again.run.state).toBe('succeeded')
  expect(again.run.parts.every(part => part.added === 0 && part.removed === 0)).toBe(true)
  const { deleteProvider } = await import('@/lib/providers')
  await deleteProvider(viewer, id)
  const { pool } = await import('@/lib/platform/db')
  expect((await pool().query('SELECT 1 FROM item UNION ALL SELECT 1 FROM source LIMIT 1')).rowCount).toBe(0)
}, 300_000)
