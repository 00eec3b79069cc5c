// The Xtream endpoints against nginx serving the same bytes as files, in the same run, with the same load.
import { execFileSync } from 'node:child_process'
import http from 'node:http'
import { gzipSync } from 'node:zlib'
import pg from 'pg'
import { startEmbeddedPostgres } from '../embedded-postgres.mjs'
import { ensureProgram } from '../steps.mjs'
import { startNginx } from './nginx.mjs'
import { address, call, importSource, PORT, percentile, residentMb, sleep, startWorld, untilQuiet } from './world.mjs'

const CHANNELS = 5_000
const GUIDE_CHANNELS = 2_000
const CONNECTIONS = 32
const SECONDS = 4
/** Turns that both take: a machine changes its speed from minute to minute. */
const TURNS = 5

export async function measure() {
  await ensureProgram('wrk', 'wrk')
  await ensureProgram('nginx', 'nginx')
  const world = await startWorld()
  try {
    const small = await addPlaylist(world.cookie, CHANNELS)
    const guided = await addPlaylist(world.cookie, GUIDE_CHANNELS)
    const huge = await importSource(world.cookie, 'huge')
    // After the worker has found that an uploaded playlist names no guide of its own.
    await writeGuide(world.dataDir, guided)
    const tv = await makeLine(world.cookie, [small])
    const all = await makeLine(world.cookie, [huge.id])
    const week = await makeLine(world.cookie, [guided])
    await untilQuiet()
    return [...(await againstNginx(tv)), ...(await bigLists(all, world.app.pid)), ...(await guideFiles(week, world.app.pid))]
  } finally {
    await world.end()
  }
}

/** Channels with what a list row needs, as an uploaded playlist. */
async function addPlaylist(cookie, count) {
  const entries = Array.from(
    { length: count },
    (_, n) =>
      `#EXTINF:-1 tvg-id="c${n}.bench" tvg-logo="http://127.0.0.1:${PORT + 1}/logo/${n}.png" group-title="Group ${n % 60}",Channel ${n} HD\nhttp://127.0.0.1:${PORT + 1}/live/normal/pass/${n}.ts`,
  )
  const body = {
    kind: 'm3u',
    name: `bench ${count}`, // A guide of its own that never comes: without an address the worker would clear away what is written below.
    guideUrl: `http://127.0.0.1:${PORT + 1}/no-guide.xml`,
    playlistText: `#EXTM3U\n${entries.join('\n')}\n`,
  }
  const { id } = await call('POST', '/api/providers', { cookie, body })
  for (;;) {
    const one = (await call('GET', '/api/imports', { cookie })).find(({ providerId }) => providerId === id)
    if (one && !['queued', 'running'].includes(one.state)) return id
    await sleep(100)
  }
}

/** A week of programmes of an hour for every channel. */
async function writeGuide(dataDir, providerId) {
  const database = await startEmbeddedPostgres({ dataDir })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const source = await client.query(
    `INSERT INTO guide_source (provider_id, name) VALUES ($1, 'bench')
    ON CONFLICT (provider_id) DO UPDATE SET name = 'bench' RETURNING id`,
    [providerId],
  )
  await client.query(
    `INSERT INTO guide_channel (source_id, xmltv_id, names, icon) SELECT $1, 'c' || n || '.bench', ARRAY['Channel ' || n], NULL
     FROM generate_series(0, $2::int - 1) n`,
    [source.rows[0].id, GUIDE_CHANNELS],
  )
  await client.query(
    `INSERT INTO programme (channel_id, start, stop, title, sub_title, description, categories, details)
     SELECT c.id, t, t + interval '1 hour', 'Programme at ' || t::time, 'Part of the day',
       'A short text of the usual length about what happens here, who takes part, and why it may be worth an evening.', ARRAY['Show'], NULL
     FROM guide_channel c, generate_series(date_trunc('day', now()), date_trunc('day', now()) + interval '7 days', interval '1 hour') t
     WHERE c.source_id = $1`,
    [source.rows[0].id],
  )
  await client.query('ANALYZE programme')
  await client.end()
}

async function makeLine(cookie, providerIds) {
  const { line, password } = await call('POST', '/api/lines', { cookie, body: { name: 'bench', providerIds } })
  return `/player_api.php?username=${line.username}&password=${password}`
}

async function againstNginx(path) {
  const list = `${path}&action=get_live_streams`
  const bytes = Buffer.from(await (await fetch(address + list)).arrayBuffer())
  const login = Buffer.from(await (await fetch(address + path)).arrayBuffer())
  if (JSON.parse(bytes).length !== CHANNELS) throw new Error(`The list has ${JSON.parse(bytes).length} channels.`)
  const files = { 'list.json': bytes, 'list.json.gz': gzipSync(bytes, { level: 6 }), 'login.json': login }
  const nginx = await startNginx({ port: PORT + 2, files })
  try {
    const [ours, theirs] = takeTurns(address + list, `${nginx.address}/list.json`)
    const [ourLogin, theirLogin] = takeTurns(address + path, `${nginx.address}/login.json`)
    return [
      row(`get_live_streams, ${CHANNELS} channels, gzip`, ours.perSecond, 'req/s', {
        reference: `nginx: ${theirs.perSecond.toFixed(0)}`,
        ratio: ours.perSecond / theirs.perSecond,
        goal: '>= 0.7 x nginx',
        ok: ours.perSecond >= 0.7 * theirs.perSecond,
      }),
      row(`the same, p99 at ${CONNECTIONS} connections`, ours.p99, 'ms', {
        reference: `nginx: ${theirs.p99.toFixed(1)}`,
        ratio: ours.p99 / theirs.p99,
        goal: '< 10 ms',
        ok: ours.p99 < 10,
      }),
      row('login', ourLogin.perSecond, 'req/s', {
        reference: `nginx: ${theirLogin.perSecond.toFixed(0)}`,
        ratio: ourLogin.perSecond / theirLogin.perSecond,
        goal: '>= 0.5 x nginx',
        ok: ourLogin.perSecond >= 0.5 * theirLogin.perSecond,
      }),
    ]
  } finally {
    await nginx.end()
  }
}

