import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { expectMovingPicture, picture } from './playing'
import { addSource, anna, apiFor, pageFor } from './world'

/** The seek bar of a channel appears when there are 30 s to go back in; its memory holds less. */
const PAUSE_MS = 32_000
let api: APIRequestContext
let source = 0
let page: Page

test.beforeAll(async ({ browser }) => {
  api = await apiFor(anna)
  source = await addSource(api, 'formats', 'Going back')
  page = await pageFor(browser, anna)
})

test.afterAll(async () => {
  await page.close()
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

test('a live channel is paused, watched from where it stopped, and live again', async () => {
  test.setTimeout(120_000)
  const listed = await (await api.get(`/api/items?kind=channel&limit=60&provider=${source}`)).json()
  const { id } = listed.items.find(({ name }: { name: string }) => name === 'TWO LANGUAGES')
  await page.goto(`/watch/${id}`)
  await expectMovingPicture(page, 2)
  const began = await picture(page)
  await page.keyboard.press(' ')
  await page.waitForTimeout(PAUSE_MS)
  const paused = await picture(page)
  expect(paused.time - began.time).toBeLessThan(4)
  await page.keyboard.press(' ')
  await expectMovingPicture(page, 2)
  const resumed = await picture(page)
  expect(resumed.time - paused.time).toBeLessThan(10)
  await page.mouse.move(600, 300)
  const bar = page.getByRole('slider', { name: 'Seek' })
  await expect(bar).toBeVisible()
  await page.screenshot({ path: 'tests/output/screens/time-shift-behind.png' })
  await page.keyboard.press('l')
  await expect.poll(async () => (await picture(page)).time - resumed.time, { timeout: 20_000 }).toBeGreaterThan(20)
  await expectMovingPicture(page, 2)
})
