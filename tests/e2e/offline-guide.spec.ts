import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { addSource, anna, apiFor, bert, pageFor } from './world'

test.use({ serviceWorkers: 'allow' })

let api: APIRequestContext
let source = 0

test.beforeAll(async () => {
  api = await apiFor(anna)
  source = await addSource(api, 'normal', 'Offline TV')
})

test.afterAll(async () => {
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

/** Cells with a title, which only the server or this device can know. */
const programmes = (page: Page) => page.locator('[role="gridcell"][data-kind="programme"]')

const keptOf = (page: Page) =>
  page.evaluate(async () => {
    const opening = indexedDB.open('watchtheflix-guide')
    const database = await new Promise<IDBDatabase>((done, fail) => {
      opening.onsuccess = () => done(opening.result)
      opening.onerror = () => fail(opening.error)
    })
    const counts: Record<string, number> = {}
    for (const name of database.objectStoreNames) {
      const asked = database.transaction(name).objectStore(name).count()
      counts[name] = await new Promise(done => {
        asked.onsuccess = () => done(asked.result)
      })
    }
    database.close()
    return counts
  })

async function openGuide(page: Page): Promise<void> {
  await page.goto('/guide')
  await expect(programmes(page).first()).toBeVisible({ timeout: 60_000 })
  await page.evaluate(() => navigator.serviceWorker.ready)
  await expect.poll(async () => (await keptOf(page)).windows).toBeGreaterThan(0)
}

async function expectEmpty(page: Page): Promise<void> {
  await expect.poll(() => keptOf(page)).toEqual({ owner: 0, rows: 0, windows: 0 })
}

async function signOut(page: Page): Promise<void> {
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.waitForURL(/sign-in/)
}

test('the guide seen last opens without a network, can be walked, says since when, and goes with the sign-out', async ({
  browser,
}) => {
  const page = await pageFor(browser, anna)
  const context = page.context()
  const problems: string[] = []
  page.on('console', message => {
    if (/Content Security Policy|Hydration|Minified React/.test(message.text())) problems.push(message.text())
  })
  await expect(async () => openGuide(page)).toPass({ timeout: 80_000 })
  const seen = await programmes(page).first().getAttribute('data-title')

  await context.setOffline(true)
  await expect(page.getByText(/^Offline · guide from \d/)).toBeVisible()
  await page.reload()
  await expect(page).toHaveURL(/\/offline#\/guide$/)
  await expect(programmes(page).first()).toBeVisible()
  await expect(page.locator(`[data-title="${seen}"]`).first()).toBeVisible()
  await expect(page.getByText(/^Offline · guide from \d/)).toBeVisible()
  await page.screenshot({ path: 'tests/output/screens/guide-offline.png' })
  await page.locator('[data-active]').focus()
  const row = () => page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row)
  const before = Number(await row())
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect.poll(async () => Number(await row())).toBe(before + 2)
  await page.goto('/movies').catch(() => undefined)
  await expect(page).toHaveURL(/\/offline#\/movies$/)

  await context.setOffline(false)
  await page.waitForURL(url => url.pathname === '/movies')
  await signOut(page)
  await expectEmpty(page)
  await context.setOffline(true)
  await page.goto('/guide').catch(() => undefined)
  await expect(page.getByText('No connection')).toBeVisible()
  expect(problems).toEqual([])
  await context.close()
})

test('what one profile left on a device is gone when another one opens it', async ({ browser }) => {
  const page = await pageFor(browser, anna)
  const context = page.context()
  await openGuide(page)
  // Anna's session has ended elsewhere, and somebody else signs in here.
  const other = await apiFor(bert)
  await context.clearCookies()
  await context.addCookies((await other.storageState()).cookies)
  await other.dispose()
  await page.goto('/settings')
  await expect.poll(async () => (await keptOf(page)).windows).toBe(0)
  await context.setOffline(true)
  await page.goto('/guide').catch(() => undefined)
  await expect(page.getByText('No connection')).toBeVisible()
  await context.close()
})

test('the guide opens with what is kept before the server has answered, then shows what is new', async ({ browser }) => {
  const page = await pageFor(browser, anna)
  await openGuide(page)
  await page.goto('/settings')
  const waiting: (() => void)[] = []
  await page.route(/\/api\/guide(\/channels)?\?/, async route => {
    await new Promise<void>(done => waiting.push(done))
    await route.continue()
  })
  await page.goto('/guide')
  await expect(programmes(page).first()).toBeVisible()
  expect(waiting.length).toBeGreaterThan(0)
  for (const go of waiting) go()
  // The session ends while no page is open: the screen to sign in takes away what is kept here.
  await page.goto('about:blank')
  await page.context().clearCookies()
  await page.goto('/guide')
  await expect(page).toHaveURL(/sign-in/)
  await expectEmpty(page)
  await page.context().close()
})
