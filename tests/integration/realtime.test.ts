import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import type { EventName, Events } from '@/lib/kernel/events'
import { plantGuideProvider } from './guide-steps'
import { type Line, ORIGIN, type RealtimeWorld, startRealtimeWorld, until } from './realtime-world'

let world: RealtimeWorld
let ana: Viewer
let bert: Viewer
const lines: Line[] = []

beforeAll(async () => {
  world = await startRealtimeWorld()
  ana = await world.makeViewer()
  bert = await world.makeViewer({ name: 'Bert' })
})
afterEach(() => {
  for (const { socket } of lines.splice(0)) socket.terminate()
})
afterAll(() => world.endAll())

async function connect(viewer: Viewer, since?: string): Promise<Line> {
  const line = await world.connect(viewer, since)
  lines.push(line)
  return line
}

async function publish<Name extends EventName>(name: Name, data: Events[Name]): Promise<void> {
  const bus = await import('@/lib/platform/bus')
  await bus.publish(name, data)
}

const favourite = ({ accountId, profileId }: Viewer, itemId: number) =>
  publish('favourite.changed', { accountId, profileId, sessionId: 'another', itemId })
const topics = (line: Line) => line.news().map(({ topic }) => topic)
const itemsOf = (line: Line) => line.news().map(({ data }) => (data as { itemId: number }).itemId)

test('a ticket opens one connection, once; without a good one it is closed with 4401', async () => {
  const ticket = await world.issue(ana)
  const first = world.open()
  const second = world.open()
  lines.push(first, second)
  await Promise.all([first.opened, second.opened])
  first.say({ type: 'hello', ticket })
  await until(() => first.heard.length > 0)
  expect(first.heard).toEqual([{ type: 'welcome', cursor: expect.any(String), resumed: false }])
  second.say({ type: 'hello', ticket })
  expect(await second.ended).toBe(4401)
  const third = world.open()
  await third.opened
  third.say({ type: 'hello', ticket: 'not-a-ticket' })
  expect(await third.ended).toBe(4401)
})

test('a ticket that is too old, or whose sign-in has ended, is not good', async () => {
  const { pool } = await import('@/lib/platform/db')
  const stale = await world.issue(ana)
  await pool().query("UPDATE realtime_ticket SET expires_at = now() - interval '1 second'")
  const leaver = await world.makeViewer()
  const orphan = await world.issue(leaver)
  await pool().query('UPDATE session SET revoked_at = now() WHERE id = $1::uuid', [leaver.sessionId])
  for (const ticket of [stale, orphan]) {
    const line = world.open()
    await line.opened
    line.say({ type: 'hello', ticket })
    expect(await line.ended).toBe(4401)
  }
})

test.each([
  ['another site', { origin: 'https://evil.example' }, 'http 403'],
  ['a page without an address', { origin: 'null' }, 'http 403'],
  ['no origin, but a cookie', { origin: '', cookie: 'watchtheflix=x' }, 'http 403'],
])('%s is refused', async (_name, headers, answer) => {
  const line = world.open(headers)
  expect(await line.ended).toBe(answer)
})

test('pages of all own addresses may connect, and apps that send neither origin nor cookie', async () => {
  const { WebSocket } = await import('ws')
  for (const origin of [ORIGIN, 'https://tv.example:8443', undefined]) {
    const socket = new WebSocket(`ws://127.0.0.1:${world.port}/realtime`, origin === undefined ? {} : { origin })
    await new Promise((done, fail) => socket.once('open', done).once('error', fail))
    socket.terminate()
  }
})

test('everybody hears of his own account and of the platform, a stranger of nothing else', async () => {
  const own = await plantGuideProvider(ana.accountId, { guideUrl: null })
  const { upsertSource } = await import('@/lib/epg/source-store')
  const sourceId = (await upsertSource(own)) ?? 0
  const [line, strange] = [await connect(ana), await connect(bert)]
  const admin = await connect(await world.makeViewer({ role: 'admin' }))
  await publish('guide.changed', { sourceId, providerId: own })
  await publish('catalogue.changed', { providerIds: [own] })
  await publish('provider.changed', { providerId: own })
  await publish('import.progress', { importId: 1, providerId: own, state: 'running', progress: 7 })
  await favourite(ana, 5)
  const { accountId, profileId } = ana
  await publish('history.changed', { accountId, profileId, sessionId: 'another', itemId: 5 })
  await publish('notification.made', { accountId, profileId })
  await publish('notification.changed', { accountId, profileId })
  await publish('provider.deleted', { providerId: own, ownerId: accountId })
  const { pool } = await import('@/lib/platform/db')
  const { rows } = await pool().query<{ id: number }>(
    "INSERT INTO guide_source (name, address) VALUES ('For all', 'http://x') RETURNING id",
  )
  await publish('guide.changed', { sourceId: rows[0]?.id ?? 0, providerId: null })
  await until(() => topics(line).length === 11)
  expect(topics(line)).toEqual([
    'guide.changed',
    'catalogue.changed',
    'provider.changed',
    'import.progress',
    'favourite.changed',
    'history.changed',
    'notification.made',
    'notification.changed',
    'provider.changed',
    'catalogue.changed',
    'guide.changed',
  ])
  await until(() => topics(strange).length > 0 && topics(admin).length > 0)
  expect([topics(strange), topics(admin)]).toEqual([['guide.changed'], ['guide.changed']])
})

