import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { addProvider, importNow } from './catalogue-steps'
import { startWorld, type World } from './harness'
import { type ScriptedProvider, spawnProvider } from './measure-import'

const terms = [
  'harbour',
  'lighthuose',
  'quiet bridg',
  'news',
  'der letzte',
  'sport hd',
  'midnigth',
  'the',
  'river 2019',
  'a',
  'zzqx',
  'ocean winter',
  'the n',
  'uk news 12',
  'meridain nwes',
]
let world: World
let remote: ScriptedProvider
let viewer: Viewer
beforeAll(async () => {
  remote = await spawnProvider()
  world = await startWorld({ env: { LOOPBACK_UPSTREAMS: `127.0.0.1:${remote.port}` } })
  const { configureSafeFetch } = await import('@/lib/platform/fetch')
  configureSafeFetch({ ownHosts: [], loopbackAllowed: [`127.0.0.1:${remote.port}`] })
  viewer = await world.makeViewer()
  const id = await addProvider({ ...world, providerUrl: remote.url }, viewer, 'huge')
  await importNow(viewer, id)
})
afterAll(async () => {
  remote.end()
  await world.end()
})

async function timed(rounds: number, calls: readonly (() => Promise<unknown>)[]): Promise<number[][]> {
  const times: number[][] = calls.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, call] of calls.entries()) {
      const began = performance.now()
      await call()
      times[index]?.push(performance.now() - began)
    }
  }
  return times.map(list => list.sort((a, b) => a - b))
}

const at = (sorted: readonly number[], fraction: number) => sorted[Math.floor(sorted.length * fraction)] ?? 0

test('190,000 titles are searched as somebody types', async () => {
  const { search, listItems } = await import('@/lib/catalogue')
  await timed(
    1,
    terms.map(term => () => search(viewer, term)),
  )
  const found = await timed(
    15,
    terms.map(term => () => search(viewer, term)),
  )
  for (const [index, list] of found.entries()) console.info(terms[index], at(list, 0.5).toFixed(1), at(list, 0.99).toFixed(1))
  const all = found.flat().sort((a, b) => a - b)
  console.info('search p50', at(all, 0.5).toFixed(1), 'p99', at(all, 0.99).toFixed(1))
  const queries = [
    { kind: 'channel', limit: 60 },
    { kind: 'movie', limit: 60 },
    { kind: 'movie', sort: 'name', limit: 60 },
    { kind: 'movie', sort: 'rating', limit: 60 },
    { kind: 'movie', sort: 'year', limit: 60 },
    { kind: 'movie', sort: 'provider', limit: 60 },
    { kind: 'movie', sort: 'name', text: 'light', limit: 60 },
    { kind: 'movie', genre: 'Drama', limit: 60 },
    { kind: 'movie', sort: 'name', from: 'q', limit: 60 },
  ] as const
  const { listCategories } = await import('@/lib/catalogue')
  const [category] = await listCategories(viewer, 'movie')
  const categorised = [
    { kind: 'movie' as const, category: category?.id ?? 0, limit: 60 },
    { kind: 'movie' as const, category: category?.id ?? 0, sort: 'name' as const, limit: 60 },
  ]
  const every = [...queries, ...categorised]
  const lists = await timed(
    8,
    every.map(query => () => listItems(viewer, query)),
  )
  for (const [index, list] of lists.entries())
    console.info(JSON.stringify(every[index]), at(list, 0.5).toFixed(1), at(list, 0.99).toFixed(1))
  expect(at(all, 0.5)).toBeLessThan(100)
}, 240_000)
