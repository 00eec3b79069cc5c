import { readdirSync, readFileSync } from 'node:fs'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.mjs'
import { expectMovingPicture, picture } from './playing'
import { newDataDir, type Running, removeDataDir, startServer } from './server'
import { ownPort, providerAddress, providerPort } from './world'

// The main journey, as a new user walks it, on an empty server. The provider's password is a canary: it occurs nowhere
// else, so finding it anywhere but on the wire to the provider is a leak.
const CANARY = 'k4n4r1env0gel'
const login = { username: `normal.secret-${CANARY}`, password: `pass-${CANARY}` }
const person = { name: 'Ada Admin', email: 'ada@example.com', password: 'correct horse battery' }

let app: Running
let context: BrowserContext
let page: Page
const dataDir = newDataDir()
const received: string[] = []
const complaints: string[] = []

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  app = await startServer({
    port: ownPort,
    dataDir,
    env: { LOOPBACK_UPSTREAMS: `127.0.0.1:${providerPort}`, LOG_LEVEL: 'debug' },
  })
  context = await browser.newContext({ baseURL: app.address })
  page = await context.newPage()
  page.on('response', async response => {
    const kind = response.headers()['content-type'] ?? ''
    const text = /json|html|mpegurl|javascript|text/.test(kind) ? await response.text().catch(() => '') : ''
    received.push(`${response.url()} ${JSON.stringify(response.headers())} ${text}`)
  })
  page.on('console', message => {
    if (message.type() === 'error' && !/404|40[19]|Failed to load resource/.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(error.message))
})

test.afterAll(async () => {
  await context?.close()
  await app?.end('SIGTERM')
  removeDataDir(dataDir)
})

test('set up: the first account, the first source, done', async () => {
  await page.goto('/')
  await expect(page).toHaveURL(/\/setup$/)
  await page.getByLabel('Name').fill(person.name)
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Create the first account' }).click()
  await page
    .getByLabel('Server address')
    .fill(`${providerAddress}/get.php?username=${login.username}&password=${login.password}&type=m3u_plus`)
  await expect(page.getByLabel('User name')).toHaveValue(login.username)
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Test and add' }).click()
  await expect(page.getByText(/refused the user name or the password|password was refused/i)).toBeVisible()
  await page.getByLabel('Password', { exact: true }).fill(login.password)
  await page.getByLabel('Name', { exact: true }).fill('Demo TV')
  await page.getByRole('button', { name: 'Test and add' }).click()
  await expect(page.getByText('Everything is ready')).toBeVisible()
  await page.getByRole('link', { name: 'Go to Home' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
})

test('the import finishes before one’s eyes', async () => {
  await page.goto('/sources')
  const card = page.getByRole('article', { name: 'Demo TV' })
  await expect(card).toContainText(/40/, { timeout: 30_000 })
  await expect(card).toContainText(/123/)
  await expect(card).toContainText(/24/)
  await expect(card.getByRole('button', { name: 'Refresh now' })).toBeVisible()
})

test('sign out and in again', async () => {
  await context.clearCookies()
  // The page that is open may go to the sign-in by itself just now, which cuts this walk short.
  await page.goto('/channels').catch(() => {})
  await expect(page).toHaveURL(/\/sign-in/)
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill('something else')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByText('The address or the password is not right.')).toBeVisible()
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).not.toHaveURL(/\/sign-in/)
})

test('a channel plays: frames and position advance for 10 s', async () => {
  await page.goto('/channels')
  await page
    .getByRole('link', { name: /Meridian News HD/ })
    .first()
    .click()
  await expect(page).toHaveURL(/\/watch\/\d+/)
  await expectMovingPicture(page, 10)
})

