import AxeBuilder from '@axe-core/playwright'
import { type APIRequestContext, type Browser, expect, type Page, test } from '@playwright/test'
import { addSource, anna, apiFor, pageFor } from './world'

// Every screen at phone, desk and television width: a picture to look at, nothing that scrolls sideways, and axe.
const widths = [390, 1280, 1920]
const publicScreens = ['/sign-in', '/sign-up', '/forgot', '/reset']
const screens = ['/', '/channels', '/movies', '/shows', '/search?q=light', '/sources', '/settings']

let api: APIRequestContext
let movie = 0
let series = 0
let source = 0

test.beforeAll(async () => {
  api = await apiFor(anna)
  source = await addSource(api, 'normal', 'Demo TV')
  const first = async (kind: string) => (await (await api.get(`/api/items?kind=${kind}&limit=1`)).json()).items[0].id
  movie = await first('movie')
  series = await first('series')
  const channel = await first('channel')
  await api.put(`/api/favourites/${channel}`)
  await api.put(`/api/favourites/${movie}`)
})

test.afterAll(async () => {
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

async function look(page: Page, path: string, width: number): Promise<void> {
  await page.setViewportSize({ width, height: width === 390 ? 844 : Math.round((width * 9) / 16) })
  await page.goto(path)
  await page.waitForLoadState('networkidle')
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  await page.waitForTimeout(600)
  const name = path.replace(/[?=]/g, '-').replace(/\//g, '_').replace(/\d+/, 'id')
  await page.screenshot({ path: `tests/output/screens/${name}-${width}.png` })
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(overflow, 'scrolls sideways').toBeLessThanOrEqual(0)
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(' | ')}`)).toEqual([])
}

async function inspect(browser: Browser, path: string, width: number, signedIn: boolean): Promise<void> {
  const page = signedIn ? await pageFor(browser, anna) : await (await browser.newContext()).newPage()
  await look(page, path, width)
  await expectAccessible(page)
  await page.context().close()
}

for (const width of widths) {
  for (const path of publicScreens) test(`${path} at ${width}`, ({ browser }) => inspect(browser, path, width, false))
  for (const path of screens) test(`${path} at ${width}`, ({ browser }) => inspect(browser, path, width, true))
  test(`a movie at ${width}`, ({ browser }) => inspect(browser, `/title/${movie}`, width, true))
  test(`a series at ${width}`, ({ browser }) => inspect(browser, `/title/${series}`, width, true))
}
