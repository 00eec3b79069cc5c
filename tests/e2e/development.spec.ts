import { readdirSync, readFileSync } from 'node:fs'
import { expect, request, test } from '@playwright/test'
import { newDataDir, type Running, removeDataDir, startDevelopment } from './server'
import { ownPort } from './world'

// `npm run dev`, as somebody who changes the product starts it: on an empty folder, and with a browser.
const person = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }
let dataDir = ''
let dev: Running | null = null

test.beforeAll(() => {
  dataDir = newDataDir()
})
test.afterAll(async () => {
  await dev?.end('SIGTERM')
  removeDataDir(dataDir)
})

/** How many living processes belong to this folder. */
const processes = () =>
  readdirSync('/proc').filter(pid => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`DATA_DIR=${dataDir}`)
    } catch {
      return false
    }
  }).length

test('the development server signs somebody in and opens the realtime line, and ends without leaving anything', async ({
  page,
}) => {
  test.setTimeout(240_000)
  dev = await startDevelopment({ port: ownPort, dataDir })
  const api = await request.newContext({ baseURL: dev.address })
  expect((await api.post('/api/setup', { data: person, timeout: 60_000 })).status()).toBe(201)
  await api.dispose()

  const faults: string[] = []
  page.on('pageerror', error => faults.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error' && /Content Security Policy|WebSocket/i.test(message.text())) faults.push(message.text())
  })
  const lines: Record<'realtime' | 'next', Promise<unknown>> = {
    realtime: page
      .waitForEvent('websocket', { predicate: line => line.url().includes('/realtime'), timeout: 120_000 })
      .then(line => line.waitForEvent('framereceived')),
    next: page
      .waitForEvent('websocket', { predicate: line => line.url().includes('/_next/'), timeout: 120_000 })
      .then(line => line.waitForEvent('framereceived')),
  }
  // Where the test fails before they are waited for, that is not another failure.
  for (const line of Object.values(lines)) line.catch(() => {})
  await page.goto(`${dev.address}/sign-in`, { timeout: 90_000 })
  await lines.next
  const email = page.getByLabel('Email')
  // Typed before the page is awake it would be gone.
  await expect(async () => {
    await email.fill(person.email)
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(email).toBeHidden({ timeout: 20_000 })
  }).toPass({ timeout: 90_000 })
  await expect(page.getByRole('link', { name: 'Channels' }).first()).toBeVisible({ timeout: 90_000 })
  await Promise.all(Object.values(lines))
  expect(faults).toEqual([])
  await page.goto('about:blank')

  expect(await dev.end('SIGTERM')).toBe(0)
  await expect.poll(processes, { timeout: 15_000 }).toBe(0)
})
