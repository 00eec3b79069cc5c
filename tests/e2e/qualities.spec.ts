import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { changeConversion } from './conversion-settings'
import { picture } from './playing'
import { ahead, countStalls, expectHlsPlays, FAST_BITS, heightOf, SLOW_BITS, stalls, throttleOf } from './quality-checks'
import { addSource, admin, anna, apiFor, pageFor } from './world'

const qualities = [
  { height: 360, kilobits: 1_300 },
  { height: 240, kilobits: 250 },
]
let api: APIRequestContext
let chief: APIRequestContext
let source = 0
let page: Page
let putBack = async () => {}

test.beforeAll(async ({ browser }) => {
  api = await apiFor(anna)
  chief = await apiFor(admin)
  source = await addSource(api, 'formats', 'Qualities')
  page = await pageFor(browser, anna)
  putBack = await changeConversion(chief, { ladder: 'always', qualities })
})

test.afterAll(async () => {
  await putBack()
  await page.close()
  await api.delete(`/api/providers/${source}`)
  await Promise.all([api.dispose(), chief.dispose()])
})

test('a slow connection gets a lower quality without a stop, and the higher one again when it is fast', async () => {
  test.setTimeout(120_000)
  const listed = await (await api.get(`/api/items?kind=channel&limit=60&provider=${source}`)).json()
  const { id } = listed.items.find(({ name }: { name: string }) => name === 'TWO LANGUAGES')
  await page.goto(`/watch/${id}`)
  await expect.poll(async () => (await picture(page)).frames, { timeout: 20_000 }).toBeGreaterThan(5)
  await expect.poll(() => heightOf(page), { timeout: 30_000 }).toBe(360)
  // The thin reserve of a cold start is over.
  await expect.poll(() => ahead(page), { timeout: 40_000, intervals: [100] }).toBeGreaterThan(3.5)
  expect(await heightOf(page)).toBe(360)
  await countStalls(page)
  const throttle = await throttleOf(page)
  const slowedAt = Date.now()
  await throttle(SLOW_BITS)
  await expect.poll(() => heightOf(page), { timeout: 40_000 }).toBe(240)
  const slowSeconds = Math.round((Date.now() - slowedAt) / 1_000)
  const before = await picture(page)
  await page.waitForTimeout(4_000)
  expect((await picture(page)).time - before.time).toBeGreaterThan(2.5)
  expect(await stalls(page)).toBe(0)
  process.stdout.write(`MEASURED lower quality after ${slowSeconds} s\n`)
  await throttle(FAST_BITS)
  const fastAt = Date.now()
  await expect.poll(() => heightOf(page), { timeout: 40_000 }).toBe(360)
  process.stdout.write(`MEASURED higher quality after ${Math.round((Date.now() - fastAt) / 1_000)} s\n`)
  expect(await stalls(page)).toBe(0)
})

test('a quality chosen by hand is the height of the picture, and stays; Auto takes the best again', async () => {
  const choose = async (name: RegExp) => {
    await page.keyboard.press('s')
    await page.getByRole('radiogroup', { name: 'Quality' }).getByRole('radio', { name }).click()
    await page.keyboard.press('Escape')
  }
  await choose(/^240p/)
  await expect.poll(() => heightOf(page), { timeout: 30_000 }).toBe(240)
  const before = await picture(page)
  await expect.poll(async () => (await picture(page)).time - before.time, { timeout: 20_000 }).toBeGreaterThan(4)
  expect(await heightOf(page)).toBe(240)
  await choose(/^Auto/)
  await expect.poll(() => heightOf(page), { timeout: 40_000 }).toBe(360)
})

test('hls.js plays the same ladder, by its own rules up and down', async () => {
  const listed = await (await api.get(`/api/items?kind=channel&limit=60&provider=${source}`)).json()
  const { id } = listed.items.find(({ name }: { name: string }) => name === 'TWO LANGUAGES')
  const capabilities = { video: ['h264'], audio: ['aac'], containers: ['mp4'] }
  await page.goto('/settings')
  const { url, sessionId } = await (await api.post('/api/playback', { data: { itemId: id, capabilities } })).json()
  await expectHlsPlays(page, url, [240, 360])
  await api.delete(`/api/playback/${sessionId}`)
})

test('the administrator sets qualities', async ({ browser }) => {
  const screen = await pageFor(browser, admin)
  for (const width of [390, 1280, 1920]) {
    await screen.setViewportSize({ width, height: width === 390 ? 844 : Math.round((width * 9) / 16) })
    await screen.goto('/admin/playback')
    await expect(screen.getByRole('button', { name: 'Save' })).toBeVisible()
    await screen.screenshot({ path: `tests/output/screens/playback-settings-${width}.png`, fullPage: true })
  }
  await screen.getByLabel('kbit/s').last().fill('300')
  await screen.getByRole('button', { name: 'Save' }).click()
  await expect(screen.getByText('The settings were saved.')).toBeVisible()
  const { settings } = await (await chief.get('/api/conversion-settings')).json()
  expect(settings.qualities.at(-1)).toEqual({ height: 240, kilobits: 300 })
  await screen.close()
})