test('leaving gives the connection back', async () => {
  await page.keyboard.press('Escape')
  await expect(page).not.toHaveURL(/\/watch\//)
  await page.getByRole('complementary', { name: 'Playing now' }).getByRole('button', { name: 'End' }).click()
  const streams = async () => (await (await fetch(`${providerAddress}/__stats`)).json()).connections[login.username]?.now
  await expect.poll(streams, { timeout: 20_000 }).toBe(0)
})

test('a movie plays, seeks to the middle, and resumes there after leaving', async () => {
  await page.goto('/search')
  await page.getByRole('searchbox').fill('last lighthuose')
  await page
    .getByRole('link', { name: /The Last Lighthouse/ })
    .first()
    .click()
  await expect(page).toHaveURL(/\/title\/\d+/)
  const title = page.url()
  await page
    .getByRole('link', { name: 'Play', exact: true })
    .or(page.getByRole('button', { name: 'Play', exact: true }))
    .first()
    .click()
  await expectMovingPicture(page, 2)
  await page.keyboard.press('5')
  const duration = await page.evaluate(() => document.querySelector('video')?.duration ?? 0)
  expect(duration).toBeGreaterThan(30)
  await expect.poll(async () => (await picture(page)).time).toBeGreaterThan(duration * 0.5)
  await expectMovingPicture(page, 2)
  await page.keyboard.press('Escape')
  await page.goto(title)
  await page
    .getByRole('link', { name: 'Resume', exact: true })
    .or(page.getByRole('button', { name: 'Resume', exact: true }))
    .first()
    .click()
  await expect.poll(async () => (await picture(page)).time, { timeout: 20_000 }).toBeGreaterThan(duration * 0.45)
  await expectMovingPicture(page, 2)
})

test('an episode plays', async () => {
  await page.goto('/shows')
  await page.locator('a[href^="/title/"]').first().click()
  const episodes = page.getByRole('region', { name: 'Episodes' })
  await episodes.getByRole('link').first().click()
  await expect(page).toHaveURL(/\/watch\/\d+/)
  await expectMovingPicture(page, 4)
})

test('a second source of the same channel: merge, switch, the picture goes on', async () => {
  const api = page.request
  const headers = { origin: app.address }
  const second = await api.post('/api/providers', {
    headers,
    data: { kind: 'xtream', name: 'Second TV', address: providerAddress, username: 'normal2', password: 'pass' },
  })
  expect(second.status(), await second.text()).toBe(201)
  await expect
    .poll(
      async () => (await (await api.get('/api/imports')).json()).every((one: { state: string }) => one.state === 'succeeded'),
      { timeout: 30_000 },
    )
    .toBe(true)
  const { items } = await (await api.get('/api/items?kind=channel&text=Meridian%20News')).json()
  const [first] = items
  const twins: { id: number }[] = await (await api.get(`/api/items/${first.id}/twins`)).json()
  expect(twins.length).toBeGreaterThan(0)
  expect((await api.post(`/api/items/${first.id}/merge`, { headers, data: { itemId: twins[0]?.id } })).ok()).toBe(true)
  await page.goto(`/watch/${first.id}`)
  await expectMovingPicture(page, 4)
  await page.mouse.move(400, 400)
  await page.getByRole('button', { name: 'Sources' }).click()
  const other = page.getByRole('radio', { checked: false }).first()
  await expect(other).toContainText('Second TV')
  await other.click()
  await expect
    .poll(async () => (await (await fetch(`${providerAddress}/__stats`)).json()).connections.normal2?.now ?? 0, {
      timeout: 15_000,
    })
    .toBe(1)
  // The old picture stays until the new one is there; only then do frames count from the start again.
  await page.waitForTimeout(4_000)
  await expectMovingPicture(page, 4)
})

test('nothing the browser received contains provider credentials or addresses', () => {
  expect(received.length).toBeGreaterThan(50)
  const leaks = received.filter(text => text.includes(CANARY))
  expect(leaks.map(text => text.slice(0, 200))).toEqual([])
  const addresses = received.filter(
    text => text.includes(`127.0.0.1:${providerPort}`) && !/\/api\/(providers|imports)/.test(text.split(' ')[0] ?? ''),
  )
  expect(addresses.map(text => text.slice(0, 200))).toEqual([])
})

test('no credential is in clear in any table, log line or command line', async () => {
  const { url } = await startEmbeddedPostgres({ dataDir })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  )
  expect(rows.length).toBeGreaterThan(20)
  for (const { name } of rows) {
    const found = await client.query(`SELECT 1 FROM ${name} t WHERE t::text LIKE $1 OR t::text LIKE $2 LIMIT 1`, [
      `%${CANARY}%`,
      `%${person.password}%`,
    ])
    expect(found.rowCount, name).toBe(0)
  }
  await client.end()
  expect(app.output()).not.toContain(CANARY)
  expect(app.output()).not.toContain(person.password)
  const lines = readdirSync('/proc')
    .filter(pid => /^\d+$/.test(pid))
    .map(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      } catch {
        return ''
      }
    })
  expect(lines.filter(line => line.includes(CANARY))).toEqual([])
})

test('the console stayed quiet', () => {
  expect(complaints).toEqual([])
})
