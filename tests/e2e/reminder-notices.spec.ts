// What a notice does on the devices that show it: put off, put away, and a device whose address the browser changes.
import { type APIRequestContext, type Browser, expect, type Page, test, type Worker } from '@playwright/test'
import { type PushService, startPushService } from '../fakes/push'
import { listShown, openDevice, press, startDelivery } from './notice-steps'
import { addSource, anna, apiFor, askDatabase, pushPort, waitForGuide } from './world'

test.use({ serviceWorkers: 'allow' })
test.describe.configure({ mode: 'serial' })

interface Device {
  page: Page
  worker: Worker
  /** Shows what the push service has for this device, oldest first; every message as often as it was sent. */
  receive(): Promise<void>
}

let api: APIRequestContext
let push: PushService
let source = 0
let devices: [Device, Device]

test.beforeAll(async ({ browser }) => {
  push = await startPushService(pushPort)
  api = await apiFor(anna)
  source = await addSource(api, 'normal.notices', 'Notices TV')
  await waitForGuide(api)
  devices = [await openSubscribed(browser), await openSubscribed(browser)]
})

test.afterAll(async () => {
  for (const { page } of devices ?? []) await page.context().close()
  await clear()
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
  await push.close()
})

async function clear(): Promise<void> {
  for (const { id } of await (await api.get('/api/reminders')).json()) await api.delete(`/api/reminders/${id}`)
  for (const { id } of await listed()) await api.delete(`/api/notifications/${id}`)
}

async function openSubscribed(browser: Browser): Promise<Device> {
  const { page, worker } = await openDevice(browser)
  const subscription = push.subscribe()
  expect((await page.request.put('/api/push', { data: subscription })).status()).toBe(204)
  const deliver = await startDelivery(page)
  const number = Number(subscription.endpoint.split('/').at(-1))
  let shown = 0
  const receive = async () => {
    const own = push.taken.filter(({ device }) => device === number)
    for (const { notice } of own.slice(shown)) await deliver(notice)
    shown = own.length
  }
  return { page, worker, receive }
}

const listed = async (): Promise<{ id: number; seen: boolean; title: string }[]> =>
  (await (await api.get('/api/notifications')).json()).notifications
const bellOf = ({ page }: Device, isNew: boolean) =>
  page.getByRole('button', { name: isNew ? 'Notifications, 1 new' : 'Notifications', exact: true })

/** A reminder for a programme that begins in a while, with a lead time that makes it due at once. */
async function remindNow(): Promise<string> {
  const now = Math.floor(Date.now() / 1_000)
  const { ids } = await (await api.get('/api/guide/channels')).json()
  const { channels } = await (await api.get(`/api/guide?ids=${ids.slice(0, 30)}&from=${now}`)).json()
  const all: { itemId: number; start: number; title: string }[] = channels.flatMap(
    ({ id, cells }: { id: number; cells: [number, number, string][] }) =>
      cells.map(([start, , title]) => ({ itemId: id, start, title })),
  )
  const soon = all.find(({ start }) => start > now + 600 && start < now + 3_500)
  expect(soon, 'a programme begins within the hour').toBeDefined()
  const data = { kind: 'programme', itemId: soon?.itemId, start: soon?.start, minutes: 60 }
  expect((await api.post('/api/reminders', { data })).ok()).toBe(true)
  return soon?.title ?? ''
}

/** Both devices show what has come. */
async function showOnBoth(count: number, title: string): Promise<void> {
  await expect.poll(() => push.taken.length, { timeout: 30_000 }).toBe(count)
  for (const device of devices) {
    await device.receive()
    await expect.poll(async () => (await listShown(device.worker)).map(one => one.title)).toEqual([title])
    await expect(bellOf(device, true)).toBeVisible()
  }
}

/** No device shows it any more, nor calls it new. */
async function expectQuiet(): Promise<void> {
  for (const device of devices) {
    await expect(bellOf(device, false)).toBeVisible()
    await expect.poll(() => listShown(device.worker)).toEqual([])
  }
}

test('snooze: quiet on every device, kept by the server, and once more when its time comes', async () => {
  const title = await remindNow()
  await showOnBoth(2, title)
  await press(devices[0].worker, 'snooze')
  await expect.poll(async () => (await listed()).map(({ seen }) => seen)).toEqual([true])
  await expectQuiet()
  const waiting = `FROM reminder_airing WHERE fired_at IS NULL AND round = 1`
  const [{ wait = 0 } = {}] = await askDatabase<{ wait: number }>(
    `SELECT extract(epoch FROM due_at - now())::int AS wait ${waiting}`,
  )
  expect(wait).toBeGreaterThan(240)
  expect(wait).toBeLessThanOrEqual(300)
  // Pressed twice, on another device as well: it is put off already.
  const [first] = await listed()
  expect((await devices[1].page.request.post(`/api/notifications/${first?.id}/snooze`)).ok()).toBe(true)
  expect(push.taken).toHaveLength(2)

  await askDatabase(`UPDATE reminder_airing SET due_at = now() WHERE id IN (SELECT id ${waiting})`)
  await showOnBoth(4, title)
  // Longer than two looks of the post office.
  await devices[0].page.waitForTimeout(5_000)
  expect(push.taken).toHaveLength(4)
  expect(new Set(push.taken.map(({ topic }) => topic)).size).toBe(2)
})

