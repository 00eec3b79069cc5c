import AxeBuilder from '@axe-core/playwright'
import { type APIRequestContext, type Browser, expect, type Page, test } from '@playwright/test'
import { expectMovingPicture, picture } from './playing'
import { addSource, anna, apiFor, pageFor, providerAddress } from './world'

interface Programme {
  title: string
  start: number
  stop: number
}

interface Channel {
  id: number
  name: string
  archiveDays: number
  cells: Programme[]
}

const MINUTE = 60
let api: APIRequestContext
let source = 0
let channels: Channel[] = []

test.beforeAll(async () => {
  api = await apiFor(anna)
  source = await addSource(api, 'normal', 'Demo TV')
  const { ids } = await (await api.get('/api/guide/channels')).json()
  const from = Math.floor(Date.now() / 1_000) - 6 * 3_600
  const read = async () => {
    const answer = await (await api.get(`/api/guide?ids=${ids.slice(0, 30)}&from=${from}&hours=10`)).json()
    channels = answer.channels.map((one: Omit<Channel, 'cells'> & { cells: [number, number, string][] }) => ({
      ...one,
      cells: one.cells.map(([start, stop, title]) => ({ start, stop, title })),
    }))
    return channels.filter(({ cells }) => cells.length > 4).length
  }
  await expect.poll(read, { timeout: 60_000 }).toBeGreaterThan(10)
})