async function bigLists(path, pid) {
  const movies = `${path}&action=get_vod_streams`
  const cold = await timed(movies)
  const before = residentMb(pid)
  const warm = []
  for (let n = 0; n < 20; n++) warm.push((await timed(movies)).firstMs)
  const playlist = path.replace('/player_api.php', '/get.php')
  await timed(playlist)
  const again = await timed(playlist)
  const first = percentile(warm, 0.95)
  return [
    row('get_vod_streams, 150,000: first byte, cached, p95', first, 'ms', { goal: '< 50 ms', ok: first < 50 }),
    row('the same, rendered for the first time', cold.totalMs / 1000, 's', {
      reference: `${(cold.bytes / 2 ** 20).toFixed(1)} MB gzip`,
    }),
    row('get.php of 170,000 entries, cached: first byte', again.firstMs, 'ms', { goal: '< 50 ms', ok: again.firstMs < 50 }),
    row('the same, whole', again.totalMs / 1000, 's', { reference: `${(again.bytes / 2 ** 20).toFixed(1)} MB gzip` }),
    row('memory that these answers added', residentMb(pid) - before, 'MB', {}),
  ]
}

async function guideFiles(path, pid) {
  const guide = path.replace('/player_api.php', '/xmltv.php')
  const playlist = path.replace('/player_api.php', '/get.php')
  const freshList = await timed(playlist)
  const before = residentMb(pid)
  let peak = before
  const sampler = setInterval(() => {
    peak = Math.max(peak, residentMb(pid))
  }, 20)
  const fresh = await timed(guide)
  const xml = await timed(guide)
  const list = await timed(playlist)
  clearInterval(sampler)
  const days = `${GUIDE_CHANNELS} channels x 7 days`
  return [
    row(`xmltv.php, ${days}, never asked before: first byte`, fresh.firstMs, 'ms', { goal: '', ok: null }),
    row('the same, whole', fresh.totalMs / 1000, 's', { goal: '< 2 s', ok: fresh.totalMs < 2_000 }),
    row('xmltv.php as apps meet it: first byte', xml.firstMs, 'ms', { goal: '< 50 ms', ok: xml.firstMs < 50 }),
    row('the same, whole', xml.totalMs / 1000, 's', {
      reference: `${(xml.bytes / 2 ** 20).toFixed(1)} MB gzip`,
      goal: '< 2 s',
      ok: xml.totalMs < 2_000,
    }),
    row('memory it took meanwhile', peak - before, 'MB', { goal: '< 50 MB', ok: peak - before < 50 }),
    row(`get.php, ${GUIDE_CHANNELS} channels, never asked before`, freshList.totalMs / 1000, 's', {
      goal: '< 2 s',
      ok: freshList.totalMs < 2_000,
    }),
    row(`get.php, ${GUIDE_CHANNELS} channels`, list.totalMs / 1000, 's', { goal: '< 2 s', ok: list.totalMs < 2_000 }),
  ]
}

const row = (name, value, unit, { reference = '', ratio = null, goal = '', ok = null }) => ({
  name,
  value,
  unit,
  reference,
  ratio,
  goal,
  ok,
})

/** Both under the same load by turns, after a first one that does not count: the middle of what each has reached. */
function takeTurns(...urls) {
  const taken = urls.map(() => [])
  for (let turn = 0; turn <= TURNS; turn++) {
    for (const [at, url] of urls.entries()) {
      const seen = load(url)
      if (turn > 0) taken[at].push(seen)
    }
  }
  const middle = (turns, name) =>
    percentile(
      turns.map(turn => turn[name]),
      0.5,
    )
  return taken.map(turns => ({ perSecond: middle(turns, 'perSecond'), p99: middle(turns, 'p99') }))
}

function load(url) {
  const args = ['-t1', `-c${CONNECTIONS}`, `-d${SECONDS}s`, '--latency', '-H', 'Accept-Encoding: gzip', url]
  const text = execFileSync('wrk', args, { encoding: 'utf8' })
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(`The load met errors:\n${text}`)
  const [, latency = '0', unit = 'ms'] = /99%\s+([\d.]+)(us|ms|s)/.exec(text) ?? []
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1] ?? 0),
    p99: Number(latency) * { us: 0.001, ms: 1, s: 1000 }[unit],
  }
}

/** One request: ms to the first byte and to the last, and bytes on the wire. */
function timed(path) {
  const began = performance.now()
  return new Promise((done, fail) => {
    http
      .get(address + path, { headers: { 'accept-encoding': 'gzip' } }, response => {
        let firstMs = 0
        let bytes = 0
        response.on('data', part => {
          firstMs ||= performance.now() - began
          bytes += part.length
        })
        response.on('end', () => done({ firstMs, bytes, totalMs: performance.now() - began }))
      })
      .on('error', fail)
  })
}
