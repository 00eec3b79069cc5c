import { type BrowserContext, expect, type Locator, type Page, test } from '@playwright/test'
import { expectMovingPicture, picture } from './playing'
import { newDataDir, type Running, removeDataDir, startServer } from './server'
import { ownPort, providerAddress, providerPort } from './world'

// The main journey without mouse or touch, on an empty server. Whatever is pressed must have the focus first.
const person = { name: 'Kay Keys', email: 'kay@example.com', password: 'correct horse battery' }
const login = { username: 'normal.keys', password: 'pass' }
const second = 'normal2.keys'

let app: Running
let context: BrowserContext
let page: Page
const dataDir = newDataDir()

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  app = await startServer({ port: ownPort, dataDir, env: { LOOPBACK_UPSTREAMS: `127.0.0.1:${providerPort}`, LOG_LEVEL: 'warn' } })
  context = await browser.newContext({ baseURL: app.address })
  page = await context.newPage()
})

test.afterAll(async () => {
  await context?.close()
  await app?.end('SIGTERM')
  removeDataDir(dataDir)
})

const isFocused = (target: Locator) => target.evaluateAll(found => found.some(element => element === document.activeElement))

/** Presses one key until this has the focus, as a person would who looks at the outline. */
async function moveTo(key: string, target: Locator, most = 40): Promise<void> {
  await expect(target.first()).toBeVisible()
  for (let pressed = 0; pressed < most; pressed += 1) {
    if (await isFocused(target)) return
    await page.keyboard.press(key)
    await page.waitForTimeout(60)
  }
  const active = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? 'nothing')
  expect(await isFocused(target), `${most} x ${key} ended at ${active}`).toBe(true)
}

async function write(target: Locator, text: string): Promise<void> {
  await moveTo('Tab', target)
  await page.keyboard.press('Control+A')
  await page.keyboard.type(text)
}

async function streams(username: string): Promise<number> {
  const { connections } = await (await fetch(`${providerAddress}/__stats`)).json()
  return connections[username]?.now ?? 0
}

test('set up: the first account and the first source, from field to field', async () => {
  await page.goto('/')
  await expect(page).toHaveURL(/\/setup$/)
  await write(page.getByLabel('Name'), person.name)
  await write(page.getByLabel('Email'), person.email)
  await write(page.getByLabel('Password', { exact: true }), person.password)
  await page.keyboard.press('Enter')
  // The next step begins where one writes.
  await expect(page.getByLabel('Server address')).toBeFocused()
  await page.keyboard.type(providerAddress)
  await write(page.getByLabel('User name'), login.username)
  await write(page.getByLabel('Password', { exact: true }), 'not the password')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/refused the user name or the password|password was refused/i)).toBeVisible()
  await write(page.getByLabel('Password', { exact: true }), login.password)
  await write(page.getByLabel('Name', { exact: true }), 'Demo TV')
  await moveTo('Tab', page.getByRole('button', { name: 'Test and add' }))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('link', { name: 'Go to Home' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/$/)
})

test('the import finishes before one’s eyes', async () => {
  const rail = page.getByRole('navigation', { name: 'Main' })
  await moveTo('ArrowLeft', rail.getByRole('link', { name: 'Home', exact: true }))
  await moveTo('ArrowDown', rail.getByRole('link', { name: 'Sources' }), 12)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/sources$/)
  const card = page.getByRole('article', { name: 'Demo TV' })
  for (const count of [/40/, /123/, /24/]) await expect(card).toContainText(count, { timeout: 30_000 })
  await expect(card.getByRole('button', { name: 'Refresh now' })).toBeVisible()
})

test('a channel is chosen with arrows, plays, and Escape returns to its line', async () => {
  await page.goto('/channels')
  const line = page.getByRole('main').getByRole('link', { name: /Meridian News HD/ })
  await moveTo('ArrowDown', line)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/watch\/\d+/)
  await expectMovingPicture(page, 4)
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/\/channels/)
  await expect(line.first()).toBeFocused()
  // It goes on in the corner, where arrows reach it.
  await expectMovingPicture(page, 2)
  const corner = page.getByRole('complementary', { name: 'Playing now' })
  await moveTo('ArrowRight', corner.getByRole('button', { name: /^Back to/ }), 6)
  await moveTo('ArrowDown', corner.getByRole('button', { name: 'Pause' }), 2)
  await moveTo('ArrowRight', corner.getByRole('button', { name: 'End' }), 2)
  await page.keyboard.press('Enter')
  await expect.poll(() => streams(login.username), { timeout: 20_000 }).toBe(0)
})

