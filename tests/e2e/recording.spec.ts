import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { expectPictures, picture } from './playing'
import { recordPage } from './recording'
import { addSource, anna, apiFor, firstItem, pageFor, providerAddress, waitForGuide } from './world'

// `npm test -- recording`: a short film of the player in each state, to be looked at, in tests/output/recordings.
let api: APIRequestContext
let source = 0
const login = 'normal.recording'

test.beforeAll(async () => {
  api = await apiFor(anna)
  source = await addSource(api, login, 'Recorded TV')
  await waitForGuide(api)
})

test.afterAll(async () => {
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

const rest = (page: Page, seconds = 1.5) => page.waitForTimeout(seconds * 1_000)

/** A programme of an archive that has been over for a while. */
async function findPast(): Promise<{ id: number; start: number }> {
  const now = Date.now() / 1_000
  const { ids } = await (await api.get('/api/guide/channels')).json()
  const from = Math.floor(now) - 6 * 3_600
  const { channels } = await (await api.get(`/api/guide?ids=${ids.slice(0, 30)}&from=${from}&hours=6`)).json()
  for (const { id, archiveDays, cells } of channels)
    for (const [start, stop] of archiveDays > 0 ? cells : []) if (start > from && stop < now - 1_800) return { id, start }
  throw new Error('nothing in any archive')
}

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

/** Stands for a moment, in the film and as a picture of its own. */
async function shoot(page: Page, state: string): Promise<void> {
  await rest(page)
  await page.screenshot({ path: `tests/output/recordings/${state}-${page.viewportSize()?.width}.png` })
}

/** What plays goes on in the corner while somebody looks around, and comes back. */
async function showCorner(page: Page): Promise<void> {
  const corner = page.getByRole('complementary', { name: 'Playing now' })
  await expect(corner).toBeVisible()
  await page.getByRole('link', { name: 'Movies' }).filter({ visible: true }).first().click()
  await expect(page).toHaveURL(/movies/)
  // Off the side bar, which unfolds under the pointer.
  await page.mouse.move(300, 100)
  await shoot(page, 'corner')
  await corner.getByRole('button', { name: /^Back to/ }).click()
  await expectPictures(page, 1)
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
  await page.goBack()
  await showCorner(page)
}

const order = (orders: object) => fetch(`${providerAddress}/__control`, { method: 'POST', body: JSON.stringify(orders) })

/** The provider goes silent in the middle of the picture, and speaks again. */
async function showWaiting(page: Page, id: number): Promise<void> {
  await page.goto(`/watch/${id}`)
  await expectPictures(page, 2)
  await order({ fault: 'silent', login, dropStreams: true })
  try {
    await expect(page.getByRole('status').filter({ hasText: /Waiting for the picture|Trying again/ })).toBeVisible({
      timeout: 40_000,
    })
    await shoot(page, 'waiting')
  } finally {
    await order({ fault: null })
  }
  const { frames } = await picture(page)
  await expect.poll(async () => (await picture(page)).frames, { timeout: 30_000 }).toBeGreaterThan(frames + 20)
}

async function showDiagnosis(page: Page): Promise<void> {
  await page.keyboard.press('x')
  await page.getByRole('dialog', { name: 'Statistics' }).getByRole('button', { name: 'Diagnose' }).click()
  const sheet = page.getByRole('dialog', { name: 'Diagnosis' })
  await rest(page)
  await expect(sheet.getByText(/Everything is as it should be|This is what we found/)).toBeVisible({ timeout: 40_000 })
  await shoot(page, 'diagnosis')
  await press(page, 'Escape', 'Escape')
}

async function showReplay(page: Page, { id, start }: { id: number; start: number }): Promise<void> {
  await page.goto(`/watch/${id}?from=${new Date(start * 1_000).toISOString()}`)
  await expectPictures(page, 2)
  await press(page, 'Enter', '5')
  await expectPictures(page, 1)
  await page.mouse.move(200, 200)
  await shoot(page, 'replay')
  await press(page, 'l')
  await expectPictures(page, 1)
}

async function showNextEpisode(page: Page, id: number): Promise<void> {
  const { seasons } = await (await api.get(`/api/items/${id}`)).json()
  const [first, second] = seasons[0].episodes
  await page.goto(`/watch/${first.id}`)
  await expectPictures(page, 2)
  await page.keyboard.press('9')
  const card = page.getByRole('region', { name: 'What comes next' })
  await expect(card).toContainText(/in \d s/, { timeout: 30_000 })
  await shoot(page, 'next-episode')
  await expect(page).toHaveURL(`/watch/${second.id}`, { timeout: 15_000 })
  await expectPictures(page, 1)
}

async function showSeveral(page: Page): Promise<void> {
  await page.keyboard.press('s')
  await page.getByRole('dialog', { name: 'Settings' }).getByRole('button', { name: 'Several channels at once' }).click()
  const list = page.getByRole('dialog', { name: 'Choose a channel' })
  for (const at of [3, 4]) {
    await page
      .getByRole('button', { name: /Choose a channel|Add a channel/ })
      .first()
      .click()
    await rest(page, 1)
    if (at === 4) await shoot(page, 'several-choice')
    await list.getByRole('listitem').nth(at).getByRole('button').click()
  }
  const times = () => page.locator('video').evaluateAll(all => all.map(video => (video as HTMLVideoElement).currentTime))
  await expect.poll(async () => (await times()).filter(time => time > 1).length, { timeout: 40_000 }).toBe(3)
  await shoot(page, 'several')
}

async function showQuestion(page: Page, id: number): Promise<void> {
  await page.goto(`/watch/${id}`)
  await expectPictures(page, 2)
  await page.evaluate(() => {
    const real = Date.now
    Date.now = () => real() + 4 * 3_600_000
  })
  const card = page.getByRole('alertdialog', { name: 'Still watching?' })
  await expect(card).toBeVisible()
  await shoot(page, 'still-watching')
  await card.getByRole('button', { name: 'Yes, go on' }).click()
  await expectPictures(page, 1)
}

for (const [width, height] of [
  [390, 844],
  [1280, 800],
  [1920, 1080],
] as const)
  test(`the player at ${width} pixels`, async ({ browser }) => {
    test.setTimeout(420_000)
    const page = await pageFor(browser, anna)
    await page.setViewportSize({ width, height })
    await page.goto('/channels')
    const stop = await recordPage(page, `tests/output/recordings/player-${width}.webm`)
    const channel = await firstItem(api, 'channel')
    await showChannel(page, channel.id)
    await showFilm(page, (await firstItem(api, 'movie')).id)
    await showWaiting(page, channel.id)
    await showDiagnosis(page)
    await showReplay(page, await findPast())
    await showNextEpisode(page, (await firstItem(api, 'series')).id)
    await showQuestion(page, channel.id)
    await showSeveral(page)
    // An address of nothing: whose fault it is, and what to do.
    await page.goto('/watch/999999999')
    await expect(page.getByRole('heading').first()).toBeVisible()
    await rest(page, 2)
    await stop()
    await page.context().close()
  })
