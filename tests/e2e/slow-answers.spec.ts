import { expect, type Page, test } from '@playwright/test'
import { addSource, admin, apiFor, pageFor } from './world'

// A server that takes its time to answer a change of screen. Nothing pressed meanwhile may be lost or undone.
const ANSWER_MS = 700

let page: Page

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  const api = await apiFor(admin)
  await addSource(api, 'normal.slow', 'Slow answers')
  await api.dispose()
  page = await pageFor(browser, admin)
  await page.route('**/*', async route => {
    const headers = route.request().headers()
    if (headers.rsc && !headers['next-router-prefetch']) await new Promise(done => setTimeout(done, ANSWER_MS))
    await route.continue().catch(() => {})
  })
})

test.afterAll(async () => {
  await page?.context().close()
})

const links = (address: string) => page.locator(`main a[href^="${address}"]`)

test('“/” and words pressed as soon as the list is back lead to what they name', async () => {
  await page.goto('/channels')
  await links('/watch/').first().focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/watch\/\d+/)
  await expect(page.locator('video')).toBeAttached()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/\/channels$/)
  await expect(links('/watch/').first()).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('lighthouse')
  await expect(page).toHaveURL(/\/search\?q=lighthouse$/)
  await expect(page.getByRole('searchbox')).toHaveValue('lighthouse')
})

test('a movie chosen right after the last letter of a filter is opened', async () => {
  await page.goto('/movies')
  await expect(links('/title/').first()).toBeVisible()
  const filter = page.getByRole('searchbox', { name: 'Filter movies' })
  await filter.pressSequentially('th')
  await expect(page).toHaveURL(/text=th$/)
  await expect(page.locator('main [aria-busy="false"] a[href^="/title/"]').first()).toBeVisible()
  await page.keyboard.type('e')
  await links('/title/').first().click()
  await expect(page).toHaveURL(/\/title\/\d+/)
})

test('a result chosen right after the last letter of a search is opened', async () => {
  await page.goto('/search')
  await page.keyboard.type('light')
  await expect(links('/title/').first()).toBeVisible()
  await page.keyboard.type('h')
  await links('/title/').first().click()
  await expect(page).toHaveURL(/\/title\/\d+/)
})