test.afterAll(async () => {
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

const now = () => Date.now() / 1_000
const iso = (at: number) => new Date(at * 1_000).toISOString()
const shoot = (page: Page, name: string) => page.screenshot({ path: `tests/output/screens/catch-up-${name}.png` })
const archived = () => channels.filter(({ archiveDays }) => archiveDays > 0)

/** A channel with an archive and a programme on it, both of which pass the test. */
function find(isWanted: (programme: Programme, channel: Channel) => boolean): { channel: Channel; programme: Programme } {
  for (const channel of archived()) {
    const programme = channel.cells.find(one => isWanted(one, channel))
    if (programme) return { channel, programme }
  }
  throw new Error('no such programme')
}

async function open(browser: Browser, path: string, width = 1280): Promise<Page> {
  const page = await pageFor(browser, anna)
  await page.setViewportSize({ width, height: width === 390 ? 844 : Math.round((width * 9) / 16) })
  await page.goto(path)
  return page
}

/** The wall clock of the picture, from the time line, in seconds since 1970. */
async function shownClock(page: Page): Promise<number> {
  const time = page.locator('[data-player-controls] time[datetime]').last()
  return Date.parse((await time.getAttribute('datetime')) ?? '') / 1_000
}

/** Starts of the stretches that the provider was asked for. */
async function askedStarts(): Promise<number[]> {
  const stats = await (await fetch(`${providerAddress}/__stats`)).json()
  return stats.archives.filter(({ answer }: { answer: string }) => answer === 'sent').map(({ start }: { start: number }) => start)
}

test('a past programme from the guide: it plays, seeks, and the clock is that of its day', async ({ browser }) => {
  const { channel, programme } = find(
    ({ start, stop }) => stop < now() - 30 * MINUTE && start > now() - 5.5 * 3_600 && stop - start >= 30 * MINUTE,
  )
  const page = await open(browser, '/guide')
  await expect(page.getByRole('gridcell').first()).toBeVisible()
  const row = page.locator(`[data-channel="${channel.id}"]`)
  const cell = row.locator(`[data-start="${programme.start * 1_000}"]`)
  await page.locator('[data-active]').focus()
  // Back through the evening, programme by programme as with a remote, until it is out from under the column of the channels.
  const isClear = async () => {
    const [own, head] = [await cell.boundingBox(), await row.getByRole('rowheader').boundingBox()]
    return own !== null && head !== null && own.x >= head.x + head.width
  }
  await expect
    .poll(
      async () => {
        // What is on its way is waited for: a step through it would be one of hours.
        if ((await page.locator('[data-kind="pending"]').count()) > 0) return false
        if ((await cell.count()) > 0 && (await isClear())) return true
        await page.keyboard.press('ArrowLeft')
        return false
      },
      { timeout: 30_000 },
    )
    .toBe(true)
  await cell.click()
  const panel = page.getByRole('dialog', { name: programme.title })
  const watch = panel.getByRole('link', { name: 'Watch', exact: true })
  await expect(watch).toBeVisible()
  await expect(panel.getByText(/Over/)).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(' | ')}`)).toEqual([])
  await shoot(page, 'panel-1280')
  await watch.click()
  await expect(page).toHaveURL(`/watch/${channel.id}?from=${encodeURIComponent(iso(programme.start))}`)
  await expectMovingPicture(page, 4)
  await page.mouse.move(600, 300)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(programme.title)
  const { time } = await picture(page)
  expect(time).toBeLessThan(30)
  expect(Math.abs((await shownClock(page)) - programme.start - (await picture(page)).time)).toBeLessThan(2)

  // The line knows what is on where.
  const line = page.getByRole('slider', { name: 'Seek' })
  await line.hover()
  await expect(line).toContainText(programme.title)
  await page.mouse.move(600, 300)

  // Five programmes' worth of keys: to the middle, thirty seconds on, ten back.
  await page.keyboard.press('5')
  const middle = (programme.stop - programme.start) / 2
  await expect.poll(async () => (await picture(page)).time).toBeGreaterThan(middle - 1)
  await expectMovingPicture(page, 4)
  const before = (await picture(page)).time
  expect(Math.abs(before - middle)).toBeLessThan(20)
  const minute = programme.start + Math.floor(middle / MINUTE) * MINUTE
  expect((await askedStarts()).filter(start => Math.abs(start - minute) <= MINUTE).length).toBeGreaterThan(0)
  await page.keyboard.press('.')
  await expect.poll(async () => (await picture(page)).time).toBeGreaterThan(before + 25)
  await page.keyboard.press('ArrowLeft')
  await expect.poll(async () => (await picture(page)).time).toBeLessThan(before + 25)
  await expectMovingPicture(page, 2)
  expect(Math.abs((await shownClock(page)) - programme.start - (await picture(page)).time)).toBeLessThan(2)
  for (const width of [390, 1280, 1920]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : Math.round((width * 9) / 16) })
    await page.mouse.move(200 + Math.random() * 50, 200)
    await page.waitForTimeout(300)
    await shoot(page, `player-${width}`)
  }

  // A link with a time goes on where it says after a reload; L is the live picture.
  await page.reload()
  await expectMovingPicture(page, 2)
  expect((await picture(page)).time).toBeLessThan(30)
  await page.keyboard.press('l')
  await expect(page).toHaveURL(`/watch/${channel.id}`)
  await expect(page.getByText('LIVE', { exact: true })).toBeVisible()
  await expectMovingPicture(page, 2)
  await page.context().close()
})

test('the running programme from its start, and back to the live picture', async ({ browser }) => {
  // Right after midnight all programmes of the provider have just begun.
  test.setTimeout(8 * 60_000)
  const isRunning = ({ start, stop }: Programme) => start < now() - 5 * MINUTE && stop > now() + 2 * MINUTE
  await expect.poll(() => archived().some(({ cells }) => cells.some(isRunning)), { timeout: 6 * 60_000 }).toBe(true)
  const { channel, programme } = find(isRunning)
  const page = await open(browser, `/watch/${channel.id}`)
  await expectMovingPicture(page, 2)
  await page.mouse.move(600, 300)
  await page.getByRole('button', { name: 'From the start' }).click()
  await expect(page).toHaveURL(/from=/)
  await expect.poll(async () => (await picture(page)).time, { timeout: 15_000 }).toBeLessThan(20)
  await expectMovingPicture(page, 4)
  await page.mouse.move(620, 320)
  expect(Math.abs((await shownClock(page)) - programme.start - (await picture(page)).time)).toBeLessThan(2)
  // Beyond what is there leads to the newest that is there.
  await page.keyboard.press('9')
  await expect.poll(async () => (await picture(page)).time).toBeGreaterThan(60)
  await expectMovingPicture(page, 2)
  expect(await shownClock(page)).toBeLessThan(now() - 60)
  await page.mouse.move(640, 300)
  await shoot(page, 'running-1280')
  await page.getByRole('button', { name: 'Live', exact: true }).click()
  await expect(page).toHaveURL(`/watch/${channel.id}`)
  await expect(page.getByText('LIVE', { exact: true })).toBeVisible()
  await expectMovingPicture(page, 2)
  await page.context().close()
})

test('the next programme follows by itself', async ({ browser }) => {
  const { channel, programme } = find(({ stop }, { cells }) => {
    const next = cells.find(({ start }) => start === stop)
    return next !== undefined && next.stop < now() - 20 * MINUTE && stop > now() - 5 * 3_600
  })
  const next = channel.cells.find(({ start }) => start === programme.stop) as Programme
  const page = await open(browser, `/watch/${channel.id}?from=${iso(programme.stop - 12)}`)
  await expectMovingPicture(page, 2)
  expect((await picture(page)).time).toBeGreaterThan(programme.stop - programme.start - 40)
  const card = page.getByRole('region', { name: 'What comes next' })
  await expect(card.getByText(next.title)).toBeVisible({ timeout: 30_000 })
  await shoot(page, 'next-1280')
  await expect(page).toHaveURL(`/watch/${channel.id}?from=${encodeURIComponent(iso(next.start))}`, { timeout: 60_000 })
  await expect.poll(async () => (await picture(page)).time, { timeout: 15_000 }).toBeLessThan(20)
  await expectMovingPicture(page, 2)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(next.title)
  await page.context().close()
})

test('what is out of reach says so, and offers the live picture', async ({ browser }) => {
  const { channel } = find(() => true)
  const page = await open(browser, `/watch/${channel.id}?from=${iso(now() - (channel.archiveDays + 2) * 86_400)}`)
  await expect(page.getByRole('heading', { name: 'Not in the archive' })).toBeVisible()
  await shoot(page, 'refused-1280')
  await page.getByRole('button', { name: 'Watch live' }).click()
  await expect(page).toHaveURL(`/watch/${channel.id}`)
  await expectMovingPicture(page, 2)
  await page.context().close()
})

test('on a phone: the days of the archive stand before today, and what is in it is marked', async ({ browser }) => {
  const page = await open(browser, '/guide', 390)
  await page.getByRole('list', { name: 'On now' }).getByRole('button').first().click()
  const days = page.getByRole('dialog').first()
  await days.getByRole('button', { name: 'Yesterday' }).click()
  await expect(days.getByRole('img', { name: 'In the archive' }).first()).toBeVisible()
  await shoot(page, 'day-390')
  await days.getByRole('listitem').getByRole('button').nth(4).click()
  const panel = page.getByRole('dialog').nth(1)
  await expect(panel.getByRole('link', { name: 'Watch', exact: true })).toBeFocused()
  await shoot(page, 'panel-390')
  await page.context().close()
})
