import { expect, test } from '@playwright/test'
import { prepareFormatFilms } from '../fakes/provider/film-files.ts'
import { LONG_FILM } from '../fakes/provider/film-recipes.ts'
import { TEST_MEDIA } from '../test-media'
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

// A film in several qualities on a network that becomes slow and fast again, as qualities.spec has it for a channel.
let world: QualityWorld
let film = 0

test.beforeAll(async ({ browser }) => {
  await prepareFormatFilms(TEST_MEDIA, [LONG_FILM])
  world = await startQualities(browser, 'formats.long', 'Film qualities')
  const { items } = await (await world.api.get(`/api/items?kind=movie&limit=100&provider=${world.source}`)).json()
  film = items.find(({ name }: { name: string }) => name.startsWith(`Format ${LONG_FILM}`)).id
})

test.afterAll(() => world.end())

test('a slow connection gets a film in a lower quality without a stop, and the higher one soon after it is fast', async () => {
  test.setTimeout(150_000)
  const { page } = world
  await page.goto(`/watch/${film}`)
  await expect.poll(async () => (await picture(page)).frames, { timeout: 20_000 }).toBeGreaterThan(5)
  await expect.poll(() => heightOf(page), { timeout: 30_000 }).toBe(360)
  await expect.poll(() => ahead(page), { timeout: 40_000, intervals: [100] }).toBeGreaterThan(6)
  await expectDownAndUp(page, 'film', { down: 50, up: 20 })
})

test('a quality of a film chosen by hand stays; Auto takes the best again', () => expectHandChoiceStays(world.page))

test('hls.js plays the same film, up and down', async () => {
  const { api, page } = world
  await page.goto('/settings')
  const capabilities = { video: ['h264'], audio: ['aac'], containers: ['mp4'] }
  const { url, sessionId, decision } = await (await api.post('/api/playback', { data: { itemId: film, capabilities } })).json()
  expect(decision.mode).toBe('ladder')
  await expectHlsPlays(page, url, [240, 360])
  await api.delete(`/api/playback/${sessionId}`)
})
