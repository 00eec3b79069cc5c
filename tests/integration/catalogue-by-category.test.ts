import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import type { ImportView } from '@/lib/catalogue/schema'
import { addProvider, importNow, itemsOf } from './catalogue-steps'
import { startWorld, type World } from './harness'

let world: World
let viewer: Viewer
beforeAll(async () => {
  world = await startWorld()
  viewer = await world.makeViewer()
})
afterEach(() => world.provider.setFault(null))
afterAll(() => world.end())

const part = (run: ImportView, name: string) => run.parts.find(one => one.part === name)
const sizes = async (id: number) => [
  (await itemsOf(id, 'channel')).length,
  (await itemsOf(id, 'movie')).length,
  (await itemsOf(id, 'series')).length,
]

async function sql<T extends object>(text: string, values: unknown[]): Promise<T[]> {
  const { pool } = await import('@/lib/platform/db')
  return (await pool().query<T>(text, values)).rows
}

/** Gives a film of the provider an id that no list has, as if it had been taken out there. */
async function orphan(providerId: number, index: number, filedNowhere: boolean): Promise<number> {
  const source = (await itemsOf(providerId, 'movie'))[index]
  const nowhere = `(SELECT id FROM category WHERE provider_id = $2 AND kind = 'movie' AND provider_category_id = '')`
  await sql(
    `UPDATE source SET provider_item_id = 'gone-${index}', name = 'Gone ${index}', match_key = 'gone-${index}',
       category_id = ${filedNowhere ? nowhere : 'category_id'} WHERE id = $1 AND provider_id = $2`,
    [source?.sourceId, providerId],
  )
  return source?.sourceId ?? 0
}

const find = async (providerId: number, sourceId: number) =>
  (await itemsOf(providerId, 'movie')).find(source => source.sourceId === sourceId)

describe('a panel to which whole lists are too much', () => {
  test('whole-504: everything comes category by category, with numbers that do not repeat', async () => {
    const id = await addProvider(world, viewer, 'whole-504')
    const run = await importNow(viewer, id)
    expect(run).toMatchObject({ state: 'succeeded', problem: null })
    expect(part(run, 'movies')).toMatchObject({ state: 'done', seen: 123, added: 123 })
    expect(await sizes(id)).toEqual([40, 123, 24])
    const numbers = await sql<{ number: number }>(
      'SELECT i.number FROM source s JOIN item i ON i.id = s.item_id WHERE s.provider_id = $1 AND s.kind = $2',
      [id, 'channel'],
    )
    expect(new Set(numbers.map(row => row.number)).size).toBe(40)
    const again = await importNow(viewer, id)
    expect(part(again, 'movies')).toMatchObject({ state: 'done', added: 0, removed: 0 })
  }, 60_000)

  test.each([['whole-hang'], ['whole-stall']])(
    '%s: the same',
    async login => {
      const { policies } = await import('@/lib/providers')
      const usual = { ...policies.list }
      Object.assign(policies.list, { headersMs: 700, idleMs: 700 })
      try {
        const id = await addProvider(world, viewer, login)
        expect(await importNow(viewer, id)).toMatchObject({ state: 'succeeded' })
        expect(await sizes(id)).toEqual([40, 123, 24])
      } finally {
        Object.assign(policies.list, usual)
      }
    },
    60_000,
  )

  test('a film that is gone from its category goes, one that was filed nowhere stays', async () => {
    const id = await addProvider(world, viewer, 'normal.whole')
    await importNow(viewer, id)
    const gone = await orphan(id, 3, false)
    const nowhere = await orphan(id, 4, true)
    world.provider.setFault('whole-504')
    await importNow(viewer, id)
    expect(await find(id, gone)).toMatchObject({ missing: true })
    const run = await importNow(viewer, id)
    expect(part(run, 'movies')).toMatchObject({ state: 'done', removed: 1 })
    expect(await find(id, gone)).toBeUndefined()
    expect(await find(id, nowhere)).toMatchObject({ missing: false })
  }, 60_000)

  test('whole-504-part: what answered is in, nothing is removed, and the part says why', async () => {
    const id = await addProvider(world, viewer, 'normal.part')
    await importNow(viewer, id)
    const gone = await orphan(id, 3, false)
    world.provider.setFault('whole-504-part')
    const run = await importNow(viewer, id)
    expect(run).toMatchObject({ state: 'partial', problem: { code: 'UPSTREAM_TIMEOUT' } })
    expect(part(run, 'movies')).toMatchObject({ state: 'failed', removed: 0 })
    expect(part(run, 'series')).toMatchObject({ state: 'done' })
    await importNow(viewer, id)
    expect(await find(id, gone)).toMatchObject({ missing: false })
  }, 60_000)

  test('whole-504-all: the first failure is told, and what was there stays', async () => {
    const id = await addProvider(world, viewer, 'normal.all')
    await importNow(viewer, id)
    world.provider.setFault('whole-504-all')
    expect(await importNow(viewer, id)).toMatchObject({ state: 'failed', problem: { code: 'UPSTREAM_TIMEOUT' } })
    expect(await sizes(id)).toEqual([40, 123, 24])
  }, 90_000)
})
