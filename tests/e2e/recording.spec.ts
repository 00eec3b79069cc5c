import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { expectPictures } from './playing'
import { recordPage } from './recording'
import { addSource, anna, apiFor, firstItem, pageFor } from './world'

// `npm test -- recording`: a short film of the player in each state, to be looked at, in tests/output/recordings.
let api: APIRequestContext
let source = 0

test.beforeAll(async () => {
  api = await apiFor(anna)
  source = await addSource(api, 'normal.recording', 'Recorded TV')
})

test.afterAll(async () => {
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

const rest = (page: Page, seconds = 1.5) => page.waitForTimeout(seconds * 1_000)

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key)
    await rest(page, 1)
  }
}

async function showChannel(page: Page, id: number): Promise<void> {
  await page.goto('/channels')
  await page.locator(`a[href="/watch/${id}"]`).first().click()
  await expectPictures(page, 2)
  await press(page, 'PageUp', 'PageUp', 'PageDown', 'Backspace')
  await expectPictures(page, 1)
  await press(page, 'Enter', 'ArrowDown', 'ArrowDown', 'Enter')
  await expectPictures(page, 1)
  await press(page, 'i', 'x', 'x')
  for (const key of ['s', '?']) await press(page, key, 'Escape')
  // The picture stands, and goes on.
  await press(page, ' ', ' ')
}

async function showFilm(page: Page, id: number): Promise<void> {
  await page.goto(`/title/${id}`)
  await page
    .getByRole('link', { name: /^(Play|Resume)$/ })
    .first()
    .click()
  await expectPictures(page, 2)
  await press(page, 'Enter', 'ArrowRight', 'ArrowRight', '5', '>', '<')
  await expectPictures(page, 1)
  await press(page, 's', 'Escape')
  // Into the corner, where it goes on.
  await press(page, 'Escape', 'Escape')
  await rest(page, 2)
}

for (const [width, height] of [
  [390, 844],
  [1280, 800],
  [1920, 1080],
] as const)
  test(`the player at ${width} pixels`, async ({ browser }) => {
    test.setTimeout(180_000)
    const page = await pageFor(browser, anna)
    await page.setViewportSize({ width, height })
    await page.goto('/channels')
    const stop = await recordPage(page, `tests/output/recordings/player-${width}.webm`)
    await showChannel(page, (await firstItem(api, 'channel')).id)
    await showFilm(page, (await firstItem(api, 'movie')).id)
    // An address of nothing: whose fault it is, and what to do.
    await page.goto('/watch/999999999')
    await expect(page.getByRole('heading').first()).toBeVisible()
    await rest(page, 2)
    await stop()
    await page.context().close()
  })
