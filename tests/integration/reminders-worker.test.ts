// The worker as it is started in production, a provider's guide that changes, and a push service: what is asked for comes, once
// and in time. Plans are waited for, however long the guides take; then their due times are brought near, on the real clock.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import type { ReminderInput } from '@/lib/notifications/schema'
import { type PushService, startPushService } from '../fakes/push'
import { addProvider, importNow, itemsOf } from './catalogue-steps'
import { startWorld, type World } from './harness'
import { query } from './reminder-steps'

const LOGIN = 'normal.reminded'
const MINUTE = 60
/** Longer than a guide or a plan takes on a machine that is busy with other things. */
const PATIENCE = { timeout: 60_000, interval: 200 }

let world: World
let viewer: Viewer
let push: PushService
let provider = 0
let channels: { itemId: number; pid: string }[] = []
let rooms: typeof import('@/lib/notifications')

type Told = [title: string, start: number, episode?: number]

beforeAll(async () => {
  push = await startPushService()
  world = await startWorld({ env: { PUBLIC_URL: 'https://tv.example', MAIL_FROM: 'TV <tv@tv.example>' } })
  viewer = await world.makeViewer()
  rooms = await import('@/lib/notifications')
  provider = await addProvider(world, viewer, LOGIN)
  await importNow(viewer, provider)
  channels = await itemsOf(provider, 'channel')
  const { boot } = await import('@/lib/process/boot')
  await boot()
  const { configureSafeFetch } = await import('@/lib/platform/fetch')
  configureSafeFetch({ ownHosts: [], loopbackAllowed: [new URL(push.url).host, `127.0.0.1:${world.provider.port}`] })
  await rooms.addPush(viewer, push.subscribe())
})
afterAll(async () => {
  const handle = (globalThis as Record<symbol, unknown>)[Symbol.for('watchtheflix.handle')] as { stop(): Promise<void> }
  await handle.stop()
  await push.close()
  await world.end()
})

const channel = (at: number) => channels[at] ?? { itemId: 0, pid: '0' }
const now = () => Math.floor(Date.now() / 1_000)

/** The provider's guide from now on: on each of the first channels these programmes, between a dawn and a night. */
async function publish(...guides: Told[][]): Promise<void> {
  for (const [at, told] of guides.entries()) {
    const length = 20 * MINUTE
    const programmes = [
      { title: 'Dawn', start: now() - 3_600, stop: now() - 1_800 },
      ...told.map(([title, start, episode = 1]) => ({ title, start, stop: start + length, episode })),
      { title: 'Night', start: now() + 40_000, stop: now() + 50_000 },
    ]
    await world.control({ login: LOGIN, setGuide: { channel: Number(channel(at).pid), programmes } })
  }
  await readGuide()
}

/** Reads the guide as it is now. The timetable may be reading it just then, as it was: that ends first. */
async function readGuide(): Promise<void> {
  const { queueGuide } = await import('@/lib/epg')
  const source = await vi.waitFor(async () => {
    const queued = await queueGuide(provider)
    expect(queued).not.toBeNull()
    return queued
  }, PATIENCE)
  await vi.waitFor(async () => {
    const [row] = await query<{ state: string }>('SELECT state::text FROM guide_source WHERE id = $1', [source])
    expect(row?.state).toBe('idle')
  }, PATIENCE)
}

const remind = (input: ReminderInput) => rooms.createReminder(viewer, input)
const programme = (at: number, start: number): ReminderInput => ({
  kind: 'programme',
  itemId: channel(at).itemId,
  start,
  minutes: 5,
})
const told = () => push.taken.map(({ notice: { title, start } }) => `${title} ${start}`).sort()
/** What has not been told of, as it is planned. */
const planned = async () =>
  (
    await query<{ title: string; start: number }>(
      'SELECT title, extract(epoch FROM start)::int AS start FROM reminder_airing WHERE fired_at IS NULL',
    )
  )
    .map(({ title, start }) => `${title} ${start}`)
    .sort()

/** Lets what is planned under these titles be due in a second, and waits until all of this has been told. */
async function expectTold(titles: string[], expected: string[]): Promise<void> {
  await vi.waitFor(async () => {
    // Each time anew: a plan that is made meanwhile by the timetable puts the due times back.
    await query(
      `UPDATE reminder_airing SET due_at = now() + interval '1 second'
       WHERE title = ANY($1) AND fired_at IS NULL AND due_at > now() + interval '1 minute'`,
      [titles],
    )
    expect(told()).toEqual(expected)
  }, PATIENCE)
}

test('a guide brings, moves and takes away: the device is told of what is on then, once and when it is due', async () => {
  const soon = now() + 40 * MINUTE
  const later = soon + 40 * MINUTE
  await publish([['Comes nearer', later]], [['Goes away', soon]], [['Goes on later', soon]])
  await remind(programme(0, later))
  await remind(programme(1, soon))
  await remind(programme(2, soon))
  await remind({ kind: 'series', itemId: channel(3).itemId, title: 'Saga', minutes: 5 })
  await remind({ kind: 'search', words: 'regatta harbour', minutes: 5 })
  expect(await planned()).toEqual([`Comes nearer ${later}`, `Goes away ${soon}`, `Goes on later ${soon}`])

  await publish(
    [['Comes nearer', soon]],
    [['Something else', soon]],
    [['Goes on later', later]],
    [
      ['Saga', soon, 2],
      // The same episode again, and another channel's.
      ['Saga', soon + 30 * MINUTE, 2],
    ],
    [
      ['Saga', soon, 3],
      ['The harbour: regatta day', soon + 1],
    ],
  )
  const expected = [`Comes nearer ${soon}`, `Saga ${soon}`, `The harbour: regatta day ${soon + 1}`]
  await vi.waitFor(async () => expect(await planned()).toEqual([...expected, `Goes on later ${later}`].sort()), PATIENCE)
  expect(told()).toEqual([])
  await expectTold(['Comes nearer', 'Goes away', 'Saga', 'The harbour: regatta day'], expected)

  // The guide is read again: what was told of is not planned again, and what is due next comes alone.
  const last = `Goes on later ${later + 300}`
  await publish([['Comes nearer', soon]], [['Something else', soon]], [['Goes on later', later + 300]])
  await vi.waitFor(async () => expect(await planned()).toEqual([last]), PATIENCE)
  await expectTold(['Comes nearer', 'Goes away', 'Goes on later', 'Saga', 'The harbour: regatta day'], [...expected, last].sort())
  const rows = await query<{ id: number; due: number }>('SELECT id, extract(epoch FROM due_at)::float AS due FROM notification')
  const dueOf = new Map(rows.map(({ id, due }) => [id, due]))
  for (const { at, notice } of push.taken)
    expect(at / 1_000 - (dueOf.get(Number(notice.id)) ?? Number.POSITIVE_INFINITY), 'not before it is due').toBeGreaterThan(0)
  expect(push.refused).toEqual([])
}, 420_000)
