import { expect, test } from '@playwright/test'
import { picture } from './playing'
import {
  ahead,
  expectDownAndUp,
  expectHandChoiceStays,
  expectHlsPlays,
  heightOf,
  type QualityWorld,
  startQualities,
} from './quality-checks'
import { admin, pageFor } from './world'

let world: QualityWorld
let channel = 0

test.beforeAll(async ({ browser }) => {
  world = await startQualities(browser, 'formats', 'Qualities')
  const { items } = await (await world.api.get(`/api/items?kind=channel&limit=60&provider=${world.source}`)).json()
  channel = items.find(({ name }: { name: string }) => name === 'TWO LANGUAGES').id
})

test.afterAll(() => world.end())

test('a slow connection gets a lower quality without a stop, and the higher one again when it is fast', async () => {
  test.setTimeout(120_000)
  const { page } = world
  await page.goto(`/watch/${channel}`)
  await expect.poll(async () => (await picture(page)).frames, { timeout: 20_000 }).toBeGreaterThan(5)
  await expect.poll(() => heightOf(page), { timeout: 30_000 }).toBe(360)
  // The thin reserve of a cold start is over.
  await expect.poll(() => ahead(page), { timeout: 40_000, intervals: [100] }).toBeGreaterThan(3.5)
  expect(await heightOf(page)).toBe(360)
  await expectDownAndUp(page, 'channel', { down: 40, up: 40 })
})

test('a quality chosen by hand is the height of the picture, and stays; Auto takes the best again', () =>
  expectHandChoiceStays(world.page))

test('hls.js plays the same ladder, by its own rules up and down', async () => {
  const { api, page } = world
  const capabilities = { video: ['h264'], audio: ['aac'], containers: ['mp4'] }
  await page.goto('/settings')
  const { url, sessionId } = await (await api.post('/api/playback', { data: { itemId: channel, capabilities } })).json()
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
  const { settings } = await (await world.chief.get('/api/conversion-settings')).json()
  expect(settings.qualities.at(-1)).toEqual({ height: 240, kilobits: 300 })
  await screen.close()
})
