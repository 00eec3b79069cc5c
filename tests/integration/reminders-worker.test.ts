// The worker as it is started in production, a provider's guide that changes, and a push service: what is asked for comes, once
// and in time, and by nobody's hand. Due times are seconds ahead, on the real clock.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import type { ReminderInput } from '@/lib/notifications/schema'
import { type PushService, startPushService } from '../fakes/push'
import { addProvider, importNow, itemsOf } from './catalogue-steps'
import { startWorld, type World } from './harness'
import { query } from './reminder-steps'

const LOGIN = 'normal.reminded'
const MINUTE = 60
/** The lead time of every reminder here. */
const LEAD = 5 * MINUTE
/** From the second guide to the due time: reading, matching and planning it takes a few seconds on a busy machine. */
const SOON = 15
/** From the first guide to the time at which what goes away again would be due. */
const GONE = 35

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
  const { queueGuide } = await import('@/lib/epg')
  const source = await queueGuide(provider)
  await vi.waitFor(
    async () => {
      const [row] = await query<{ state: string }>('SELECT state::text FROM guide_source WHERE id = $1', [source])
      expect(row?.state).toBe('idle')
    },
    { timeout: 30_000, interval: 100 },
  )
}

const remind = (input: ReminderInput) => rooms.createReminder(viewer, input)
const programme = (at: number, start: number): ReminderInput => ({
  kind: 'programme',
  itemId: channel(at).itemId,
  start,
  minutes: 5,
})
const told = () => push.taken.map(({ notice: { title, start } }) => `${title} ${start}`).sort()

test('a guide brings, moves and takes away: the device is told of what is on then, once and when it is due', async () => {
  const base = now()
  const later = base + 70 * MINUTE
  await publish([['Comes nearer', later]], [['Goes away', base + LEAD + GONE]], [['Goes on later', base + LEAD + GONE]])
  await remind(programme(0, later))
  await remind(programme(1, base + LEAD + GONE))
  await remind(programme(2, base + LEAD + GONE))
  await remind({ kind: 'series', itemId: channel(3).itemId, title: 'Saga', minutes: 5 })
  await remind({ kind: 'search', words: 'regatta harbour', minutes: 5 })
  expect((await rooms.listRemindersOf(viewer)).map(({ airings }) => airings.length).sort()).toEqual([0, 0, 1, 1, 1])

  const start = now() + LEAD + SOON
  await publish(
    [['Comes nearer', start]],
    [['Something else', base + LEAD + GONE]],
    [['Goes on later', later]],
    [
      ['Saga', start, 2],
      // The same episode again, and another channel's.
      ['Saga', start + 30 * MINUTE, 2],
    ],
    [
      ['Saga', start, 3],
      ['The harbour: regatta day', start + 1],
    ],
  )
  const expected = [`Comes nearer ${start}`, `Saga ${start}`, `The harbour: regatta day ${start + 1}`]
  await vi.waitFor(() => expect(told()).toEqual(expected), { timeout: SOON * 1_000 + 30_000, interval: 200 })
  for (const { at, notice } of push.taken)
    expect(at / 1_000 - (Number(notice.start) - LEAD), 'not before it is due').toBeGreaterThan(0)

  // The guide is read again, and what had gone would be due.
  await publish([['Comes nearer', start]])
  await vi.waitFor(() => expect(now()).toBeGreaterThan(base + GONE + 5), { timeout: 60_000, interval: 500 })
  expect(told()).toEqual(expected)
  const waiting = (await rooms.listRemindersOf(viewer)).flatMap(({ airings }) => airings.map(one => `${one.title} ${one.start}`))
  expect(waiting.sort()).toEqual([...expected, `Goes on later ${later}`].sort())
  expect(push.refused).toEqual([])
}, 150_000)
