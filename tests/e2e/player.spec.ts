import AxeBuilder from '@axe-core/playwright'
import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { expectMovingPicture, picture, shootAt } from './playing'
import { addSource, admin, anna, apiFor, firstItem, pageFor, providerAddress } from './world'

// The player's own layers: neighbours, keys, captions, the corner, the floating window.
let api: APIRequestContext
let source = 0
let channel: { id: number; name: string }
let movie: { id: number; name: string }
let page: Page
const login = 'normal.player'

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  api = await apiFor(anna)
  source = await addSource(api, login, 'Player TV')
  channel = await firstItem(api, 'channel')
  movie = await firstItem(api, 'movie')
  page = await pageFor(browser, anna)
})

test.afterAll(async () => {
  await page.context().close()
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

const streams = async (): Promise<number> =>
  (await (await fetch(`${providerAddress}/__stats`)).json()).connections[login]?.now ?? 0

const layer = (name: string) => page.getByRole('dialog', { name })
const corner = () => page.getByRole('complementary', { name: 'Playing now' })
const idIn = (url: string) => Number(/\/watch\/(\d+)/.exec(url)?.[1])

async function expectAccessible(selector = '[data-player-layer]'): Promise<void> {
  await page.waitForTimeout(350)
  const { violations } = await new AxeBuilder({ page }).include(selector).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html.slice(0, 160)).join(' | ')}`)).toEqual([])
}

const shoot = (name: string) => shootAt(page, `player-${name}`)

/** The picture goes on, however slowly a busy machine shows it. */
async function expectMoves(where: Page): Promise<void> {
  const { time, frames } = await picture(where)
  await expect.poll(async () => (await picture(where)).time, { timeout: 20_000 }).toBeGreaterThan(time + 0.8)
  // After a change of channel they count from the beginning, and the sound may be first.
  await expect.poll(async () => (await picture(where)).frames, { timeout: 20_000 }).toBeGreaterThan(frames)
}

/** The same element goes on: a new one would not carry the mark. */
const mark = () => page.evaluate(() => document.querySelector('video')?.setAttribute('data-mark', 'kept'))
const isMarked = () => page.evaluate(() => document.querySelector('video')?.getAttribute('data-mark') === 'kept')

test('neighbours over the picture: arrows walk, OK changes, the next in the direction of travel is received already', async () => {
  await page.goto('/channels')
  await page.locator(`a[href="/watch/${channel.id}"]`).first().click()
  await expectMovingPicture(page, 2)
  await mark()
  await page.keyboard.press('Enter')
  const guide = page.getByRole('region', { name: 'Neighbouring channels' })
  const rows = guide.getByRole('listitem')
  await expect(rows).toHaveCount(5)
  await expect(rows.nth(2)).toContainText(channel.name)
  await expect(rows.nth(2).getByRole('button')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(rows.nth(2)).not.toContainText(channel.name)
  await expectAccessible()
  await shoot('mini-guide')
  await page.keyboard.press('Enter')
  await expect(guide).toHaveCount(0)
  await expect.poll(() => idIn(page.url())).not.toBe(channel.id)
  await expectMovingPicture(page, 2)
  expect(await isMarked()).toBe(true)
  const warmed = page.waitForResponse(answer => answer.url().endsWith('/api/playback/prewarm'))
  await page.keyboard.press('PageUp')
  expect(await (await warmed).json()).toMatchObject({ warm: true, session: { live: true } })
  await expect.poll(streams).toBe(2)
  await page.keyboard.press('Escape')
  expect(await page.getByRole('region', { name: 'Neighbouring channels' }).count()).toBe(0)
})

test('the picture goes on in the corner of other pages, returns, and ends with its cross', async () => {
  await expect(page).not.toHaveURL(/\/watch\//)
  await expect(corner()).toBeVisible()
  await expectMoves(page)
  await page.getByRole('link', { name: 'Movies' }).first().click()
  await expect(page).toHaveURL(/\/movies/)
  expect(await isMarked()).toBe(true)
  await expectMoves(page)
  await expectAccessible('[role="complementary"]')
  await shoot('corner')
  await corner()
    .getByRole('button', { name: /^Back to/ })
    .click()
  await expect(page).toHaveURL(/\/watch\//)
  await expect(corner()).toHaveCount(0)
  expect(await isMarked()).toBe(true)
  await page.keyboard.press('Escape')
  await corner().getByRole('button', { name: 'End' }).click()
  await expect(page.locator('video')).toHaveCount(0)
  await expect.poll(streams, { timeout: 20_000 }).toBe(0)
})

test('the last channels are listed while Backspace is held, and one press goes back', async () => {
  await page.goto(`/watch/${channel.id}`)
  await expectMovingPicture(page, 2)
  await page.keyboard.press('PageUp')
  await expect.poll(() => idIn(page.url())).not.toBe(channel.id)
  await page.keyboard.press('Backspace')
  await expect.poll(() => idIn(page.url())).toBe(channel.id)
  await page.keyboard.down('Backspace')
  await expect(layer('Watched last')).toBeVisible()
  await page.keyboard.up('Backspace')
  expect(idIn(page.url())).toBe(channel.id)
  await expect(layer('Watched last').getByRole('listitem').first()).toBeVisible()
  await expectAccessible()
  await shoot('recent')
  await page.keyboard.press('Escape')
})

test('a key is given another meaning, the conflict is said, and it is kept', async () => {
  await page.keyboard.press('s')
  await layer('Settings').getByRole('button', { name: 'Keys' }).click()
  const sheet = layer('Keys')
  await sheet.getByRole('button', { name: /^Mute/ }).click()
  await page.keyboard.press('f')
  await expect(sheet.getByRole('alert')).toContainText('F already means “Full screen”')
  await expectAccessible()
  await sheet.getByRole('button', { name: 'Use it here' }).click()
  await shoot('keys')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await expect(
    layer('Keys')
      .getByRole('term')
      .filter({ hasText: /^Mute$/ })
      .locator('..'),
  ).toContainText('F')
  await expectAccessible()
  await page.reload()
  await expectMovingPicture(page, 2)
  await page.keyboard.press('f')
  expect(await page.evaluate(() => document.querySelector('video')?.muted)).toBe(true)
  await page.keyboard.press('?')
  await page.getByRole('button', { name: 'Change keys' }).click()
  await layer('Keys').getByRole('button', { name: 'Reset all keys' }).click()
  await page.keyboard.press('Escape')
  await page.keyboard.press('m')
  expect(await page.evaluate(() => document.querySelector('video')?.muted)).toBe(false)
})

test('the look of subtitles is chosen before one’s eyes', async () => {
  await page.keyboard.press('s')
  await layer('Settings').getByRole('button', { name: 'Subtitle style' }).click()
  const sheet = layer('Subtitle style')
  await sheet.getByRole('radio', { name: 'Very large' }).click()
  await sheet.getByRole('radio', { name: 'Yellow' }).click()
  const look = () =>
    page.locator('.player-caption-sample').evaluate(sample => {
      const { color, fontSize } = getComputedStyle(sample)
      return { color, size: Number.parseFloat(fontSize) }
    })
  expect(await look()).toEqual({ color: 'rgb(255, 225, 77)', size: expect.closeTo(32.4, 0) })
  await expectAccessible()
  await shoot('captions')
  await page.keyboard.press('Escape')
})

test('the picture moves into a window of its own with controls in it, and back', async () => {
  await mark()
  await page.mouse.move(400, 400)
  const opened = page.context().waitForEvent('page', { timeout: 5_000 })
  await page.getByRole('button', { name: 'Picture in picture' }).click()
  const small = await opened
  await expect(small.getByRole('button', { name: 'Next channel' })).toBeVisible()
  const before = idIn(page.url())
  await small.getByRole('button', { name: 'Next channel' }).click()
  await expect.poll(() => idIn(page.url())).not.toBe(before)
  await expectMoves(small)
  await small.screenshot({ path: 'tests/output/screens/player-window.png' })
  await shoot('away')
  await page.getByRole('button', { name: 'Bring it back' }).click()
  await expect(page.locator('video')).toHaveCount(1)
  expect(await isMarked()).toBe(true)
  await expectMoves(page)
})

test('a film leaves its place when it goes to the corner, and Resume returns to the same picture', async () => {
  await page.goto(`/title/${movie.id}`)
  await page.getByRole('link', { name: 'Play', exact: true }).click()
  await expectMovingPicture(page, 2)
  await page.keyboard.press('5')
  await expect.poll(async () => (await picture(page)).time).toBeGreaterThan(20)
  await page.keyboard.press('Escape')
  await expect(corner()).toBeVisible()
  const at = (await picture(page)).time
  await page.getByRole('link', { name: 'Resume', exact: true }).click()
  await expect(corner()).toHaveCount(0)
  expect((await picture(page)).time).toBeGreaterThanOrEqual(at)
  await expectMoves(page)
})

/** Moves the clock of the page on, as if so much time had passed. */
const passTime = (ms: number) =>
  page.evaluate(ahead => {
    const real = Date.now
    Date.now = () => real() + ahead
  }, ms)

test('the sleep timer takes the sound down, says good night, and frees the connection', async () => {
  await page.goto(`/watch/${channel.id}`)
  await expectMovingPicture(page, 2)
  await page.keyboard.press('s')
  await layer('Settings').getByRole('button', { name: 'Sleep timer' }).click()
  await layer('Sleep timer').getByRole('radio', { name: '15 minutes' }).click()
  await expectAccessible()
  await shoot('sleep')
  await page.keyboard.press('Escape')
  const volume = () => page.evaluate(() => document.querySelector('video')?.volume ?? 0)
  const loud = await volume()
  await passTime(14.8 * 60_000)
  await expect(page.getByRole('status').filter({ hasText: 'Going to sleep' })).toBeVisible()
  await expect.poll(volume).toBeLessThan(loud * 0.8)
  await passTime(0.2 * 60_000)
  const card = page.getByRole('alertdialog', { name: 'Good night' })
  await expect(card.getByRole('button', { name: 'Keep watching' })).toBeFocused()
  await expectAccessible('[data-player-rest]')
  await shoot('good-night')
  await expect.poll(streams, { timeout: 20_000 }).toBe(0)
  await page.keyboard.press('Enter')
  await expect(card).toHaveCount(0)
  await expectMoves(page)
  expect(await volume()).toBe(loud)
})

test('four hours without a key are asked about', async () => {
  await passTime(4 * 3_600_000)
  const card = page.getByRole('alertdialog', { name: 'Still watching?' })
  await expect(card).toBeVisible()
  await card.getByRole('button', { name: 'Yes, go on' }).click()
  await expectMoves(page)
})

test('night mode and the same loudness are switched on while it plays, and the picture goes on', async () => {
  await page.keyboard.press('s')
  await layer('Settings').getByRole('button', { name: 'Sound' }).click()
  for (const name of ['Night mode', 'The same loudness everywhere', 'Stereo'])
    await layer('Sound').getByRole('switch', { name }).click()
  await expectAccessible()
  await shoot('sound')
  await expectMoves(page)
  await page.keyboard.press('Escape')
})

test('a diagnosis names what is in order, and its report carries no address', async () => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.keyboard.press('x')
  await layer('Statistics').getByRole('button', { name: 'Diagnose' }).click()
  const sheet = layer('Diagnosis')
  await expect(sheet.getByText(/Everything is as it should be|This is what we found/)).toBeVisible({ timeout: 40_000 })
  for (const name of ['Our server', 'Opening', 'A free connection', 'The source'])
    await expect(sheet.getByRole('listitem').filter({ hasText: name })).toHaveCount(1)
  // The tests before have moved this device's clock by hours.
  await expect(sheet.getByRole('listitem').filter({ hasText: 'Clock' })).toContainText(
    /clock is about \d+ (hours?|days?) (fast|slow)/,
  )
  await expectAccessible()
  await shoot('diagnosis')
  await sheet.getByRole('button', { name: 'Copy the report' }).click()
  const report = await page.evaluate(() => navigator.clipboard.readText())
  expect(report).toMatch(/ok {2}The source: It sends a picture/)
  expect(report).not.toMatch(/https?:|127\.0|\/stream\//)
  await page.keyboard.press('Escape')
})

test('several channels at once: sound follows the focus, and the layout is kept', async () => {
  const calls: string[] = []
  const noteCall = (method: string, url: string, end: string) => {
    if (/\/api\/playback(\/[^/]+)?$/.test(url) && method !== 'GET') calls.push(`${method} ${end}`)
  }
  page.on('request', request => noteCall(request.method(), request.url(), 'asked'))
  // The page goes on with the head of an answer; `requestfinished` may come after what it asks next.
  page.on('response', response => noteCall(response.request().method(), response.url(), 'answered'))
  await page.keyboard.press('s')
  await layer('Settings').getByRole('button', { name: 'Several channels at once' }).click()
  await expect(page).toHaveURL(/\/multiview/)
  // The player that was in the corner gives its connection back before a tile asks for one.
  await expect.poll(() => calls.slice(0, 3)).toEqual(['DELETE asked', 'DELETE answered', 'POST asked'])
  await page.getByRole('button', { name: 'Choose a channel' }).click()
  const list = page.getByRole('dialog', { name: 'Choose a channel' })
  await list.getByRole('listitem').nth(3).getByRole('button').click()
  const videos = page.locator('video')
  await expect(videos).toHaveCount(2)
  const times = () => videos.evaluateAll(all => all.map(video => (video as HTMLVideoElement).currentTime))
  await expect.poll(async () => (await times()).every(time => time > 1), { timeout: 30_000 }).toBe(true)
  const loud = () => videos.evaluateAll(all => all.map(video => (video as HTMLVideoElement).volume > 0))
  expect(await loud()).toEqual([false, true])
  const tiles = page.getByRole('button', { name: /: whole screen$/ })
  await tiles.first().focus()
  await expect.poll(loud).toEqual([true, false])
  await page.keyboard.press('ArrowRight')
  await expect(tiles.nth(1)).toBeFocused()
  await expect.poll(loud).toEqual([false, true])
  await expectAccessible('main')
  await shoot('multiview')
  await page.reload()
  await expect(videos).toHaveCount(2)
  await expect.poll(async () => (await times()).every(time => time > 1), { timeout: 30_000 }).toBe(true)
  await tiles.first().click()
  await expect(page).toHaveURL(`/watch/${channel.id}`)
  await expectMovingPicture(page, 2)
})

test('what the player told is what the admin sees', async ({ browser }) => {
  // The word that is sent as the page goes.
  await page.goto('/channels')
  const desk = await pageFor(browser, admin)
  const channels = async (): Promise<{ name: string }[]> =>
    (await (await desk.request.get('/api/quality?hours=1&by=channel')).json()).rows
  await expect.poll(async () => (await channels()).map(({ name }) => name)).toContain(channel.name)
  await desk.goto('/admin/quality')
  await expect(desk.getByRole('rowheader', { name: channel.name })).toBeVisible()
  await desk.getByRole('tab', { name: 'Browser' }).click()
  await expect(desk.getByRole('rowheader', { name: 'Chrome' })).toBeVisible()
  const { violations } = await new AxeBuilder({ page: desk }).analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  for (const width of [390, 1280, 1920]) {
    await desk.setViewportSize({ width, height: 800 })
    await desk.screenshot({ path: `tests/output/screens/admin-quality-${width}.png` })
  }
  await desk.context().close()
})
