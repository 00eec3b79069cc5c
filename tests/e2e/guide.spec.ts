import AxeBuilder from '@axe-core/playwright'
import { type APIRequestContext, type Browser, expect, type Page, test } from '@playwright/test'
import { expectMovingPicture } from './playing'
import { addSource, anna, apiFor, pageFor, waitForGuide } from './world'

let api: APIRequestContext
let source = 0

test.beforeAll(async () => {
  api = await apiFor(anna)
  source = await addSource(api, 'normal', 'Demo TV')
  await waitForGuide(api)
})

test.afterAll(async () => {
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

async function open(browser: Browser, width = 1280): Promise<Page> {
  const page = await pageFor(browser, anna)
  await page.setViewportSize({ width, height: width === 390 ? 844 : Math.round((width * 9) / 16) })
  await page.goto('/guide')
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  return page
}

const focused = (page: Page) =>
  page.evaluate(() => {
    const { start, stop, title } = (document.activeElement as HTMLElement | null)?.dataset ?? {}
    const row = document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row
    return { row: Number(row), start: Number(start), stop: Number(stop), title: title ?? '' }
  })

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(' | ')}`)).toEqual([])
}

const shoot = (page: Page, name: string) => page.screenshot({ path: `tests/output/screens/guide-${name}.png` })

test('keys travel through rows and times, and OK leads to the picture', async ({ browser }) => {
  const page = await open(browser)
  await expect(page.getByRole('gridcell').first()).toBeVisible()
  await page.getByRole('button', { name: 'Now', exact: true }).focus()
  await page.keyboard.press('ArrowDown')
  await expect(page.locator('[data-active]')).toBeFocused()
  const first = await focused(page)
  expect(first.start).toBeLessThanOrEqual(Date.now())
  expect(first.stop).toBeGreaterThan(Date.now())

  await page.keyboard.press('ArrowRight')
  await expect.poll(async () => (await focused(page)).start).toBe(first.stop)
  const second = await focused(page)
  // Down keeps the time: whatever is on at that moment on the channel below.
  await page.keyboard.press('ArrowDown')
  await expect.poll(async () => (await focused(page)).row).toBe(first.row + 1)
  const below = await focused(page)
  expect(below.start).toBeLessThanOrEqual(second.start)
  expect(below.stop).toBeGreaterThan(second.start)
  await page.keyboard.press('ArrowUp')
  await expect.poll(() => focused(page)).toEqual(second)

  await page.keyboard.press('PageDown')
  await expect.poll(async () => (await focused(page)).row).toBeGreaterThan(first.row + 3)
  await page.keyboard.press('Control+End')
  await expect.poll(async () => (await focused(page)).row).toBe(39)
  await page.keyboard.press('Control+ArrowRight')
  await expect.poll(async () => (await focused(page)).start).toBeGreaterThan(Date.now() + 20 * 3_600_000)
  await page.keyboard.press('Control+Home')
  await expect.poll(() => focused(page)).toEqual(first)

  // After the wheel, arrows go on from what is seen.
  await page.locator('[data-guide-box]').evaluate(box => box.scrollTo({ top: 1_600 }))
  await expect.poll(async () => (await focused(page)).row).toBeGreaterThan(10)
  const { row } = await focused(page)
  await page.keyboard.press('ArrowDown')
  await expect.poll(async () => (await focused(page)).row).toBe(row + 1)
  await page.keyboard.press('Control+Home')
  await expect.poll(() => focused(page)).toEqual(first)

  await expect(page.locator('[data-active]')).toHaveAccessibleName(/^.+, \d{1,2}:\d{2}( [AP]M)? to \d{1,2}:\d{2}( [AP]M)?, .+/)
  await page.keyboard.press('Enter')
  const panel = page.getByRole('dialog', { name: first.title })
  const watch = panel.getByRole('link', { name: 'Watch', exact: true })
  await expect(watch).toBeFocused()
  await expect(panel.getByText(/min left/)).toBeVisible()
  await expectAccessible(page)
  await shoot(page, 'panel-1280')
  await page.keyboard.press('Escape')
  await expect(panel).toHaveCount(0)
  await expect.poll(() => focused(page)).toEqual(first)
  await page.keyboard.press('Enter')
  await expect(watch).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/watch\/\d+/)
  await expectMovingPicture(page, 2)
  await page.context().close()
})

test('days, zoom, density and search: what is chosen stays after a reload', async ({ browser }) => {
  const page = await open(browser)
  const cell = page.locator('[data-active]')
  const height = async () => (await cell.boundingBox())?.height ?? 0
  const before = await height()
  await page.getByRole('button', { name: 'Lower rows' }).click()
  await expect.poll(height).toBeLessThan(before)
  await page.getByRole('button', { name: 'Show more hours' }).click()
  await page.reload()
  await expect(page.getByRole('button', { name: 'Higher rows' })).toBeVisible()
  await expect.poll(height).toBeLessThan(before)
  await page.getByRole('button', { name: 'A day later' }).click()
  await expect(page.getByRole('button', { name: 'Day: Tomorrow' })).toBeVisible()
  await page.getByRole('button', { name: 'Now', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Day: Today' })).toBeVisible()
  await page.getByRole('searchbox', { name: 'Find a channel' }).fill('meridian')
  await expect(page.getByRole('grid')).not.toHaveAttribute('aria-rowcount', '40')
  await expect(page.getByRole('rowheader').first()).toContainText('Meridian')
  await page.getByRole('searchbox', { name: 'Find a channel' }).fill('no such channel')
  await expect(page.getByText('No channels match')).toBeVisible()
  // Whoever is typing goes on typing.
  await expect(page.getByRole('searchbox', { name: 'Find a channel' })).toBeFocused()
  await page.getByRole('searchbox', { name: 'Find a channel' }).fill('')
  await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', '40')
  await page.locator('[data-active]').focus()
  expect((await focused(page)).stop).toBeGreaterThan(Date.now())
  await page.context().close()
})

test('a failing window says so, and the channel can still be watched', async ({ browser }) => {
  const page = await pageFor(browser, anna)
  await page.route('**/api/guide?*', route =>
    route.fulfill({ status: 404, json: { error: { code: 'NOT_FOUND', message: 'Gone.' } } }),
  )
  await page.goto('/guide')
  await expect(page.getByText('Could not be loaded').first()).toBeVisible()
  await page.context().close()
  // A device that has kept nothing: on the other one the list of channels may be there by now.
  const fresh = await pageFor(browser, anna)
  await fresh.route('**/api/guide/channels?*', route =>
    route.fulfill({ status: 404, json: { error: { code: 'NOT_FOUND', message: 'Gone.' } } }),
  )
  await fresh.goto('/guide')
  await expect(fresh.getByRole('button', { name: 'Try again' })).toBeVisible()
  await fresh.context().close()
})

test('a programme is found by its title, mistyped too, and opens', async ({ browser }) => {
  const { ids } = await (await api.get('/api/guide/channels')).json()
  const answer = await api.get(`/api/guide?ids=${ids.slice(0, 30)}&from=${Math.floor(Date.now() / 1_000)}`)
  const { channels } = await answer.json()
  const titles: string[] = channels.flatMap(({ cells }: { cells: [number, number, string][] }) => cells.map(cell => cell[2]))
  const title = titles.find(one => /^[A-Za-z]{7,} [A-Za-z]{4,}$/.test(one)) ?? ''
  const slip = title.replace(/^(...)(.)(.)/, '$1$3$2')
  const found = async () => JSON.stringify(await (await api.get(`/api/search/programmes?q=${title}`)).json())
  await expect.poll(found, { timeout: 60_000 }).toContain(title)
  const page = await open(browser)
  await page.getByLabel('Find a channel').fill(slip)
  await page.getByRole('link', { name: 'Programmes with this' }).click()
  await page.getByRole('button', { name: title }).first().click()
  await expect(page.getByRole('dialog', { name: title })).toBeVisible()
  await page.context().close()
})

test('on a phone: what is on now, a channel’s days, a programme', async ({ browser }) => {
  const page = await open(browser, 390)
  const list = page.getByRole('list', { name: 'On now' })
  await expect(list.getByRole('button').first()).toBeVisible()
  await shoot(page, 'now-390')
  await list.getByRole('button').first().click()
  const days = page.getByRole('dialog').first()
  await expect(days.getByRole('link', { name: 'Watch', exact: true })).toBeVisible()
  await days.getByRole('button', { name: 'Tomorrow' }).click()
  await expect(days.getByRole('listitem').first()).toBeVisible()
  await expectAccessible(page)
  await shoot(page, 'day-390')
  await days.getByRole('listitem').getByRole('button').nth(3).click()
  await expect(page.getByRole('dialog')).toHaveCount(2)
  await expect(page.getByRole('link', { name: /^Watch .* now$/ })).toBeVisible()
  await expectAccessible(page)
  await shoot(page, 'panel-390')
  await page.context().close()
})

for (const width of [1280, 1920])
  test(`the grid at ${width}`, async ({ browser }) => {
    const page = await open(browser, width)
    await expect(page.getByRole('gridcell').first()).toBeVisible()
    await page.waitForTimeout(800)
    await shoot(page, `grid-${width}`)
    for (const theme of ['light', 'contrast']) {
      await page.evaluate(name => document.documentElement.setAttribute('data-theme', name), theme)
      await page.waitForTimeout(200)
      await shoot(page, `grid-${theme}-${width}`)
      // Judging a grid takes seconds: once for each of these colours; the dark ones are judged among all screens.
      if (width === 1280) await expectAccessible(page)
    }
    await page.context().close()
  })