test('dismiss: gone from the list, from the other device and from its bell', async () => {
  const before = await listed()
  expect(before.map(({ seen }) => seen)).toEqual([false, true])
  await press(devices[1].worker, 'dismiss')
  await expect.poll(async () => (await listed()).map(({ id }) => id)).toEqual([before[1]?.id])
  await expectQuiet()
  await devices[0].page.getByRole('button', { name: 'Notifications', exact: true }).click()
  const bell = devices[0].page.getByRole('dialog', { name: 'Notifications' })
  await expect(bell.getByRole('list', { name: 'Notifications' }).getByRole('listitem')).toHaveCount(1)
  await devices[0].page.keyboard.press('Escape')
  await clear()
})

test('what another profile was told of on this device stays when this one looks at its list', async () => {
  const [{ page, worker }] = devices
  const deliver = await startDelivery(page)
  const now = Math.floor(Date.now() / 1_000)
  const asked = page.waitForResponse(answer => new URL(answer.url()).pathname === '/api/notifications')
  const other = { id: 0, profileId: '00000000-0000-4000-8000-000000000000', title: "Somebody else's" }
  await deliver({ ...other, itemId: 1, channel: 'One', start: now + 900, stop: now + 1_800 })
  await (await asked).finished()
  // The list is there; what it takes away goes at once.
  await page.waitForTimeout(1_000)
  expect((await listShown(worker)).map(({ title }) => title)).toEqual([other.title])
  await press(worker, 'dismiss')
  await expect.poll(() => listShown(worker)).toEqual([])
})

test('what cannot be put off is shown again and says so', async () => {
  const [device] = devices
  const deliver = await startDelivery(device.page)
  const now = Math.floor(Date.now() / 1_000)
  // The server knows no such message, or not any more.
  await deliver({ id: 2_000_000_000, itemId: 1, title: 'Forgotten', channel: 'One', start: now + 900, stop: now + 1_800 })
  await expect.poll(async () => (await listShown(device.worker)).map(({ title }) => title)).toEqual(['Forgotten'])
  await press(device.worker, 'snooze')
  await expect
    .poll(async () => (await listShown(device.worker)).map(({ body }) => body.split('.')[0]))
    .toEqual(['Could not be put off'])
  await press(device.worker, 'dismiss')
  await expect.poll(() => listShown(device.worker)).toEqual([])
})

/** The browser changes the address; what stands outside is its maker's push service, which gives the new one. */
const changeAddress = (worker: Worker, made: object, event: 'tells the old one' | 'tells nothing') =>
  worker.evaluate(
    ([subscription, tells]) => {
      const scope = globalThis as unknown as {
        asked: unknown[]
        PushManager: { prototype: object }
        ExtendableEvent: typeof Event
      }
      scope.asked = []
      Object.assign(scope.PushManager.prototype, {
        subscribe: async (options: unknown) => {
          scope.asked.push(options)
          return { toJSON: () => subscription }
        },
      })
      const oldSubscription = tells ? { options: { userVisibleOnly: true, applicationServerKey: 'the old key' } } : null
      globalThis.dispatchEvent(Object.assign(new scope.ExtendableEvent('pushsubscriptionchange'), { oldSubscription }))
    },
    [made, event === 'tells the old one'] as const,
  )
const keysAsked = (worker: Worker) =>
  worker.evaluate(() =>
    (globalThis as unknown as { asked: { applicationServerKey: string }[] }).asked.map(one => one.applicationServerKey),
  )
const numberOf = ({ endpoint }: { endpoint: string }) => Number(endpoint.split('/').at(-1))

test('a device whose address the browser changes goes on getting its messages, there alone', async () => {
  const [{ page, worker }, other] = devices
  await page.request.delete('/api/push')
  await other.page.request.delete('/api/push')
  const settings = async () => (await page.request.get('/api/notification-settings')).json()
  const { publicKey } = await settings()
  const first = push.subscribe()
  await page.request.put('/api/push', { data: first })

  for (const [event, key] of [
    ['tells the old one', 'the old key'],
    ['tells nothing', publicKey],
  ] as const) {
    const fresh = push.subscribe()
    await changeAddress(worker, fresh, event)
    await expect.poll(() => keysAsked(worker)).toEqual([key])
    const before = push.taken.length
    // Told to the server once its answer is there; the next reminder goes to the new address and to no other.
    await expect
      .poll(async () => (await askDatabase<{ n: number }>('SELECT count(*)::int AS n FROM push_subscription'))[0]?.n)
      .toBe(1)
    await expect
      .poll(
        async () => {
          await clear()
          await remindNow()
          await page.waitForTimeout(4_000)
          return push.taken
            .slice(before)
            .map(({ device }) => device)
            .at(-1)
        },
        { timeout: 30_000 },
      )
      .toBe(numberOf(fresh))
  }
  expect(await settings()).toMatchObject({ here: true, devices: 1 })
})

test('a device that was signed off is not subscribed anew behind the back of its viewer', async () => {
  const [{ page, worker }] = devices
  await page.request.delete('/api/push')
  await changeAddress(worker, push.subscribe(), 'tells nothing')
  await page.waitForTimeout(1_500)
  expect(await keysAsked(worker)).toEqual([])
  expect((await (await page.request.get('/api/notification-settings')).json()).here).toBe(false)
})
