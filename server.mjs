// One build, several roles (docs/architecture.md). This file starts processes and opens the two doors; everything else is
// compiled by Next and found under one symbol.
import { spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import next from 'next'
import { createClientAddress, createRequestGuard } from './scripts/request-guard.mjs'
import { createStaticFiles } from './scripts/static-files.mjs'
import { workerFlags } from './scripts/worker-flags.mjs'

const HANDLE = Symbol.for('watchtheflix.handle')
const DRAIN_DEADLINE_MS = 20_000
/** Milliseconds in which everybody is told, before connections without a request are closed: the next request may be on its way on one. */
const NOTICE_MS = 1_000
const WORKER_RESTART_MS = 2_000
const WORKER_NICENESS = 15

if (existsSync('.env')) process.loadEnvFile('.env')
process.env.NODE_ENV ??= 'production'
const dev = process.env.NODE_ENV === 'development'
const port = Number(process.env.PORT ?? 3000)
const host = process.env.HOST ?? '0.0.0.0'
process.env.PORT = String(port)
process.env.HOST = host
process.env.PUBLIC_URL ??= `http://localhost:${port}`
process.env.NEXTAUTH_URL = process.env.PUBLIC_URL
const role = process.env.ROLE ?? 'all'

// What streams hold lies outside of V8's heap, but V8 counts it as grown and by itself looks through the whole heap every few seconds:
// most of what it cost to relay one channel (docs/decisions/0042).
const heapFlags = [
  '--heap-growing-percent=100',
  '--external-memory-accounted-in-global-limit',
  '--memory-reducer-delay-ms=600000',
]
if (role !== 'worker') for (const flag of heapFlags) setFlagsFromString(flag)

/** Where Next listens for upgrades, which it is handed there. */
const nextSockets = new EventEmitter()
let database = null
let worker = null
let app = null
let server = null
let stopping = false
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(signal))
// The worker's parent is gone (kill -9): nobody would stop it later.
process.on('disconnect', () => void stop('disconnect'))

try {
  database = await openDatabase()
  worker = role === 'all' && !dev ? keepWorker() : null
  // In development one process plays all roles: two `next dev` cannot share a build folder.
  if (worker) process.env.ROLE = 'serve'
  // Next would listen for upgrades on our server by itself, beside our own listener, from its first request on.
  app = next({ dev, hostname: host, port, httpServer: nextSockets, dir: fileURLToPath(new URL('.', import.meta.url)) })
  await app.prepare()
  if (role !== 'worker') server = await listen()
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error)
  await stop('failure')
}

async function openDatabase() {
  const started = process.env.DATABASE_URL ? null : await startEmbedded()
  if (process.env.SKIP_MIGRATIONS !== '1') {
    const { migrate } = await import('./scripts/migrate.mjs')
    await withPatience(() => migrate(process.env.DATABASE_URL))
  }
  return started
}

async function startEmbedded() {
  const { startEmbeddedPostgres } = await import('./scripts/embedded-postgres.mjs')
  const started = await startEmbeddedPostgres({ dataDir: process.env.DATA_DIR ?? './data' })
  process.env.DATABASE_URL = started.url
  return started
}

/** A database that is away at boot is waited for, not crashed on (reliability.md C12). */
async function withPatience(work) {
  const deadline = Date.now() + 60_000
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const waiting = ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', '57P03'].includes(error.code)
      if (!waiting || Date.now() > deadline) throw error
      console.error('The database does not answer yet; trying again in 2 s.')
      await new Promise(done => setTimeout(done, 2_000))
    }
  }
}

function keepWorker() {
  const state = { child: null, ended: false }
  const start = () => {
    const env = { ...process.env, ROLE: 'worker', SKIP_MIGRATIONS: '1' }
    state.child = spawn(process.execPath, [...workerFlags, fileURLToPath(import.meta.url)], {
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    // Viewers first: background work takes what they leave of the processor.
    if (state.child.pid) setPriority(state.child.pid, WORKER_NICENESS)
    state.child.once('exit', () => {
      if (!state.ended) setTimeout(start, WORKER_RESTART_MS)
    })
  }
  start()
  return state
}

async function listen() {
  const nextDoor = app.getRequestHandler()
  const serveStatic = dev ? () => false : createStaticFiles(process.env.NEXT_DIST_DIR ?? '.next')
  const gateway = () => (dev ? undefined : globalThis[HANDLE]?.gateway)
  const isForApps = pathname => gateway()?.handles(pathname) === true
  const guard = createRequestGuard({ dev, trustedProxies: process.env.TRUSTED_PROXIES ?? '', isForApps })
  const made = createServer(
    { headersTimeout: 10_000, requestTimeout: 120_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 },
    (request, response) => {
      if (stopping) response.setHeader('connection', 'close')
      if (serveStatic(request, response, request.url ?? '')) return
      const pathname = guard(request, response)
      if (pathname === null) return
      if (isForApps(pathname)) gateway().listener(request, response)
      else void nextDoor(request, response)
    },
  )
  made.maxHeadersCount = 100
  made.on('upgrade', createUpgrade())
  await new Promise((done, fail) => made.once('error', fail).listen(port, host, done))
  console.log(`WatchTheFlix listens on ${process.env.PUBLIC_URL}`)
  return made
}

/** Realtime connections; in development also Next's own, which renew pages. */
function createUpgrade() {
  const clientAddress = createClientAddress(process.env.TRUSTED_PROXIES ?? '')
  return (request, socket, head) => {
    const upgrade = globalThis[HANDLE]?.upgrade
    if (dev && request.url?.startsWith('/_next/')) nextSockets.emit('upgrade', request, socket, head)
    else if (upgrade) upgrade(request, socket, head, clientAddress(request))
    else socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n', () => socket.destroy())
  }
}

/** Readiness off, no new connections, requests and streams end within the deadline, then jobs, worker and database. */
async function stop(reason) {
  if (stopping) return
  stopping = true
  const handle = globalThis[HANDLE]
  handle?.drain()
  if (worker) {
    worker.ended = true
    worker.child?.kill('SIGTERM')
  }
  if (server) {
    if (reason === 'SIGTERM') await new Promise(done => setTimeout(done, NOTICE_MS))
    const closed = new Promise(done => server.close(done))
    server.closeIdleConnections()
    await Promise.race([closed, new Promise(done => setTimeout(done, reason === 'SIGTERM' ? DRAIN_DEADLINE_MS : 2_000))])
    server.closeAllConnections()
  }
  await handle?.stop().catch(error => console.error(error.message))
  if (worker?.child && worker.child.exitCode === null) {
    await Promise.race([new Promise(done => worker.child.once('exit', done)), new Promise(done => setTimeout(done, 12_000))])
    worker.child.kill('SIGKILL')
  }
  await database?.stop()
  process.exit(reason === 'failure' ? 1 : 0)
}
