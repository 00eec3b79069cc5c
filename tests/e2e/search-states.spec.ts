import AxeBuilder from '@axe-core/playwright'
import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { address, addSource, admin, anna, apiFor, pageFor } from './world'

// What is seen when a search fails or the network is gone, and the settings of guides in the looks that few choose.
const widths = [390, 1280, 1920]
let api: APIRequestContext
let source = 0

test.beforeAll(async () => {
  api = await apiFor(anna)
  source = await addSource(api, 'normal', 'Search TV')
})
test.afterAll(async () => {
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

async function judge(page: Page, name: string): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : Math.round((width * 9) / 16) })
    await page.waitForTimeout(300)
    await page.screenshot({ path: `tests/output/screens/${name}-${width}.png` })
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect(overflow, 'scrolls sideways').toBeLessThanOrEqual(0)
  }
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(' | ')}`)).toEqual([])
}

test('a search that fails says so, and goes on when asked again', async ({ browser }) => {
  const page = await pageFor(browser, anna)
  const problem = { error: { code: 'UNAVAILABLE', message: 'We are not ready yet. Try again in a few seconds.' } }
  await page.route(/\/api\/search/, route => route.fulfill({ status: 503, json: problem }))
  await page.goto('/search?q=light')
  await expect(page.getByRole('button', { name: 'Try again' }).first()).toBeVisible({ timeout: 20_000 })
  await judge(page, 'search-failed')
  await page.unroute(/\/api\/search/)
  // News of a catalogue that changes beside this test may have asked already.
  const button = page.getByRole('button', { name: 'Try again' }).first()
  await button.click({ timeout: 5_000 }).catch(() => {})
  await expect(page.getByRole('heading', { name: 'Movies' })).toBeVisible()
  await page.context().close()
})

test('programmes that cannot be searched leave the titles standing', async ({ browser }) => {
  const page = await pageFor(browser, anna)
  await page.route('**/api/search/programmes**', route => route.fulfill({ status: 503, json: {} }))
  await page.goto('/search?q=light')
  await expect(page.getByRole('heading', { name: 'Movies' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible({ timeout: 20_000 })
  await judge(page, 'search-half')
  await page.context().close()
})

test('without a network a search says that there is none, and goes on by itself when it is back', async ({ browser }) => {
  const page = await pageFor(browser, anna)
  await page.goto('/search')
  await page.context().setOffline(true)
  await page.getByRole('searchbox', { name: 'Search' }).fill('light')
  await expect(page.getByRole('main').getByText('No connection')).toBeVisible({ timeout: 20_000 })
  await judge(page, 'search-offline')
  await page.context().setOffline(false)
  await expect(page.getByRole('heading', { name: 'Movies' })).toBeVisible({ timeout: 20_000 })
  await page.context().close()
})

test('the same where the browser has not noticed that the network is away', async ({ browser }) => {
  const page = await pageFor(browser, anna)
  await page.route(/\/api\/search/, route => route.abort())
  await page.goto('/search?q=light')
  await expect(page.getByRole('main').getByText('No connection')).toBeVisible({ timeout: 20_000 })
  // Asking again in between is nothing to see.
  const blinks = await page.evaluate(async () => {
    let count = 0
    const end = performance.now() + 8_000
    while (performance.now() < end) {
      await new Promise(requestAnimationFrame)
      if (!document.querySelector('main')?.textContent.includes('No connection')) count++
    }
    return count
  })
  expect(blinks, 'frames without the sentence').toBe(0)
  await page.unroute(/\/api\/search/)
  await expect(page.getByRole('heading', { name: 'Movies' })).toBeVisible({ timeout: 20_000 })
  await page.context().close()
})

for (const theme of ['light', 'contrast'])
  test(`the settings of guides in the ${theme} look`, async ({ browser }) => {
    for (const [person, path, name] of [
      [anna, '/sources/guide', 'guide-own'],
      [admin, '/admin/guide', 'guide-admin'],
    ] as const) {
      const page = await pageFor(browser, person)
      await page.context().addCookies([{ name: 'wtf_theme', value: theme, url: address }])
      await page.goto(path)
      await page.waitForLoadState('networkidle')
      await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
      await judge(page, `${name}-${theme}`)
      await page.context().close()
    }
  })
