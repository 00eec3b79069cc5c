import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { addProvider, importNow, itemsOf } from './catalogue-steps'
import { startWorld, type World } from './harness'

let world: World
let viewer: Viewer
let rooms: typeof import('@/lib/catalogue')
let store: typeof import('@/lib/catalogue/import-store')
beforeAll(async () => {
  world = await startWorld()
  viewer = await world.makeViewer()
  rooms = await import('@/lib/catalogue')
  store = await import('@/lib/catalogue/import-store')
  const { prepareQueues } = await import('@/lib/platform/queue')
  await prepareQueues(rooms.catalogueJobs)
})
afterAll(async () => {
  const { stopQueue } = await import('@/lib/platform/queue')
  await stopQueue()
  await world.end()
})

test('a refresh that is asked to stop has stopped two seconds later, and loses nothing', async () => {
  const id = await addProvider(world, viewer, 'normal.stop')
  await importNow(viewer, id)
  const run = await rooms.startImport(viewer, id)
  await expect(rooms.startImport(viewer, id)).rejects.toMatchObject({ code: 'IMPORT_RUNNING' })
  world.provider.setFault('slow')
  const working = rooms.runImport(run.id)
  await new Promise(resolve => setTimeout(resolve, 1_200))
  const began = Date.now()
  await rooms.cancelImport(viewer, id)
  await working
  world.provider.setFault(null)
  expect(Date.now() - began).toBeLessThan(2_000)
  const [after] = await rooms.listImports(viewer)
  expect(after).toMatchObject({ state: 'cancelled', problem: { code: 'IMPORT_CANCELLED' } })
  expect(await itemsOf(id, 'movie')).toHaveLength(123)
  expect(await importNow(viewer, id)).toMatchObject({ state: 'succeeded' })
})

test('a refresh that the process gave up waits again, and the next try does it', async () => {
  const id = await addProvider(world, viewer, 'normal.shutdown')
  const run = await rooms.startImport(viewer, id)
  const find = async () => (await rooms.listImports(viewer)).find(one => one.providerId === id)
  world.provider.setFault('slow')
  const outer = new AbortController()
  const working = rooms.runImport(run.id, outer.signal)
  await new Promise(resolve => setTimeout(resolve, 1_200))
  outer.abort()
  await expect(working).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  world.provider.setFault(null)
  expect(await find()).toMatchObject({ id: run.id, state: 'queued', progress: 0, problem: null })
  expect((await find())?.parts.every(part => part.state === 'waiting' && part.problem === null)).toBe(true)
  await rooms.runImport(run.id)
  expect(await find()).toMatchObject({ id: run.id, state: 'succeeded' })
  expect(await itemsOf(id, 'movie')).toHaveLength(123)
})

test('a fault of ours puts the refresh back for a while, then ends it', async () => {
  const id = await addProvider(world, viewer, 'normal.fault')
  const run = await rooms.startImport(viewer, id)
  const find = async () => (await rooms.listImports(viewer)).find(one => one.providerId === id)
  const { pool } = await import('@/lib/platform/db')
  // The counts at the end of a run stand outside its parts.
  await pool().query('ALTER TABLE category RENAME TO category_away')
  try {
    await expect(rooms.runImport(run.id)).rejects.toThrow()
    expect(await find()).toMatchObject({ state: 'queued', problem: null })
    await pool().query("UPDATE import SET started_at = now() - interval '1 hour' WHERE id = $1", [run.id])
    await expect(rooms.runImport(run.id)).rejects.toThrow()
  } finally {
    await pool().query('ALTER TABLE category_away RENAME TO category')
  }
  expect(await find()).toMatchObject({ state: 'failed', problem: { code: 'UNEXPECTED' } })
})

test('a waiting refresh is stopped at once', async () => {
  const id = await addProvider(world, viewer, 'normal.wait')
  const run = await rooms.startImport(viewer, id)
  await rooms.cancelImport(viewer, id)
  await rooms.runImport(run.id)
  expect((await rooms.listImports(viewer)).find(one => one.providerId === id)).toMatchObject({ state: 'cancelled', progress: 0 })
})

test('a run whose worker died goes on elsewhere', async () => {
  const id = await addProvider(world, viewer, 'normal.died')
  const run = await rooms.startImport(viewer, id)
  const { pool } = await import('@/lib/platform/db')
  expect(await store.beginRun(run.id)).not.toBeNull()
  expect(await store.beginRun(run.id)).toBeNull()
  await pool().query("UPDATE import SET beat_at = now() - interval '2 minutes' WHERE id = $1", [run.id])
  expect(await rooms.recoverImports()).toBe(1)
  await rooms.runImport(run.id)
  expect((await rooms.listImports(viewer)).find(one => one.providerId === id)).toMatchObject({ state: 'succeeded' })
})

test('what is due by its timetable is queued once', async () => {
  const id = await addProvider(world, viewer, 'normal.due')
  const { pool } = await import('@/lib/platform/db')
  await pool().query('UPDATE provider SET refreshed_at = now() WHERE id <> $1', [id])
  await rooms.queueDueImports()
  await rooms.queueDueImports()
  const { rows } = await pool().query("SELECT provider_id AS id FROM import WHERE state = 'queued'")
  expect(rows).toEqual([{ id }])
})

test('a provider that is deleted meanwhile ends its refresh', async () => {
  const id = await addProvider(world, viewer, 'normal.deleted')
  const run = await rooms.startImport(viewer, id)
  world.provider.setFault('slow')
  const working = rooms.runImport(run.id)
  await new Promise(resolve => setTimeout(resolve, 700))
  const { deleteProvider } = await import('@/lib/providers')
  await deleteProvider(viewer, id)
  world.provider.setFault(null)
  await working
  expect(await itemsOf(id, 'channel')).toEqual([])
})
