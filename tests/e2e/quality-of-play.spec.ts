// What a viewer's player tells of its halts is what the administrator reads, and what is bad for everyone reaches him wherever he is.
import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { listShown, openDevice, press, startDelivery } from './notice-steps'
import { expectMovingPicture, picture } from './playing'
import { addSource, admin, anna, apiFor, askDatabase, bert, pageFor, providerAddress, startJob } from './world'

const LOGIN = 'normal.halts'
let api: APIRequestContext
let desk: Page
let source = 0
let channels: { id: number; name: string }[]

test.beforeAll(async ({ browser }) => {
  api = await apiFor(anna)
  source = await addSource(api, LOGIN, 'Halting TV')
  channels = (await (await api.get(`/api/items?kind=channel&limit=60&provider=${source}`)).json()).items
  desk = await pageFor(browser, admin)
})

test.afterAll(async () => {
  await desk.context().close()
  await askDatabase("DELETE FROM notification WHERE kind <> 'reminder'")
  await askDatabase('DELETE FROM playback_quality WHERE item_id = ANY ($1)', [channels.map(({ id }) => id)])
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

const hold = (held: boolean) =>
  fetch(`${providerAddress}/__control`, { method: 'POST', body: JSON.stringify({ login: LOGIN, hold: held }) })

/** Whether the picture stands still for so long. */
const stands = async (page: Page, ms: number) => {
  const before = (await picture(page)).time
  await page.waitForTimeout(ms)
  return (await picture(page)).time - before < 0.1
}

/** Plays a channel, lets something happen to it, and leaves the page: then the player has told all. Answers the channel's figures. */
async function playThrough(page: Page, id: number, trouble: () => Promise<void>) {
  await page.goto(`/watch/${id}`)
  await expectMovingPicture(page, 6)
  await trouble()
  await expectMovingPicture(page, 2)
  await page.goto('/channels')
  const ask = async () => (await (await desk.request.get(`/api/quality?hours=1&by=channel&item=${id}`)).json()).rows[0]
  // A report from within the halt comes before the one that knows how long it was.
  await expect
    .poll(async () => {
      const row = await ask()
      return row ? row.stalledMs.source + row.stalledMs.network : 0
    })
    .toBeGreaterThan(2_000)
  return ask()
}

test('a provider that sends nothing is to blame for the halt, and the administrator reads all of it in the line of the channel', async ({
  browser,
}) => {
  test.setTimeout(90_000)
  const page = await pageFor(browser, anna)
  const { id, name } = channels[0] ?? { id: 0, name: '' }
  const row = await playThrough(page, id, async () => {
    await hold(true)
    await expect.poll(() => stands(page, 500), { timeout: 15_000 }).toBe(true)
    await page.waitForTimeout(2_500)
    await hold(false)
  })
  process.stdout.write(`MEASURED held source: ${JSON.stringify(row.stalledMs)}\n`)
  expect(row.stalledMs.source).toBeGreaterThan(1_500)
  expect(row.stalledMs.network).toBeLessThan(row.stalledMs.source / 3)

  await desk.goto(`/admin/quality?item=${id}`)
  await expect(desk.getByRole('button', { name: `Show all instead of ${name}` })).toBeVisible()
  const line = desk.getByRole('rowheader', { name })
  await expect(desk.getByRole('row', { name })).toContainText('Source')
  await line.getByRole('button').click()
  await expect(desk.getByRole('region', { name: 'Stood still' })).toContainText('The provider had sent nothing new.')
  await expect(desk.getByRole('region', { name: 'How it was played' })).toContainText('Cut into pieces')
  await expect(desk.getByRole('region', { name: 'Picture' })).toContainText('Dropped frames')
  await expect(desk.getByRole('region', { name: 'Errors' })).toContainText('None.')
  for (const width of [390, 1280, 1920]) {
    await desk.setViewportSize({ width, height: 900 })
    await desk.screenshot({ path: `tests/output/screens/admin-quality-line-${width}.png`, fullPage: true })
  }
  await desk.setViewportSize({ width: 1280, height: 800 })
  await desk.getByRole('button', { name: 'Failed' }).click()
  await expect(desk.getByRole('columnheader', { name: 'Failed' })).toHaveAttribute('aria-sort', 'descending')
  await desk.getByRole('button', { name: `Show all instead of ${name}` }).click()
  await expect(desk).toHaveURL('/admin/quality')
  await page.context().close()
})

test('a slow line of the viewer is to blame for the halt', async ({ browser }) => {
  test.setTimeout(90_000)
  const page = await pageFor(browser, anna)
  const network = await page.context().newCDPSession(page)
  await network.send('Network.enable')
  const throttle = (bits: number) =>
    network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 20,
      downloadThroughput: bits / 8,
      uploadThroughput: bits / 8,
    })
  const row = await playThrough(page, channels[1]?.id ?? 0, async () => {
    await throttle(150_000)
    await expect.poll(() => stands(page, 500), { timeout: 20_000 }).toBe(true)
    await page.waitForTimeout(2_500)
    await throttle(80_000_000)
  })
  process.stdout.write(`MEASURED slow line: ${JSON.stringify(row.stalledMs)}\n`)
  expect(row.stalledMs.network).toBeGreaterThan(1_500)
  expect(row.stalledMs.source).toBeLessThan(row.stalledMs.network / 3)
  await page.context().close()
})

