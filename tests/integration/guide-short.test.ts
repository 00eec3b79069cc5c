import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { cellFlags } from '@/lib/epg/schema'
import { addProvider, importNow } from './catalogue-steps'
import { importGuideNow, thisHour } from './guide-steps'
import { startWorld, type World } from './harness'

const now = () => Date.now() / 1_000

let world: World
let viewer: Viewer
let rooms: typeof import('@/lib/epg')

beforeAll(async () => {
  world = await startWorld()
  viewer = await world.makeViewer()
  rooms = await import('@/lib/epg')
})
afterAll(() => world.end())

/** A new account's provider with a catalogue and no guide. */
async function plant(login: string): Promise<{ who: Viewer; provider: number; ids: number[] }> {
  const who = await world.makeViewer()
  const provider = await addProvider(world, who, login)
  await importNow(who, provider)
  const { ids } = await rooms.listGuideRowIds(who, {})
  return { who, provider, ids: ids.slice(0, 30) }
}

const windowOf = (who: Viewer, ids: number[], from = thisHour / 1_000) => rooms.findGuideWindow(who, { ids, from, hours: 4 })
const filled = ({ channels }: Awaited<ReturnType<typeof windowOf>>) => channels.filter(({ cells }) => cells.length > 0)
const asked = () => world.provider.stats.requests.byKind.player_api ?? 0

test('a provider without a guide: what it tells of now and next comes behind the window, once, and to nobody else', async () => {
  const { who, ids } = await plant('normal.short')
  const before = asked()
  const first = await windowOf(who, ids)
  expect(filled(first), 'nobody waits for the provider').toEqual([])
  expect(first.again).toBeGreaterThan(0)
  await expect.poll(async () => filled(await windowOf(who, ids)).length).toBeGreaterThan(20)
  await expect.poll(async () => ((await windowOf(who, ids)).again ?? 0) > 5, { message: 'all have been asked' }).toBe(true)

  const known = await windowOf(who, ids)
  for (const { cells } of filled(known)) {
    expect(cells.length).toBeLessThanOrEqual(2)
    for (const [start, stop, title, , flags] of cells) {
      expect([start < stop, title !== '', flags]).toEqual([true, true, cellFlags.isShort])
    }
    expect(cells[0]?.[0]).toBeLessThanOrEqual(now())
    expect(cells[0]?.[1]).toBeGreaterThan(now())
  }
  const spent = asked() - before
  expect(spent, 'each channel once, however often the window is read').toBeLessThanOrEqual(ids.length)

  const [one = 0] = ids
  const [cell] = known.channels.find(({ id }) => id === one)?.cells ?? []
  const later = await windowOf(who, [one], thisHour / 1_000 + 6 * 3_600)
  expect([later.again, later.channels[0]?.cells.every(([start]) => start !== cell?.[0])], 'another time').toEqual([
    undefined,
    true,
  ])
  await expect(windowOf(viewer, ids)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  // A reminder needs a guide that is read again and again.
  await expect(rooms.getProgramme(who, { channel: one, start: cell?.[0] ?? 0 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(asked() - before).toBe(spent)
})

test('a provider that hangs holds up no window, and is left alone', async () => {
  const { who, ids } = await plant('normal.short-hang')
  world.provider.setFault('hang')
  const before = asked()
  try {
    expect(filled(await windowOf(who, ids))).toEqual([])
    await expect.poll(async () => ((await windowOf(who, ids)).again ?? 0) > 5, { timeout: 20_000 }).toBe(true)
    expect(asked() - before, 'what it did not answer in one go is not asked further').toBeLessThanOrEqual(8)
    expect(filled(await windowOf(who, ids))).toEqual([])
  } finally {
    world.provider.setFault(null)
  }
})

test('a provider that has a guide is not asked for its short one, and its programmes stay as they are', async () => {
  const { who, provider, ids } = await plant('normal.short-none')
  await importGuideNow(provider)
  const before = asked()
  const found = await windowOf(who, ids)
  expect(found.again).toBeUndefined()
  expect(
    filled(found)
      .flatMap(({ cells }) => cells)
      .filter(([, , , , flags]) => flags & cellFlags.isShort),
  ).toEqual([])
  expect(asked() - before).toBe(0)
})
