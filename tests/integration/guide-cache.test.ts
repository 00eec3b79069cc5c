import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { type GuideServer, importGuideNow, plantGuideProvider, programmeXml, serveGuide, thisHour, tv } from './guide-steps'
import { startWorld, type World } from './harness'

let world: World
let server: GuideServer
let rooms: typeof import('@/lib/epg')
let ann: Viewer
let ben: Viewer
/** The platform's, and a channel of it. */
let provider: number
let channel: number

const query = async <T>(text: string, values: unknown[] = []): Promise<T[]> => {
  const { pool } = await import('@/lib/platform/db')
  return (await pool().query(text, values)).rows as T[]
}

beforeAll(async () => {
  world = await startWorld()
  rooms = await import('@/lib/epg')
  ;[ann, ben] = [await world.makeViewer({ name: 'Ann' }), await world.makeViewer({ name: 'Ben' })]
  server = await serveGuide(world)
  provider = await plantGuideProvider(null, { guideUrl: `${server.url}/guide.xml` })
  channel = await plant(null, provider, 'one')
  await publish(provider, 'News')
})
afterAll(async () => {
  server.end()
  await world.end()
})

async function plant(owner: string | null, providerId: number, guideId: string): Promise<number> {
  const [row] = await query<{ id: number }>(
    `WITH made AS (INSERT INTO item (kind, owner_id, name, sort_name, match_key, guide_id)
       VALUES ('channel', $1::uuid, $3, $3, $3, $3) RETURNING id)
     INSERT INTO source (item_id, provider_id, kind, provider_item_id, name, position)
     SELECT id, $2, 'channel', $3, $3, id FROM made RETURNING item_id AS id`,
    [owner, providerId, guideId],
  )
  return row?.id ?? 0
}

async function publish(providerId: number, title: string): Promise<void> {
  server.body = tv(programmeXml('one', -1, 'Dawn'), programmeXml('one', 0, title), programmeXml('one', 1, 'Night'))
  await importGuideNow(providerId)
}

const windowOf = (viewer: Viewer) => rooms.findGuideWindow(viewer, { ids: [channel], from: thisHour / 1_000, hours: 1 })
const titlesOf = async (viewer: Viewer) => (await windowOf(viewer)).channels[0]?.cells.map(([, , title]) => title)

test('who sees the same reads it once; a new guide is there at once', async () => {
  expect(await titlesOf(ann)).toEqual(['News'])
  // Behind the back of the versions: only what was kept still has the old name.
  await query("UPDATE programme SET title = 'Changed' WHERE title = 'News'")
  expect(await titlesOf(ben)).toEqual(['News'])
  await publish(provider, 'Weather')
  expect([await titlesOf(ann), await titlesOf(ben)]).toEqual([['Weather'], ['Weather']])
})

test('a guide that leads nobody here leaves what was kept; what leads here counts at once', async () => {
  expect(await titlesOf(ann)).toEqual(['Weather'])
  await query("UPDATE programme SET title = 'Changed' WHERE title = 'Weather'")
  const other = await plantGuideProvider(ann.accountId, { guideUrl: `${server.url}/guide.xml` })
  await publish(other, 'Elsewhere')
  expect([await titlesOf(ann), await titlesOf(ben)]).toEqual([['Weather'], ['Weather']])
  await query("UPDATE programme SET title = 'Weather' WHERE title = 'Changed'")
  await query('DELETE FROM provider WHERE id = $1', [other])
})

test('an account with a guide of its own for the channel sees that one, and nobody else does', async () => {
  const own = await plantGuideProvider(ben.accountId, { guideUrl: `${server.url}/guide.xml` })
  await publish(own, 'Mine')
  await query(
    `INSERT INTO guide_own_match (account_id, item_id, channel_id)
     SELECT $1::uuid, $2, c.id FROM guide_channel c JOIN guide_source g ON g.id = c.source_id WHERE g.provider_id = $3`,
    [ben.accountId, channel, own],
  )
  for (const _ of ['first', 'kept']) {
    expect([await titlesOf(ann), await titlesOf(ben)]).toEqual([['Weather'], ['Mine']])
  }
  await query('DELETE FROM guide_own_match')
  expect(await titlesOf(ben)).toEqual(['Weather'])
})

test('a person’s word about a channel counts for the next look', async () => {
  const admin = await world.makeViewer({ role: 'admin' })
  expect(await titlesOf(ann)).toEqual(['Weather'])
  await rooms.decideGuide(admin, channel, { how: 'none' })
  expect(await titlesOf(ann)).toEqual([])
  await rooms.decideGuide(admin, channel, { how: 'automatic' })
  expect(await titlesOf(ann)).toEqual(['Weather'])
})

test('what is one’s own is never another’s: favourites, hidden sources, foreign channels', async () => {
  await query('INSERT INTO favourite (profile_id, item_id) VALUES ($1::uuid, $2)', [ann.profileId, channel])
  const isFavourite = async (viewer: Viewer) => (await windowOf(viewer)).channels[0]?.favourite
  expect([await isFavourite(ann), await isFavourite(ben)]).toEqual([true, false])
  const second = await world.makeProfile(ben)
  await query('INSERT INTO hidden_provider (profile_id, provider_id) VALUES ($1::uuid, $2)', [second.profileId, provider])
  await expect(windowOf(second)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const own = await plantGuideProvider(ann.accountId, { guideUrl: `${server.url}/guide.xml` })
  await publish(own, 'Private')
  const ids = [await plant(ann.accountId, own, 'one')]
  const asked = { ids, from: thisHour / 1_000, hours: 1 }
  expect((await rooms.findGuideWindow(ann, asked)).channels[0]?.cells).toHaveLength(1)
  await expect(rooms.findGuideWindow(ben, asked)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
