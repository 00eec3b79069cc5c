import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { addProvider, importNow, itemsOf } from './catalogue-steps'
import { startWorld, type World } from './harness'

let world: World
let rooms: typeof import('@/lib/catalogue')
let profiles: typeof import('@/lib/profiles')
beforeAll(async () => {
  world = await startWorld()
  rooms = await import('@/lib/catalogue')
  profiles = await import('@/lib/profiles')
})
afterAll(() => world.end())

async function begin(login: string): Promise<{ viewer: Viewer; id: number }> {
  const viewer = await world.makeViewer()
  const id = await addProvider(world, viewer, login)
  await importNow(viewer, id)
  return { viewer, id }
}

const ids = async (id: number, kind: 'channel' | 'movie') =>
  (await itemsOf(id, kind)).map(({ itemId }) => itemId).sort((a, b) => a - b)

describe('favourites and history survive', () => {
  test('a refresh that changes nothing', async () => {
    const { viewer, id } = await begin('normal.same')
    const before = await ids(id, 'movie')
    await importNow(viewer, id)
    expect(await ids(id, 'movie')).toEqual(before)
  })

  test.each([[1], [3], [1_000]])('a renumbering by %i', async step => {
    const login = `normal.renumber${step}`
    const { viewer, id } = await begin(login)
    const before = new Map((await itemsOf(id, 'channel')).map(({ name, itemId }) => [name, itemId]))
    const [[name = '', favourite = 0] = []] = before
    await profiles.setFavourite(viewer, favourite, true)
    await world.control({ login, renumber: step })
    const run = await importNow(viewer, id)
    expect(run.state).toBe('succeeded')
    const after = await itemsOf(id, 'channel')
    expect(new Map(after.map(item => [item.name, item.itemId]))).toEqual(before)
    expect(after.find(item => item.itemId === favourite)?.pid).toBe(String(1001 + step))
    const { favouriteChannels } = await rooms.getHome(viewer)
    expect(favouriteChannels.map(card => card.name)).toEqual([name])
  })

  test('a new name under the same id', async () => {
    const { viewer, id } = await begin('normal.rename')
    const [first] = await itemsOf(id, 'channel')
    await world.control({ login: 'normal.rename', renameChannel: { id: Number(first?.pid), name: 'Quite Another Name' } })
    await importNow(viewer, id)
    const [after] = await itemsOf(id, 'channel')
    expect(after).toMatchObject({ itemId: first?.itemId, name: 'Quite Another Name' })
  })

  test('the end of a channel: gone after two complete lists, kept as unavailable when it is a favourite', async () => {
    const login = 'normal.gone'
    const { viewer, id } = await begin(login)
    const channels = await itemsOf(id, 'channel')
    const [dropped, favourite] = channels.slice(-2)
    await profiles.setFavourite(viewer, favourite?.itemId ?? 0, true)
    await world.control({ login, removeChannels: 2 })
    await importNow(viewer, id)
    expect((await itemsOf(id, 'channel')).filter(item => item.missing)).toHaveLength(2)
    await importNow(viewer, id)
    expect(await itemsOf(id, 'channel')).toHaveLength(38)
    await expect(rooms.getItem(viewer, dropped?.itemId ?? 0)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const { favouriteChannels } = await rooms.getHome(viewer)
    expect(favouriteChannels).toMatchObject([{ id: favourite?.itemId, unavailable: true }])
    await expect(rooms.listSources(viewer, favourite?.itemId ?? 0)).rejects.toMatchObject({ code: 'NO_SOURCE' })
    await world.control({ login, reset: true })
    await importNow(viewer, id)
    const back = (await itemsOf(id, 'channel')).find(item => item.name === favourite?.name)
    expect(back?.itemId).toBe(favourite?.itemId)
  })

  test('new ones come in and old ones keep their numbers', async () => {
    const { viewer, id } = await begin('normal.grow')
    const before = await ids(id, 'movie')
    await world.control({ login: 'normal.grow', addMovies: 3 })
    const run = await importNow(viewer, id)
    expect(run.parts.find(({ part }) => part === 'movies')).toMatchObject({ added: 3, removed: 0 })
    expect(await ids(id, 'movie')).toEqual(expect.arrayContaining(before))
  })
})

describe('merging', () => {
  test('two providers of one channel become one item and come apart again', async () => {
    const { viewer, id } = await begin('normal.merge')
    const other = await addProvider(world, viewer, 'normal2.merge')
    await importNow(viewer, other)
    const names = new Map((await itemsOf(other, 'channel')).map(item => [item.name, item]))
    const twin = [...names.values()].find(({ name }) => name.startsWith('EN: '))
    const [own] = await rooms.findTwins(viewer, twin?.itemId ?? 0)
    expect(own?.name).toContain(twin?.name.replace('EN: ', '').replace(' FHD', ''))
    await profiles.setFavourite(viewer, twin?.itemId ?? 0, true)
    await rooms.mergeItems(viewer, own?.id ?? 0, twin?.itemId ?? 0)
    const merged = await rooms.getItem(viewer, own?.id ?? 0)
    expect(merged.sources.map(source => source.provider.id)).toEqual([id, other])
    expect(merged.favourite).toBe(true)

    await importNow(viewer, other)
    await importNow(viewer, id)
    const again = await rooms.getItem(viewer, own?.id ?? 0)
    expect(again.sources).toHaveLength(2)
    expect(again.name).toBe(own?.name)

    const apart = await rooms.splitSource(viewer, again.sources[1]?.id ?? 0)
    expect(apart.name).toBe(twin?.name)
    expect((await rooms.getItem(viewer, own?.id ?? 0)).sources).toHaveLength(1)
    await expect(rooms.splitSource(viewer, again.sources[0]?.id ?? 0)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('is refused across kinds and owners', async () => {
    const { viewer, id } = await begin('normal.kinds')
    const [channel] = await itemsOf(id, 'channel')
    const [movie] = await itemsOf(id, 'movie')
    await expect(rooms.mergeItems(viewer, channel?.itemId ?? 0, movie?.itemId ?? 0)).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
    })
  })

  test('an item of two providers stays when one is deleted', async () => {
    const { viewer, id } = await begin('normal.both')
    const other = await addProvider(world, viewer, 'normal2.both')
    await importNow(viewer, other)
    const twin = (await itemsOf(other, 'channel')).find(({ name }) => name.startsWith('EN: '))
    const [own] = await rooms.findTwins(viewer, twin?.itemId ?? 0)
    await rooms.mergeItems(viewer, own?.id ?? 0, twin?.itemId ?? 0)
    const contents = await rooms.providerContents(viewer, id)
    expect(contents).toMatchObject({ channels: 39, movies: 123, series: 24, favourites: 0 })
    const { deleteProvider } = await import('@/lib/providers')
    await deleteProvider(viewer, id)
    expect((await rooms.getItem(viewer, own?.id ?? 0)).sources).toHaveLength(1)
    const left = await rooms.listItems(viewer, { kind: 'channel', limit: 200 })
    expect(left.items).toHaveLength(18)
  })

  test('happens by itself where the owner asked for it, and only across providers', async () => {
    const { viewer, id } = await begin('normal.auto')
    const other = await addProvider(world, viewer, 'normal2.auto')
    const { updateProvider } = await import('@/lib/providers')
    expect(await updateProvider(viewer, other, { autoMerge: true })).toMatchObject({ autoMerge: true })
    const before = await itemsOf(id, 'channel')
    await importNow(viewer, other)
    // Who joins an item does not rename it.
    expect(await itemsOf(id, 'channel')).toEqual(before)
    const own = new Set(before.map(({ itemId }) => itemId))
    const joined = (await itemsOf(other, 'channel')).filter(({ itemId }) => own.has(itemId))
    expect(joined).toHaveLength(10)
    const all = await rooms.listItems(viewer, { kind: 'channel', limit: 200 })
    expect(all.items).toHaveLength(48)
    expect(new Set(all.items.map(card => card.id)).size).toBe(48)
  })
})

test('what the platform provides is seen by every account, and merged by admins only', async () => {
  const admin = await world.makeViewer({ role: 'admin' })
  const id = await addProvider(world, admin, 'normal.platform', true)
  await importNow(admin, id)
  const viewer = await world.makeViewer()
  const { items } = await rooms.listItems(viewer, { kind: 'channel', limit: 200 })
  expect(items).toHaveLength(40)
  const [a, b] = items
  const ownId = await addProvider(world, admin, 'normal2.owned')
  await importNow(admin, ownId)
  const [owned] = await itemsOf(ownId, 'channel')
  await expect(rooms.mergeItems(admin, a?.id ?? 0, owned?.itemId ?? 0)).rejects.toMatchObject({
    code: 'INVALID_PARAMETER',
    say: expect.stringMatching(/source of your own/),
  })
  await expect(rooms.mergeItems(viewer, a?.id ?? 0, b?.id ?? 0)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(rooms.startImport(viewer, id)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(rooms.providerContents(viewer, id)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect((await rooms.listImports(viewer)).map(run => run.providerId)).toEqual([id])
  const { deleteProvider } = await import('@/lib/providers')
  await deleteProvider(admin, id)
  expect((await rooms.listItems(viewer, { kind: 'channel', limit: 5 })).items).toEqual([])
})
