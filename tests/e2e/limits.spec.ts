import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { HOUR } from '@/lib/kernel/time'
import { expectMovingPicture } from './playing'
import { addSource, admin, apiFor, errorCode, firstItem, type Person, pageFor } from './world'

// How long an account may watch, and when a profile goes to bed.
const dora: Person = { name: 'Dora Limits', email: 'dora@example.com', password: 'four candles for dora' }
const capabilities = { video: ['h264'], audio: ['aac', 'mp3'], containers: ['mp4'] }
let api: APIRequestContext
let source = 0
let channel = 0

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  api = await apiFor(dora)
  source = await addSource(api, 'normal', 'Limits TV')
  channel = (await firstItem(api, 'channel')).id
})
test.afterAll(async () => {
  await api.put('/api/profile/bedtime', { data: { bedtime: null, password: dora.password } })
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

/** HH:MM on the wall of this machine, which is the browser's too. */
const wallClock = (at: number) => new Date(at).toTimeString().slice(0, 5)
const play = () => api.post('/api/playback', { data: { itemId: channel, capabilities } })

async function saveEnd(page: Page, day: string): Promise<void> {
  await page.getByRole('button', { name: `Change ${dora.name}` }).click()
  await page.getByLabel('May watch until').fill(day)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

test('an administrator ends the time of an account: what plays stops, and its page says why', async ({ browser }) => {
  const [watching, people] = [await pageFor(browser, dora), await pageFor(browser, admin)]
  await watching.goto(`/watch/${channel}`)
  await expectMovingPicture(watching, 2)
  await people.goto('/admin/people')
  await saveEnd(people, '2024-03-01')
  await expect(watching.getByText('The time of your account is over')).toBeVisible({ timeout: 15_000 })
  await expect(watching.getByText(/was over on .* 2024\. Ask the person/)).toBeVisible()
  expect(await errorCode(await play())).toBe('ACCESS_ENDED')
  await expect(people.getByText('Time was over on')).toBeVisible()
  await saveEnd(people, '')
  expect((await play()).status()).toBe(201)
  for (const page of [watching, people]) await page.context().close()
})

test('an administrator switches an account off and on again, but not their own', async ({ browser }) => {
  const people = await pageFor(browser, admin)
  await people.goto('/admin/people')
  await expect(people.getByRole('listitem').filter({ hasText: admin.email }).getByRole('button')).toHaveCount(0)
  for (const status of [401, 200]) {
    await people.getByRole('button', { name: `Change ${dora.name}` }).click()
    await people.getByRole('switch', { name: 'May sign in' }).click()
    await people.getByRole('button', { name: 'Save' }).click()
    await expect(people.getByRole('dialog')).toHaveCount(0)
    await expect.poll(async () => (await api.get('/api/me')).status()).toBe(status)
  }
  await people.context().close()
})

test('a bedtime set in the settings needs the password of the account, and stops what plays', async ({ browser }) => {
  const page = await pageFor(browser, dora)
  await page.goto('/settings')
  await page.getByRole('switch', { name: 'Bedtime' }).click()
  const [from = '', to = ''] = [-HOUR, HOUR].map(distance => wallClock(Date.now() + distance))
  for (const day of ['Friday', 'Saturday']) await page.getByRole('button', { name: day }).click()
  await page.getByLabel('From', { exact: true }).fill(from)
  await page.getByLabel('Until', { exact: true }).fill(to)
  await page.getByLabel('Password of the account').fill('not the password')
  await page.getByRole('button', { name: 'Save bedtime' }).click()
  await expect(page.getByText('The current password is not right.')).toBeVisible()
  expect((await play()).status()).toBe(201)
  const watching = await pageFor(browser, dora)
  await watching.goto(`/watch/${channel}`)
  await expectMovingPicture(watching, 2)
  await page.getByLabel('Password of the account').fill(dora.password)
  await page.getByRole('button', { name: 'Save bedtime' }).click()
  await expect(page.getByText('The bedtime was saved.').first()).toBeVisible()
  await expect(watching.getByText('It is bedtime', { exact: true })).toBeVisible({ timeout: 15_000 })
  await expect(watching.getByText(`until ${to}`)).toBeVisible()
  expect(await errorCode(await play())).toBe('BEDTIME')
  for (const each of [page, watching]) await each.context().close()
})
