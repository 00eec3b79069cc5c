import { spawn } from 'node:child_process'
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

/** Runs the client of the documents until it has printed these words. */
async function listen(address: string, words: string): Promise<void> {
  const client = spawn(process.execPath, ['docs/examples/realtime-client.mjs', address, person.email, person.password])
  let printed = ''
  for (const stream of [client.stdout, client.stderr]) {
    stream.on('data', part => {
      printed += part
    })
  }
  await expect.poll(() => printed, { timeout: 60_000 }).toContain(words)
  client.kill('SIGTERM')
}

test('the development server wakes its pages, opens the realtime line, and ends without leaving anything', async ({ page }) => {
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
  const line = page
    .waitForEvent('websocket', { predicate: one => one.url().includes('/_next/'), timeout: 120_000 })
    .then(one => one.waitForEvent('framereceived'))
  // Where the test fails before it is waited for, that is not another failure.
  line.catch(() => {})
  await page.goto(`${dev.address}/sign-in`, { timeout: 120_000 })
  await line
  // React has taken the form over.
  await page.waitForFunction(() => Object.keys(document.querySelector('form') ?? {}).some(key => key.startsWith('__react')))
  expect(faults).toEqual([])
  await page.goto('about:blank')
  await listen(dev.address, '"type":"welcome"')

  expect(await dev.end('SIGTERM')).toBe(0)
  await expect.poll(processes, { timeout: 15_000 }).toBe(0)
})