test('a movie is found, 5 seeks to the middle, Escape and Resume go on there', async () => {
  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox')).toBeFocused()
  await page.keyboard.type('last lighthuose')
  await moveTo('ArrowDown', page.getByRole('main').getByRole('link', { name: /The Last Lighthouse/ }))
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/title\/\d+/)
  const play = page.getByRole('link', { name: 'Play', exact: true })
  await expect(play).toBeFocused()
  await page.keyboard.press('Enter')
  await expectMovingPicture(page, 2)
  await page.keyboard.press('5')
  const duration = await page.evaluate(() => document.querySelector('video')?.duration ?? 0)
  expect(duration).toBeGreaterThan(30)
  await expect.poll(async () => (await picture(page)).time).toBeGreaterThan(duration * 0.5)
  await expectMovingPicture(page, 2)
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/\/title\/\d+/)
  await expect(page.getByRole('link', { name: 'Resume', exact: true })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await picture(page)).time, { timeout: 20_000 }).toBeGreaterThan(duration * 0.45)
  await expectMovingPicture(page, 2)
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/\/title\/\d+/)
})

test('an episode plays', async () => {
  await page.goto('/shows')
  await moveTo('ArrowDown', page.locator('main a[href^="/title/"]'))
  await page.keyboard.press('Enter')
  const episodes = page.getByRole('region', { name: 'Episodes' }).getByRole('link')
  await expect(episodes.first()).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(episodes.nth(1)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/watch\/\d+/)
  await expectMovingPicture(page, 4)
  await page.keyboard.press('Escape')
  await expect(episodes.nth(1)).toBeFocused()
})

/** A second source that carries the same channels; the channel it was merged into. */
async function mergeChannel(): Promise<number> {
  const api = page.request
  const headers = { origin: app.address }
  const data = { kind: 'xtream', name: 'Second TV', address: providerAddress, username: second, password: 'pass' }
  const added = await api.post('/api/providers', { headers, data })
  expect(added.status(), await added.text()).toBe(201)
  const imports = async () => (await (await api.get('/api/imports')).json()) as { state: string }[]
  await expect.poll(async () => (await imports()).every(one => one.state === 'succeeded'), { timeout: 30_000 }).toBe(true)
  const { items } = await (await api.get('/api/items?kind=channel&text=Meridian%20News')).json()
  const [twin] = await (await api.get(`/api/items/${items[0].id}/twins`)).json()
  expect((await api.post(`/api/items/${items[0].id}/merge`, { headers, data: { itemId: twin.id } })).ok()).toBe(true)
  return items[0].id
}

test('another source of the same channel is chosen in the player', async () => {
  await page.goto(`/watch/${await mergeChannel()}`)
  await expectMovingPicture(page, 2)
  // This key shows the controls and puts the focus on the first of them.
  await page.keyboard.press('o')
  await expect(page.getByRole('button', { name: 'Pause' }).first()).toBeFocused()
  await moveTo('ArrowRight', page.getByRole('button', { name: 'Sources' }))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('radio', { checked: true })).toBeFocused()
  const other = page.getByRole('radio', { checked: false }).first()
  await expect(other).toContainText('Second TV')
  await moveTo('ArrowDown', other, 3)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Sources' })).toBeFocused()
  await expect.poll(() => streams(second), { timeout: 15_000 }).toBe(1)
  // The old picture stays until the new one is there; only then do frames count from the start again.
  await page.waitForTimeout(4_000)
  await expectMovingPicture(page, 4)
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/\/watch\//)
  await page.keyboard.press('Escape')
  await expect(page).not.toHaveURL(/\/watch\//)
})