test('another profile of the same account hears nothing of favourites, and not of providers that it hides', async () => {
  const { setProviderShown } = await import('@/lib/profiles')
  const own = await plantGuideProvider(ana.accountId, { guideUrl: null })
  const child = await world.makeViewer()
  const { pool } = await import('@/lib/platform/db')
  // The same account under another profile: its first profile is the one that a new sign-in uses.
  await pool().query('UPDATE profile SET account_id = $1::uuid WHERE id = $2::uuid', [ana.accountId, child.profileId])
  await pool().query('UPDATE session SET account_id = $1::uuid, profile_id = $2::uuid WHERE id = $3::uuid', [
    ana.accountId,
    child.profileId,
    child.sessionId,
  ])
  const viewer = { ...child, accountId: ana.accountId }
  const [parent, kid] = [await connect(ana), await connect(viewer)]
  await favourite(ana, 1)
  await setProviderShown(viewer, own, false)
  await publish('catalogue.changed', { providerIds: [own] })
  await favourite(viewer, 2)
  // News of catalogues ask the database first, so they may come last.
  await until(() => topics(kid).includes('favourite.changed') && topics(parent).includes('catalogue.changed'))
  expect(topics(kid)).toEqual(['profile.changed', 'favourite.changed'])
  expect(topics(parent)).toEqual(['favourite.changed', 'catalogue.changed'])
})

