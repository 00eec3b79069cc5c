import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, request, test } from '@playwright/test'
import { newDataDir, type Running, removeDataDir, startServer } from './server'

// A server of its own on its own folder: started, stopped and killed as an operator (or the power company) would.
import { ownPort } from './world'

const port = ownPort
const address = `http://localhost:${port}`
let dataDir: string
let app: Running | null = null

test.describe.configure({ mode: 'serial' })
test.beforeAll(() => {
  dataDir = newDataDir()
})
test.afterAll(async () => {
  await app?.end('SIGTERM')
  removeDataDir(dataDir)
})

async function start(): Promise<void> {
  app = await startServer({ port, dataDir })
}

/** Command lines of living processes that have to do with this server. */
function processes(): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return environment.includes(`DATA_DIR=${dataDir}`) || line.includes(dataDir) ? [line] : []
      } catch {
        return []
      }
    })
    .filter(Boolean)
}

const person = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }

test('a first start without users asks to be set up', async ({ page }) => {
  await start()
  await page.goto(address)
  await expect(page).toHaveURL(/\/setup$/)
  const api = await request.newContext({ baseURL: address })
  expect((await api.post('/api/setup', { data: person })).status()).toBe(201)
  expect((await api.post('/api/setup', { data: { ...person, email: 'eve@example.com' } })).status()).toBe(409)
  expect(statSync(join(dataDir, 'secret.keys')).mode & 0o777).toBe(0o600)
})

test('SIGTERM ends everything: exit code 0, no process left, no pid file', async () => {
  expect(await app?.end('SIGTERM')).toBe(0)
  await expect.poll(processes).toEqual([])
  expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false)
})

test('after kill -9 the worker ends by itself, the next start works and the account is still there', async () => {
  await start()
  await app?.end('SIGKILL')
  await expect.poll(() => processes().filter(line => line.includes('server.mjs')), { timeout: 20_000 }).toEqual([])
  await start()
  const api = await request.newContext({ baseURL: address })
  expect(await (await api.get('/api/setup')).json()).toEqual({ needed: false })
})

test('a killed worker is started again', async () => {
  const worker = () => processes().filter(line => line.includes('server.mjs')).length
  expect(worker()).toBe(2)
  const pid = readdirSync('/proc').find(name => {
    try {
      return (
        readFileSync(`/proc/${name}/environ`, 'utf8').includes(`DATA_DIR=${dataDir}`) &&
        readFileSync(`/proc/${name}/environ`, 'utf8').includes('ROLE=worker')
      )
    } catch {
      return false
    }
  })
  process.kill(Number(pid), 'SIGKILL')
  await expect.poll(worker).toBe(1)
  await expect.poll(worker, { timeout: 20_000 }).toBe(2)
})

test('strange requests are refused before they reach anything', async () => {
  expect((await fetch(`${address}/_next/image?url=%2Fx&w=64&q=75`)).status).toBe(404)
  expect((await fetch(`${address}/api/me`, { headers: { 'x-middleware-subrequest': 'middleware' } })).status).toBe(401)
  expect((await fetch(`${address}/api/me`, { headers: { authorization: 'Bearer %E0%A4%A' } })).status).toBe(401)
  expect((await fetch(`${address}/api/me`, { headers: { cookie: 'watchtheflix=not.a.token' } })).status).toBe(401)
  expect(
    (await fetch(`${address}/api/accounts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }))
      .status,
  ).toBe(400)
  expect((await fetch(`${address}/api/accounts`, { method: 'POST', body: 'x'.repeat(100_000) })).status).toBe(413)
  expect((await fetch(`${address}/api/items?kind=movie&kind=series`)).status).toBe(401)
  expect((await fetch(`${address}/health/live`)).status).toBe(200)
})

test('guessing a password is slowed down, and the log names no password', async () => {
  const api = await request.newContext({ baseURL: address })
  const { csrfToken } = await (await api.get('/api/auth/csrf')).json()
  const codes: string[] = []
  for (let n = 0; n < 12; n++) {
    const form = { csrfToken, email: person.email, password: `canary-guess-${n}`, json: 'true' }
    const { url } = await (await api.post('/api/auth/callback/credentials', { form })).json()
    codes.push(new URL(url).searchParams.get('error') ?? '')
  }
  expect(codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'SIGN_IN_REFUSED'))
  expect(codes.at(-1)).toBe('TOO_MANY_REQUESTS')
  expect(app?.output()).not.toContain('canary-guess')
  expect(app?.output()).not.toContain(person.password)
})
