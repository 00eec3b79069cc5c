// The running part of the demo: the scripted provider, the app, two accounts, one source. Loopback only.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { signIn } from './sign-in.mjs'
import { root, step } from './steps.mjs'

const HOST = '127.0.0.1'
const dataDir = join(root, 'data', 'demo')
const loginsFile = join(dataDir, 'logins.json')
const READY_DEADLINE_MS = 90_000
const IMPORT_DEADLINE_MS = 120_000
const sleep = ms => new Promise(done => setTimeout(done, ms))

mkdirSync(dataDir, { recursive: true, mode: 0o755 })
const children = new Set()
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop(0))

try {
  const providerUrl = await step('Starting the demo provider (the first time it paints its pictures)', startProvider)
  const { address } = await step('Starting WatchTheFlix', () => startApp(providerUrl))
  const logins = await step('Preparing two accounts and a source', () => prepare(address, providerUrl))
  printWelcome(address, logins)
} catch (error) {
  if (!stopping) {
    process.stderr.write(`\n✗ ${error.message}\n`)
    await stop(1)
  }
}

function launch(args, { env, onLine }) {
  // A group of its own: Ctrl-C is handled here, in order.
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  children.add(child)
  child.once('exit', () => children.delete(child))
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
  return child
}

async function startProvider() {
  const port = await freePort(4801)
  const args = ['tests/fakes/provider/main.ts', '--port', String(port), '--media', join(dataDir, 'media')]
  await new Promise((done, fail) => {
    const onLine = line => {
      if (line.startsWith('provider ready')) done()
      else process.stdout.write(`  ${line}\n`)
    }
    launch(args, { env: {}, onLine }).once('exit', code => fail(new Error(`The demo provider ended with code ${code}.`)))
  })
  return `http://${HOST}:${port}`
}

async function startApp(providerUrl) {
  const port = await freePort(Number(process.env.PORT ?? 3000))
  const address = `http://localhost:${port}`
  const env = {
    NODE_ENV: 'production',
    ROLE: 'all',
    HOST,
    PORT: String(port),
    PUBLIC_URL: address,
    DATA_DIR: dataDir,
    DATABASE_URL: '',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
    LOOPBACK_UPSTREAMS: new URL(providerUrl).host,
  }
  const start = () => {
    const child = launch(['server.mjs'], { env, onLine: line => process.env.LOG_LEVEL && process.stdout.write(`  ${line}\n`) })
    child.once('exit', () => {
      if (stopping) return
      process.stdout.write('\nThe app has ended; starting it again.\n')
      setTimeout(start, 1_000)
    })
  }
  start()
  const deadline = Date.now() + READY_DEADLINE_MS
  while (Date.now() < deadline) {
    const answer = await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(3_000) }).catch(() => null)
    if (answer?.ok) return { address }
    await sleep(200)
  }
  throw new Error(
    `The app did not become ready within ${READY_DEADLINE_MS / 1000} s. Start it with LOG_LEVEL=info npm run demo to see why.`,
  )
}

function readLogins() {
  if (existsSync(loginsFile)) return JSON.parse(readFileSync(loginsFile, 'utf8'))
  const login = name => ({ email: `${name}@demo.example`, password: randomBytes(9).toString('base64url') })
  const made = { admin: login('admin'), viewer: login('viewer') }
  writeFileSync(loginsFile, JSON.stringify(made, null, 2), { mode: 0o600 })
  return made
}

async function prepare(address, providerUrl) {
  const logins = readLogins()
  const { needed } = await call(address, 'GET', '/api/setup')
  if (needed) await call(address, 'POST', '/api/setup', { body: { name: 'Demo admin', ...logins.admin } })
  const cookie = await signIn(address, logins.admin)
  await ensureViewer(address, cookie, logins.viewer)
  const providers = await call(address, 'GET', '/api/providers', { cookie })
  const mine = providers.find(provider => provider.name === 'Demo TV')
  // The provider may have another port than last time.
  if (mine && !mine.address.includes(new URL(providerUrl).host))
    await call(address, 'PATCH', `/api/providers/${mine.id}`, { cookie, body: { address: providerUrl } })
  if (!mine) {
    const body = { kind: 'xtream', name: 'Demo TV', address: providerUrl, username: 'normal', password: 'pass', platform: true }
    await call(address, 'POST', '/api/providers', { cookie, body })
  }
  await untilImported(address, cookie)
  return logins
}

async function ensureViewer(address, cookie, login) {
  if (await signIn(address, login).catch(() => null)) return
  const { link } = await call(address, 'POST', '/api/invites', { cookie, body: { note: 'demo viewer' } })
  await call(address, 'POST', '/api/accounts', { body: { name: 'Demo viewer', ...login, invite: link.split('#')[1] } })
}

async function untilImported(address, cookie) {
  const deadline = Date.now() + IMPORT_DEADLINE_MS
  let shown = -1
  while (Date.now() < deadline) {
    const imports = await call(address, 'GET', '/api/imports', { cookie })
    const running = imports.find(one => ['queued', 'running'].includes(one.state))
    if (imports.length > 0 && !running) return
    if (running && running.progress !== shown) {
      shown = running.progress
      process.stdout.write(`  reading the catalogue: ${shown} %\n`)
    }
    await sleep(300)
  }
  throw new Error('The catalogue of the demo provider was not read in time.')
}

async function call(address, method, path, { cookie = '', body } = {}) {
  const headers = { cookie, ...(body ? { 'content-type': 'application/json' } : {}) }
  const answer = await fetch(address + path, {
    method,
    headers,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  })
  const data = answer.status === 204 ? null : await answer.json()
  if (!answer.ok) throw new Error(`${method} ${path}: ${data?.error?.message ?? answer.status}`)
  return data
}

function printWelcome(address, { admin, viewer }) {
  process.stdout.write(`
  WatchTheFlix is ready:  ${address}

    admin    ${admin.email}    ${admin.password}
    viewer   ${viewer.email}   ${viewer.password}

  Ctrl-C stops everything. The next start takes seconds.
`)
}

function freePort(wanted) {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', () =>
      wanted === 0 ? fail(new Error('no free port')) : freePort(wanted < 65_000 ? wanted + 1 : 0).then(done, fail),
    )
    probe.listen(wanted, HOST, () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })
}

async function stop(code) {
  if (stopping) return
  stopping = true
  if (code === 0) process.stdout.write('\nStopping …\n')
  const running = [...children]
  for (const child of running) child.kill('SIGTERM')
  const ended = Promise.all(running.map(child => new Promise(done => child.once('exit', done))))
  await Promise.race([ended, sleep(30_000)])
  for (const child of children) child.kill('SIGKILL')
  process.exit(code)
}
