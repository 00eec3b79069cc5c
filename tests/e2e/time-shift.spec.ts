import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { expectMovingPicture, picture } from './playing'
import { addSource, anna, apiFor, pageFor } from './world'

let api: APIRequestContext
let source = 0
let page: Page
let neighbour: Page

test.beforeAll(async ({ browser }) => {
  api = await apiFor(anna)
  source = await addSource(api, 'formats', 'Going back')
  page = await pageFor(browser, anna)
  neighbour = await pageFor(browser, anna)
})

test.afterAll(async () => {
  await page.close()
  await neighbour.close()
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

const time = async () => (await picture(page)).time

/** Seconds by which a key moves the picture, which has to go on from there. */
async function pressAndSettle(key: string): Promise<number> {
  const before = await time()
  await page.keyboard.press(key)
  const landed = await time()
  await expect.poll(time, { message: `the picture goes on after ${key}`, intervals: [50] }).toBeGreaterThan(landed + 0.5)
  expect((await time()) - landed, 'from where it landed').toBeLessThan(6)
  return landed - before
}

test('a live channel goes back in all that is kept of it, is paused, and is live again', async () => {
  const listed = await (await api.get(`/api/items?kind=channel&limit=60&provider=${source}`)).json()
  const { id } = listed.items.find(({ name }: { name: string }) => name === 'TWO LANGUAGES')
  // Somebody else has watched for a while: what was shown to them is kept for all.
  await neighbour.goto(`/watch/${id}`)
  await expectMovingPicture(neighbour, 14)
  await page.goto(`/watch/${id}`)
  await expectMovingPicture(page, 2)
  const joined = await time()
  expect(await pressAndSettle('j')).toBeCloseTo(-10, 0)
  expect(await pressAndSettle(',')).toBeLessThan(-2)
  await page.keyboard.press(' ')
  const paused = await time()
  await page.waitForTimeout(2_000)
  expect((await time()) - paused).toBeLessThan(1)
  await page.keyboard.press(' ')
  await expectMovingPicture(page, 2)
  await page.keyboard.press('l')
  await expect.poll(time, { intervals: [100] }).toBeGreaterThan(joined + 5)
  const live = await time()
  // At its newest picture a channel waits for the next one while the reserve is thin.
  await expect.poll(time, { intervals: [100] }).toBeGreaterThan(live + 2)
})