test('what is bad for everyone is in the bell of the administrator, leads to its figures, and its end is told', async ({
  browser,
}) => {
  const { id, name } = channels[2] ?? { id: 0, name: '' }
  const stranger = await pageFor(browser, bert)
  for (const page of [desk, stranger]) await page.goto('/channels')
  await askDatabase(
    `INSERT INTO playback_quality (session_id, account_id, item_id, source_id, live, browser, connection, decision, zap, watched_ms, stalls,
       network_ms, decode_ms, switch_ms, bitrate_switches, dropped_frames, decoded_frames, bitrate, height, errors, failed, started_at)
     SELECT gen_random_uuid(), gen_random_uuid(), $1, 1, true, 'Chrome', '', '', false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}', true, now()
     FROM generate_series(1, 3)`,
    [id],
  )
  const bell = desk.getByRole('button', { name: /^Notifications, \d+ new$/ })
  await startJob('quality.watch')
  await expect(bell).toBeVisible({ timeout: 15_000 })
  await bell.click()
  const messages = desk.getByRole('list', { name: 'Notifications' })
  await expect(messages).toContainText(`${name} is bad for everyone who watches it.`)
  await desk.screenshot({ path: 'tests/output/screens/alert-bell-1280.png' })
  await messages.getByRole('link', { name: `How ${name} plays` }).click()
  await expect(desk).toHaveURL(`/admin/quality?item=${id}`)
  const alerts = desk.getByRole('list', { name: 'Bad for everyone' })
  await expect(alerts).toContainText(`${name} is bad for everyone who watches it. 3 viewers, 100 % failed`)
  for (const width of [390, 1280, 1920]) {
    await desk.setViewportSize({ width, height: 900 })
    await desk.screenshot({ path: `tests/output/screens/admin-alert-${width}.png` })
  }
  await askDatabase("UPDATE playback_quality SET updated_at = now() - interval '11 minutes' WHERE item_id = $1", [id])
  await startJob('quality.watch')
  await expect(alerts).toContainText(`${name} was bad for everyone and is fine again.`, { timeout: 15_000 })
  await expect(bell).toBeVisible({ timeout: 10_000 })
  await bell.click()
  await expect(messages).toContainText(`${name} is fine again.`)
  await expect(stranger.getByRole('button', { name: 'Notifications', exact: true })).toBeVisible()
  expect((await (await stranger.request.get('/api/notifications')).json()).notifications).toEqual([])
  await stranger.context().close()
})

test.describe('on a device', () => {
  test.use({ serviceWorkers: 'allow' })

  test('a pushed alert says what is bad, and leads to its figures', async ({ browser }) => {
    const { page, worker } = await openDevice(browser, admin)
    const deliver = await startDelivery(page)
    const { id, name } = channels[3] ?? { id: 0, name: '' }
    const { profileId } = await (await page.request.get('/api/notifications')).json()
    const now = Math.floor(Date.now() / 1_000)
    const about = { itemId: id, title: name, channel: name, start: now, stop: now + 3_600 }
    await deliver({ id: 2_000_000_000, profileId, kind: 'alert_began', others: 0, ...about })
    const title = `${name} is bad for everyone who watches it.`
    await expect.poll(async () => (await listShown(worker)).map(one => one.title)).toEqual([title])
    await press(worker, '')
    await expect(page).toHaveURL(`/admin/quality?item=${id}`)
    await expect(page.getByRole('heading', { name: 'Quality' })).toBeVisible()
    await page.context().close()
  })
})