test('what is chosen for the player is told to the other devices of the profile, and is theirs alone', async () => {
  const { getProfile, updateProfile } = await import('@/lib/profiles')
  const { pool } = await import('@/lib/platform/db')
  const second = await world.makeViewer()
  await pool().query('UPDATE session SET account_id = $1::uuid, profile_id = $2::uuid WHERE id = $3::uuid', [
    ana.accountId,
    ana.profileId,
    second.sessionId,
  ])
  const other = { ...ana, sessionId: second.sessionId }
  const [here, there, strange] = [await connect(ana), await connect(other), await connect(bert)]
  await updateProfile(ana, { player: { audio: 'de', nightMode: true } })
  const told = await updateProfile(ana, { player: { audio: 'fr' } })
  expect(told.player).toEqual({ audio: 'fr', nightMode: true })
  await until(() => topics(there).length === 2)
  await favourite(bert, 98)
  await until(() => topics(strange).length > 0)
  expect([topics(here), topics(there)]).toEqual([[], ['choices.changed', 'choices.changed']])
  expect(topics(strange)).not.toContain('choices.changed')
  expect((await getProfile(other)).player).toEqual(told.player)
  expect((await getProfile(bert)).player).toEqual({})
  const stranger = { ...bert, profileId: ana.profileId }
  await expect(updateProfile(stranger, { player: { audio: 'xx' } })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect((await getProfile(ana)).player).toEqual(told.player)
})

test('what was told while the line was down is told once when it comes back, and nothing of others', async () => {
  const first = await connect(ana)
  await favourite(ana, 1)
  await favourite(ana, 2)
  await until(() => itemsOf(first).length === 2)
  first.socket.terminate()
  await first.ended
  const watcher = await connect(ana)
  for (const item of [3, 4, 5]) await favourite(ana, item)
  await favourite(bert, 99)
  await until(() => itemsOf(watcher).length === 3)
  const again = await connect(ana, first.news().at(-1)?.id)
  expect(again.heard.at(-1)).toEqual({ type: 'welcome', cursor: expect.any(String), resumed: true })
  await favourite(ana, 6)
  await until(() => itemsOf(again).includes(6))
  expect(itemsOf(again)).toEqual([3, 4, 5, 6])
  expect(new Set(again.news().map(({ id }) => id)).size).toBe(4)
})

test('news that come while a connection is being opened are told once', async () => {
  const first = await connect(bert)
  await favourite(bert, 0)
  await until(() => itemsOf(first).length === 1)
  const since = first.news().at(-1)?.id ?? ''
  const told = 40
  const publishing = (async () => {
    for (let item = 1; item <= told; item++) await favourite(bert, item)
  })()
  const others = await Promise.all([1, 2, 3].map(() => connect(bert, since)))
  await publishing
  for (const line of others) {
    await until(() => itemsOf(line).includes(told))
    expect(itemsOf(line)).toEqual(Array.from({ length: told }, (_, at) => at + 1))
  }
})

test('a cursor of another process, or from before news were missed, is answered with "not resumed"', async () => {
  const line = await connect(ana)
  await favourite(ana, 1)
  await until(() => line.news().length === 1)
  const other = await connect(ana, 'other.12')
  expect(other.heard).toEqual([{ type: 'welcome', cursor: expect.any(String), resumed: false }])
  const { pool } = await import('@/lib/platform/db')
  await pool().query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()`,
  )
  await until(() => line.heard.some(({ type }) => type === 'reset'))
  const after = await connect(ana, line.news().at(-1)?.id)
  expect(after.heard[0]).toMatchObject({ type: 'welcome', resumed: false })
  await favourite(ana, 2)
  await until(() => itemsOf(after).includes(2) && itemsOf(line).includes(2))
})

test('signing out, and switching an account off, closes its connections with 4403 and no others', async () => {
  const { endSession } = await import('@/lib/accounts')
  const [leaver, banned] = [await world.makeViewer(), await world.makeViewer()]
  const [stays, first, second] = [await connect(ana), await connect(leaver), await connect(banned)]
  await endSession(leaver.sessionId)
  expect(await first.ended).toBe(4403)
  await publish('account.disabled', { accountId: banned.accountId })
  expect(await second.ended).toBe(4403)
  stays.say({ type: 'ping' })
  await until(() => stays.heard.some(({ type }) => type === 'pong'))
})

test('a sign-in that ended without news of it is noticed within 15 seconds', async () => {
  const { pool } = await import('@/lib/platform/db')
  const quiet = await world.makeViewer()
  const line = await connect(quiet)
  await pool().query('UPDATE account SET disabled_at = now() WHERE id = $1::uuid', [quiet.accountId])
  const began = performance.now()
  expect(await line.ended).toBe(4403)
  expect(performance.now() - began).toBeLessThan(15_000)
})

test('favourites and history tell the other devices of the profile, not the one that did it', async () => {
  const { addProvider, importNow } = await import('./catalogue-steps')
  const { listItems } = await import('@/lib/catalogue')
  const profiles = await import('@/lib/profiles')
  const viewer = await world.makeViewer()
  const line = await connect(viewer)
  await importNow(viewer, await addProvider(world, viewer, 'normal'))
  await until(() => topics(line).includes('catalogue.changed'))
  const steps = () => line.news().flatMap(({ topic, data }) => (topic === 'import.progress' ? [data as { state: string }] : []))
  // What an import has changed is told before its end.
  await until(() => steps().some(({ state }) => state !== 'running'))
  expect(steps().at(-1)).toMatchObject({ state: 'succeeded', progress: 100 })
  const [item] = (await listItems(viewer, { kind: 'movie', limit: 1 })).items
  const itemId = item?.id ?? 0
  await profiles.setFavourite(viewer, itemId, false)
  const { sessionId: phone } = await world.makeViewer()
  const onPhone = { ...viewer, sessionId: phone }
  await profiles.setFavourite(onPhone, itemId, true)
  const progress = (positionSeconds: number) => ({ itemId, positionSeconds, durationSeconds: 100 })
  await profiles.recordProgress(onPhone, progress(10))
  await profiles.recordProgress(onPhone, progress(20))
  await profiles.recordProgress(onPhone, progress(99))
  await profiles.deleteHistory(onPhone)
  const personal = () => line.news().filter(({ topic }) => /favourite|history/.test(topic))
  await until(() => personal().length >= 4)
  expect(personal().map(({ topic, data }) => [topic, data])).toEqual([
    ['favourite.changed', { itemId }],
    ['history.changed', { itemId }],
    ['history.changed', { itemId }],
    ['history.changed', { itemId: null }],
  ])
})
