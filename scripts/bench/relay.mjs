// One channel to many viewers, against nginx passing the same stream on to the same viewers. Bytes for each second of processor.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureProgram } from '../steps.mjs'
import { cpuSeconds, ORIGIN_PORT, runViewers, startStreamWorld } from './stream-world.mjs'
import { PORT, residentMb, sleep, until } from './world.mjs'

const KILOBITS = 8_000
const SECONDS = 20
const WARM_UP_SECONDS = 60
/** A channel begins with reading whatever comes at once, because somebody waits for its first picture. */
const SETTLE_SECONDS = 12
/**
 * Turns that both take with so many channels and viewers of each: a collection of ours comes every minute or so, and machines change
 * their speed. Waking up costs more than the bytes, so one channel of few viewers is the dearest that there is.
 */
const TURNS = [
  { channels: 1, each: 10, turns: 4 },
  { channels: 1, each: 100, turns: 2 },
  { channels: 5, each: 10, turns: 3 },
]
const CHANNELS = Math.max(...TURNS.map(({ channels }) => channels))
const WARM_STARTS = 40
const NGINX_PORT = PORT + 7

/** As it comes: its own buffers, 4 and 8 kB each. */
async function startNginx() {
  await ensureProgram('nginx', 'nginx-light')
  const folder = mkdtempSync(join(tmpdir(), 'watchtheflix-nginx-'))
  const config = `daemon off; master_process on; worker_processes 1; pid ${folder}/pid; error_log stderr crit;
events { worker_connections 4096; }
http { access_log off; client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  server { listen 127.0.0.1:${NGINX_PORT}; location / { proxy_pass http://127.0.0.1:${ORIGIN_PORT}; proxy_http_version 1.1; proxy_read_timeout 60s; } } }`
  writeFileSync(join(folder, 'nginx.conf'), config)
  const child = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], { stdio: ['ignore', 'ignore', 'inherit'] })
  await until(() => fetch(`http://127.0.0.1:${NGINX_PORT}/stats`))
  const worker = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')[0])
  const end = async () => {
    const ended = new Promise(done => child.once('exit', done))
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  return { worker, end }
}

/** MB delivered, and CPU seconds of `pid` for it, while `count` viewers are there. */
async function deliver({ pid, port, paths, stats }, count) {
  let cpu = 0
  let upstreams = 0
  let busyMb = 0
  const onCounting = () => {
    cpu = cpuSeconds(pid)
    setTimeout(() => {
      busyMb = residentMb(pid)
    }, SECONDS * 900)
    void stats().then(({ open }) => {
      upstreams = open
    })
  }
  const onCounted = () => {
    cpu = cpuSeconds(pid) - cpu
  }
  const { held, bytes } = await runViewers(
    { port, paths, count, seconds: SECONDS, rate: 100, settle: SETTLE_SECONDS },
    onCounting,
    onCounted,
  )
  return { held, mb: bytes / 1e6, cpu, upstreams, busyMb }
}

const perSecond = turns => {
  const sum = name => turns.reduce((total, turn) => total + turn[name], 0)
  return sum('mb') / sum('cpu')
}

/** Both by turns. Throws when somebody has lost a viewer. */
async function takeTurns({ channels, each, turns }, sides) {
  const count = channels * each
  const taken = sides.map(() => [])
  for (let turn = 0; turn < turns; turn++) {
    for (const [at, side] of sides.entries()) {
      const paths = side.paths.slice(0, channels)
      const seen = await deliver({ ...side, paths }, count)
      if (seen.held !== count) throw new Error(`not all held: ${seen.held} of ${count} at ${paths[0]}`)
      taken[at].push(seen)
      await sleep(1_000)
    }
  }
  return taken
}

/** Somebody watches already while others come, five a second. */
async function startWarm(path) {
  const holding = runViewers({ port: PORT, paths: [path], count: 20, seconds: WARM_STARTS / 5 + 8, rate: 100 })
  // The channel starts anew and its first key frame may be two seconds away.
  await sleep(5_000)
  const { firstMs } = await runViewers({ port: PORT, paths: [path], count: WARM_STARTS, seconds: 0.5, rate: 5 })
  await holding
  return {
    name: 'warm channel: first key frame byte, p95',
    value: firstMs.p95,
    unit: 'ms',
    reference: `p50 ${firstMs.p50.toFixed(1)} ms`,
    ratio: null,
    goal: '< 50 ms',
    ok: firstMs.p95 < 50,
  }
}

export async function measure() {
  const world = await startStreamWorld({ channels: CHANNELS, kilobits: KILOBITS })
  const nginx = await startNginx()
  try {
    const paths = []
    for (let n = 0; n < CHANNELS; n++) paths.push(await world.open(n))
    const rows = []
    // A server that has just started compiles what is called often, and takes the memory that a channel needs, however many watch it.
    await runViewers({ port: PORT, paths, count: 10, seconds: WARM_UP_SECONDS, rate: 100 })
    const sides = [
      { pid: nginx.worker, port: NGINX_PORT, paths: paths.map((_, n) => `/${n}.ts`), stats: world.stats },
      { pid: world.app.pid, port: PORT, paths, stats: world.stats },
    ]
    const memory = []
    for (const turns of TURNS) {
      const [theirs, ours] = await takeTurns(turns, sides)
      const { channels, each } = turns
      const ratio = perSecond(ours) / perSecond(theirs)
      const upstreams = Math.max(...ours.map(turn => turn.upstreams))
      if (channels === 1) memory.push(Math.max(...ours.map(turn => turn.busyMb)))
      rows.push({
        name: `relay: ${channels} x ${each} viewers of ${KILOBITS / 1_000} Mbit/s, per CPU second`,
        value: perSecond(ours),
        unit: 'MB',
        reference: `nginx ${perSecond(theirs).toFixed(0)} MB (${theirs[0].upstreams} upstreams, ours ${upstreams})`,
        ratio,
        goal: '>= 1 x nginx',
        ok: ratio >= 1 && upstreams === channels,
      })
    }
    const [few = 0, many = 0] = memory
    const [{ each: first }, { each: last }] = TURNS.filter(({ channels }) => channels === 1)
    const mbEach = (many - few) / (last - first)
    rows.push({
      name: `relay: memory each, from ${first} viewers to ${last}`,
      value: mbEach,
      unit: 'MB',
      reference: `at most ${few.toFixed(0)} and ${many.toFixed(0)} MB in all`,
      ratio: null,
      goal: '< 1 MB',
      ok: mbEach < 1,
    })
    rows.push(await startWarm(paths[0]))
    return rows
  } finally {
    await nginx.end()
    await world.end()
  }
}
