// The real server, its worker, its database and the scripted provider, each in a process of its own, on an empty folder.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signIn } from '../sign-in.mjs'
import { root } from '../steps.mjs'

/** The first of the ports in use; the provider's is the next one. */
export const PORT = Number(process.env.WORLD_PORT ?? 4273)
export const PROVIDER_PORT = PORT + 1
const READY_DEADLINE_MS = 120_000
export const address = `http://localhost:${PORT}`
export const providerAddress = `http://127.0.0.1:${PROVIDER_PORT}`
export const admin = { name: 'Bench', email: 'bench@example.com', password: 'only for this run' }
export const sleep = ms => new Promise(done => setTimeout(done, ms))

/** Waits until worker and database have cleared up after what was done, two minutes at most: a load and what it meets need both cores. */
export async function untilQuiet() {
  for (let tries = 0; tries < 40; tries++) {
    const before = processorTime()
    await sleep(3_000)
    const now = processorTime()
    if (1 - (now.idle - before.idle) / (now.all - before.all) < 0.1) return
  }
}

/** Jiffies so far of all cores together, idle ones among them. */
function processorTime() {
  const [, ...parts] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].trim().split(/\s+/).map(Number)
  return { idle: parts[3] + parts[4], all: parts.reduce((sum, part) => sum + part, 0) }
}

/** `upstreams` are further hosts on loopback that the server may call. */
export async function startWorld({ upstreams = [], env = {} } = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchtheflix-bench-'))
  const provider = launch(
    ['tests/fakes/provider/main.ts', '--port', String(PROVIDER_PORT), '--media', join(tmpdir(), 'watchtheflix-test-media')],
    {},
  )
  const appEnv = {
    NODE_ENV: 'production',
    ROLE: 'all',
    HOST: '127.0.0.1',
    PORT: String(PORT),
    PUBLIC_URL: address,
    DATA_DIR: dataDir,
    DATABASE_URL: '',
    LOG_LEVEL: 'warn',
    LOOPBACK_UPSTREAMS: [`127.0.0.1:${PROVIDER_PORT}`, ...upstreams].join(),
    ...env,
  }
  const world = { app: launch(['server.mjs'], appEnv), provider, dataDir, cookie: '' }
  /** Starts the server anew on the same folder, after somebody has ended it. */
  world.startAgain = (more = {}) => {
    world.app = launch(['server.mjs'], { ...appEnv, ...more })
  }
  await until(() => fetch(`${providerAddress}/__stats`))
  await until(() => fetch(`${address}/health/ready`))
  await call('POST', '/api/setup', { body: admin })
  world.cookie = await signIn(address, admin)
  world.end = async () => {
    for (const child of [world.app, provider]) {
      const ended = new Promise(done => child.once('exit', done))
      child.kill('SIGTERM')
      await Promise.race([ended, sleep(30_000)])
    }
    rmSync(dataDir, { recursive: true, force: true })
  }
  return world
}

/** Starts one of our own programs; it inherits what this process was told. */
export function launch(args, env) {
  return spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', process.env.BENCH_OUTPUT ? 'inherit' : 'ignore', 'inherit'],
  })
}

export async function until(probe) {
  const deadline = Date.now() + READY_DEADLINE_MS
  while (Date.now() < deadline) {
    if ((await probe().catch(() => null))?.ok) return
    await sleep(150)
  }
  throw new Error('The server for the measurement did not become ready.')
}

export async function call(method, path, { cookie = '', body } = {}) {
  const headers = { cookie, ...(body ? { 'content-type': 'application/json' } : {}) }
  const answer = await fetch(address + path, { method, headers, body: body && JSON.stringify(body) })
  const data = answer.status === 204 ? null : await answer.json()
  if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(data)}`)
  return data
}

/** Adds a source and waits for its import; seconds from the first to the last moment of the import, as the database saw it. */
export async function importSource(cookie, login, more = {}) {
  const began = performance.now()
  const body = { kind: 'xtream', name: login, address: providerAddress, username: login, password: 'pass', ...more }
  const { id } = await call('POST', '/api/providers', { cookie, body })
  for (;;) {
    const one = (await call('GET', '/api/imports', { cookie })).find(({ providerId }) => providerId === id)
    if (one && !['queued', 'running'].includes(one.state))
      return { id, seconds: (performance.now() - began) / 1000, outcome: one }
    await sleep(100)
  }
}

const statusOf = pid => {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}

/** Resident memory in MB of the process with this pid. */
export const residentMb = pid => Number(/VmRSS:\s+(\d+)/.exec(statusOf(pid))?.[1] ?? 0) / 1024

/** The pid of the worker: the child of the app that runs server.mjs. */
export function workerPid(appPid) {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .find(pid => {
      const parent = /PPid:\s+(\d+)/.exec(statusOf(pid))?.[1]
      return parent === String(appPid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('server.mjs')
    })
}

export function percentile(values, fraction) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? 0
}

/**
 * Calls at a fixed rate whatever the answers do (open loop), so that a stall counts for every call it delays.
 * `task(n)` makes one call; returns latencies in ms from the moment each call was due.
 */
export function openLoop(perSecond, task) {
  const latencies = []
  const errors = []
  const pending = new Set()
  let stopped = false
  const began = performance.now()
  const loop = (async () => {
    for (let n = 0; !stopped; n++) {
      const due = began + (n * 1000) / perSecond
      const wait = due - performance.now()
      if (wait > 0) await sleep(wait)
      const one = task(n)
        .then(() => latencies.push(performance.now() - due))
        .catch(error => errors.push(error.message))
        .finally(() => pending.delete(one))
      pending.add(one)
    }
  })()
  return async () => {
    stopped = true
    await loop
    await Promise.all(pending)
    return { latencies, errors }
  }
}
