import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import type { ImportView } from '@/lib/catalogue/schema'
import { addProvider, importNow, itemsOf, plantProvider } from './catalogue-steps'
import { startWorld, type World } from './harness'

let world: World
let viewer: Viewer
beforeAll(async () => {
  world = await startWorld()
  viewer = await world.makeViewer()
})
afterAll(() => world.end())

const part = (run: ImportView, name: string) => run.parts.find(one => one.part === name)
const sizes = async (id: number) => [
  (await itemsOf(id, 'channel')).length,
  (await itemsOf(id, 'movie')).length,
  (await itemsOf(id, 'series')).length,
]

describe('a provider that cannot be used leaves what was there, and says why', () => {
  test.each([
    ['html', 'PROVIDER_BAD_RESPONSE'],
    ['expired', 'PROVIDER_EXPIRED'],
    ['banned', 'PROVIDER_BANNED'],
    ['blocked', 'PROVIDER_BLOCKS_US'],
    ['hang', 'UPSTREAM_TIMEOUT'],
  ])(
    '%s',
    async (fault, code) => {
      const login = `normal.${fault}`
      const id = await addProvider(world, viewer, login)
      await importNow(viewer, id)
      const before = await sizes(id)
      world.provider.setFault(fault)
      const run = await importNow(viewer, id).finally(() => world.provider.setFault(null))
      expect(run).toMatchObject({ state: 'failed', problem: { code } })
      expect(part(run, 'account')).toMatchObject({ state: 'failed', problem: { code } })
      expect(part(run, 'channels')?.state).toBe('cancelled')
      expect(await sizes(id)).toEqual(before)
      const { listProviders } = await import('@/lib/providers')
      const view = (await listProviders(viewer, [])).find(provider => provider.id === id)
      expect(view).toMatchObject({ problem: { code }, stale: true })
    },
    60_000,
  )

  test('html404: a password that stopped working is told as refused', async () => {
    const id = await plantProvider(world, viewer, 'html404')
    const { pool } = await import('@/lib/platform/db')
    const { insertProvider } = await import('@/lib/providers/store')
    const bad = await insertProvider({
      ownerId: viewer.accountId,
      kind: 'xtream',
      name: 'bad',
      address: world.providerUrl,
      refreshHours: 24,
      options: { privateNetworks: [], autoMerge: false, delivery: 'proxy' },
      credentials: { kind: 'xtream', base: world.providerUrl, username: 'html404', password: 'gone-1' },
      playlistText: null,
      account: null,
    })
    await pool().query('UPDATE provider SET refreshed_at = now() WHERE id = $1', [bad])
    expect(await importNow(viewer, bad)).toMatchObject({ state: 'failed', problem: { code: 'PROVIDER_REFUSED' } })
    expect(await importNow(viewer, id)).toMatchObject({ state: 'succeeded' })
  })

  test('flood: rest is kept, and said', async () => {
    const id = await plantProvider(world, viewer, 'flood')
    expect(await importNow(viewer, id)).toMatchObject({ state: 'failed', problem: { code: 'PROVIDER_BUSY' } })
  }, 60_000)
})

describe('a provider with faults in part', () => {
  test('slow: everything arrives', async () => {
    const id = await addProvider(world, viewer, 'slow')
    expect(await importNow(viewer, id)).toMatchObject({ state: 'succeeded' })
    expect(await sizes(id)).toEqual([40, 123, 24])
  }, 60_000)

  test('partial: what answered is in, the rest says why and can be asked for alone', async () => {
    const id = await addProvider(world, viewer, 'partial')
    const run = await importNow(viewer, id)
    expect(run).toMatchObject({ state: 'partial', progress: 100, problem: { code: 'PROVIDER_DOWN' } })
    expect(part(run, 'series')).toMatchObject({ state: 'failed', problem: { code: 'PROVIDER_DOWN' } })
    expect(await sizes(id)).toEqual([40, 123, 0])
    const again = await importNow(viewer, id, { parts: ['series'] })
    expect(again.parts.map(one => one.part)).toEqual(['account', 'categories', 'series'])
  }, 60_000)

  test('drops: a list that is cut short keeps what came and removes nothing', async () => {
    const id = await addProvider(world, viewer, 'drops')
    const run = await importNow(viewer, id)
    expect(run.state).toBe('partial')
    expect(part(run, 'movies')).toMatchObject({ state: 'failed' })
    const [channels, movies, series] = await sizes(id)
    expect([channels, series]).toEqual([40, 24])
    expect(movies).toBeGreaterThan(5)
    await importNow(viewer, id)
    expect((await itemsOf(id, 'movie')).every(item => !item.missing)).toBe(true)
    expect(await sizes(id)).toEqual([40, movies, 24])
  }, 60_000)

  test.each([['wrong-types'], ['php-arrays'], ['madrid']])('%s: every row is read', async login => {
    const id = await addProvider(world, viewer, login)
    const run = await importNow(viewer, id)
    expect(run).toMatchObject({ state: 'succeeded' })
    expect(await sizes(id)).toEqual([40, 123, 24])
    expect((await itemsOf(id, 'channel')).every(item => item.name.length > 0)).toBe(true)
    const again = await importNow(viewer, id)
    expect(part(again, 'channels')).toMatchObject({ added: 0, removed: 0 })
  })

  test('D4-91 empty-once: an empty list deletes nothing, whenever it comes', async () => {
    const id = await addProvider(world, viewer, 'empty-once')
    await importNow(viewer, id)
    const before = await sizes(id)
    const second = await importNow(viewer, id)
    expect(second).toMatchObject({
      state: 'partial',
      problem: { code: 'PROVIDER_SHRUNK', message: expect.stringContaining('empty') },
    })
    expect(part(second, 'channels')).toMatchObject({ state: 'kept' })
    expect(await sizes(id)).toEqual(before)
    expect((await itemsOf(id, 'channel')).every(item => !item.missing)).toBe(true)
    expect(await importNow(viewer, id)).toMatchObject({ state: 'succeeded' })
    expect(await sizes(id)).toEqual(before)
  })

  test('shrink: a list that lost 60 % is believed the second time', async () => {
    const id = await addProvider(world, viewer, 'shrink')
    await importNow(viewer, id)
    const second = await importNow(viewer, id)
    expect(second).toMatchObject({ state: 'partial', problem: { code: 'PROVIDER_SHRUNK' } })
    expect(part(second, 'movies')).toMatchObject({ state: 'kept', removed: 0 })
    expect(await sizes(id)).toEqual([40, 123, 24])
    const third = await importNow(viewer, id)
    expect(part(third, 'movies')).toMatchObject({ state: 'done', problem: null })
    const [, movies] = await sizes(id)
    expect(movies).toBeLessThan(60)
    expect(part(third, 'movies')?.removed).toBe(123 - (movies ?? 0))
  })

  test('flapping ends in a state and loses nothing', async () => {
    const id = await addProvider(world, viewer, 'normal.flap')
    await importNow(viewer, id)
    world.provider.setFault('flapping')
    const run = await importNow(viewer, id).finally(() => world.provider.setFault(null))
    expect(['succeeded', 'partial', 'failed']).toContain(run.state)
    expect(await sizes(id)).toEqual([40, 123, 24])
  }, 120_000)
})
