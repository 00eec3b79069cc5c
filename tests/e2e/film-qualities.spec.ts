import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { makeMovie } from '../fakes/provider/catalogue-normal.ts'
import { changeConversion } from './conversion-settings'
import { picture } from './playing'
import { ahead, countStalls, expectHlsPlays, FAST_BITS, heightOf, SLOW_BITS, stalls, throttleOf } from './quality-checks'
import { addSource, admin, anna, apiFor, pageFor } from './world'

// A film in several qualities on a network that becomes slow, as qualities.spec has it for a channel.
const qualities = [
  { height: 360, kilobits: 1_300 },
  { height: 240, kilobits: 250 },
]
let api: APIRequestContext
let chief: APIRequestContext
let source = 0
let film = 0
let page: Page
let putBack = async () => {}

test.beforeAll(async ({ browser }) => {
  api = await apiFor(anna)
  chief = await apiFor(admin)
  source = await addSource(api, 'normal.qualities', 'Film qualities')
  film = await longestFilm()
  page = await pageFor(browser, anna)
  putBack = await changeConversion(chief, { ladder: 'always', qualities })
})

test.afterAll(async () => {
  await putBack()
  await page.close()
  await api.delete(`/api/providers/${source}`)
  await Promise.all([api.dispose(), chief.dispose()])
})

const capabilities = { video: ['h264'], audio: ['aac'], containers: ['mp4'] }

/** The longest there is: what was in hand before is shown first. */
async function longestFilm(): Promise<number> {
  const { items } = await (await api.get(`/api/items?kind=movie&limit=30&provider=${source}`)).json()
  const wanted = items.find(({ name }: { name: string }) => makeMovie(0, name, 'Drama', 0).file === 'film-1.mp4')
  return wanted.id
}

test('a slow connection gets a film in a lower quality without a stop', async () => {
  test.setTimeout(120_000)
  await page.goto(`/watch/${film}`)
  await expect.poll(async () => (await picture(page)).frames, { timeout: 20_000 }).toBeGreaterThan(5)
  await expect.poll(() => heightOf(page), { timeout: 30_000 }).toBe(360)
  await expect.poll(() => ahead(page), { timeout: 40_000, intervals: [100] }).toBeGreaterThan(6)
  await countStalls(page)
  const throttle = await throttleOf(page)
  const slowedAt = Date.now()
  await throttle(SLOW_BITS)
  await expect.poll(() => heightOf(page), { timeout: 40_000 }).toBe(240)
  process.stdout.write(`MEASURED film: lower quality after ${Math.round((Date.now() - slowedAt) / 1_000)} s\n`)
  const before = await picture(page)
  await page.waitForTimeout(4_000)
  expect((await picture(page)).time - before.time).toBeGreaterThan(2.5)
  expect(await stalls(page)).toBe(0)
  await throttle(FAST_BITS)
})

test('hls.js plays the same film, up and down', async () => {
  await page.goto('/settings')
  const { url, sessionId, decision } = await (await api.post('/api/playback', { data: { itemId: film, capabilities } })).json()
  expect(decision.mode).toBe('ladder')
  await expectHlsPlays(page, url, [240, 360])
  await api.delete(`/api/playback/${sessionId}`)
})
