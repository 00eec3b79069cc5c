import AxeBuilder from '@axe-core/playwright'
import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { type PushService, startPushService } from '../fakes/push'
import { listShown, openDevice, press, startDelivery } from './notice-steps'
import { addSource, anna, apiFor, pageFor, pushPort, waitForGuide } from './world'

test.use({ serviceWorkers: 'allow' })
test.describe.configure({ mode: 'serial' })

let api: APIRequestContext
let push: PushService
let source = 0

test.beforeAll(async () => {
  push = await startPushService(pushPort)
  api = await apiFor(anna)
  source = await addSource(api, 'normal', 'Demo TV')
  await waitForGuide(api)
})

test.afterAll(async () => {
  for (const { id } of await (await api.get('/api/reminders')).json()) await api.delete(`/api/reminders/${id}`)
  for (const { id } of (await (await api.get('/api/notifications')).json()).notifications)
    await api.delete(`/api/notifications/${id}`)
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
  await push.close()
})

const shoot = (page: Page, name: string) => page.screenshot({ path: `tests/output/screens/reminders-${name}.png` })

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(' | ')}`)).toEqual([])
}

test('a reminder from the guide reaches the device, and its button leads to the channel', async ({ browser }) => {
  const { page, worker } = await openDevice(browser)
  expect((await page.request.put('/api/push', { data: push.subscribe() })).status()).toBe(204)
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  const chosen = await page.locator('[role="gridcell"][data-kind="programme"]').evaluateAll(cells => {
    const soon = cells.find(one => {
      const wait = Number((one as HTMLElement).dataset.start) - Date.now()
      return wait > 120_000 && wait < 3_500_000 && one.getBoundingClientRect().right < innerWidth
    }) as HTMLElement | undefined
    const { start = '', title = '' } = soon?.dataset ?? {}
    return { start, title, channel: soon?.closest<HTMLElement>('[data-row]')?.dataset.channel ?? '' }
  })
  expect(chosen.start, 'a programme of this hour is in view').not.toBe('')
  const own = page.locator(`[data-channel="${chosen.channel}"] [data-start="${chosen.start}"]`)

  await own.click()
  const panel = page.getByRole('dialog', { name: chosen.title })
  await panel.getByRole('button', { name: 'Remind me' }).click()
  await expect(panel.getByRole('button', { name: 'Only this one' })).toBeFocused()
  await panel.getByLabel('How long before').selectOption('60')
  await expectAccessible(page)
  await shoot(page, 'choice-1280')
  await panel.getByRole('button', { name: 'Set the reminder' }).click()
  await expect(panel.getByText('Reminder 1 hour before')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(own).toHaveAccessibleName(/, reminder set$/)
  await shoot(page, 'grid-1280')

  // Less than an hour ahead: due at once.
  await expect.poll(() => push.taken.length, { timeout: 30_000 }).toBe(1)
  const notice = push.taken[0]?.notice ?? {}
  expect(notice).toMatchObject({ title: chosen.title, itemId: Number(chosen.channel) })
  const deliver = await startDelivery(page)
  await deliver(notice)
  await expect.poll(() => listShown(worker)).toMatchObject([{ title: chosen.title, tag: `reminder-${notice.id}` }])
  await expect(page.getByRole('button', { name: 'Notifications, 1 new' })).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: `${chosen.title} begins at` })).toBeVisible()

  await press(worker, 'watch')
  await expect(page).toHaveURL(new RegExp(`/watch/${chosen.channel}$`))
  await expect.poll(() => listShown(worker)).toEqual([])
  // A server that died sends it again: the device has had it.
  await deliver(notice)
  await page.waitForTimeout(500)
  expect(await listShown(worker)).toEqual([])
  await page.context().close()
})

test('the bell lists what was told; snooze and dismiss; words, calendar and mail beside the list', async ({ browser }) => {
  const page = await pageFor(browser, anna)
  await page.goto('/reminders')
  await page.getByRole('button', { name: 'Notifications, 1 new' }).click()
  const bell = page.getByRole('dialog', { name: 'Notifications' })
  await expect(bell.getByRole('link', { name: /^Watch / })).toBeVisible()
  await expectAccessible(page)
  await shoot(page, 'bell-1280')
  await bell.getByRole('button', { name: /^Snooze / }).click()
  await expect(page.getByText('We will remind you again in 5 minutes.')).toBeVisible()
  await bell.getByRole('button', { name: /^Dismiss / }).click()
  await expect(bell.getByText(/^Nothing yet/)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Notifications', exact: true })).toBeFocused()

  const form = page.getByRole('form', { name: 'Reminder by words' })
  await form.getByLabel('Words in the title').fill('xy')
  await form.getByRole('button', { name: 'Remind me' }).click()
  await expect(form.getByText('Write at least three letters.')).toBeVisible()
  await form.getByLabel('Words in the title').fill('briefing')
  await form.getByRole('button', { name: 'Remind me' }).click()
  const list = page.getByRole('list', { name: 'Reminders' })
  await expect(list.getByText('“briefing”')).toBeVisible()
  await list.getByLabel('How long before: briefing').selectOption('15')
  await expect
    .poll(async () => (await (await api.get('/api/reminders')).json()).map((one: { minutes: number }) => one.minutes))
    .toContain(15)

  await page.getByRole('button', { name: 'Make a calendar address' }).click()
  const calendar = await page.getByRole('textbox', { name: 'Calendar address' }).inputValue()
  const answer = await page.request.get(calendar)
  expect(answer.headers()['content-type']).toContain('text/calendar')
  expect(await answer.text()).toContain('BEGIN:VEVENT')
  const again = await page.request.get(calendar, { headers: { 'if-none-match': answer.headers().etag ?? '' } })
  expect(again.status()).toBe(304)
  await page.getByRole('button', { name: 'New address' }).click()
  await page.getByRole('button', { name: 'Make a new one' }).click()
  await expect(page.getByRole('textbox', { name: 'Calendar address' })).not.toHaveValue(calendar)
  expect((await page.request.get(calendar)).status()).toBe(404)

  await page.getByRole('switch', { name: 'By mail' }).click()
  await expect(page.getByRole('switch', { name: 'By mail' })).toBeChecked()
  for (const width of [390, 1280, 1920]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : Math.round((width * 9) / 16) })
    await page.waitForTimeout(300)
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0)
    await expectAccessible(page)
    await page.screenshot({ path: `tests/output/screens/reminders-list-${width}.png`, fullPage: true })
  }
  await page.getByRole('switch', { name: 'By mail' }).click()
  await list.getByRole('button', { name: 'Remove the reminder for briefing' }).click()
  await expect(list.getByText('“briefing”')).toHaveCount(0)
  await page.context().close()
})
