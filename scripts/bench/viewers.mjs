// Many viewers of slow channels for a minute, and the API beside them. `npm run bench -- viewers --viewers 10000` for more.
import { readFileSync } from 'node:fs'
import { cpuSeconds, runViewers, startStreamWorld } from './stream-world.mjs'
import { call, openLoop, PORT, percentile, residentMb } from './world.mjs'

const KILOBITS = 200
const CHANNELS = 10
const SECONDS = 60
const API_CALLS_PER_SECOND = 50
const API_PATHS = ['/api/items?kind=channel&limit=60', '/api/categories?kind=channel', '/api/home', '/api/me']
const tcpMb = () => (Number(/TCP:.* mem (\d+)/.exec(readFileSync('/proc/net/sockstat', 'utf8'))?.[1] ?? 0) * 4_096) / 1e6

export async function measure({ viewers = 2_000 } = {}) {
  const world = await startStreamWorld({ channels: CHANNELS, kilobits: KILOBITS })
  const { app, cookie } = world
  try {
    const paths = await Promise.all(Array.from({ length: CHANNELS }, (_, n) => world.open(n)))
    // The first call of a route loads its code, which belongs to no viewer.
    for (const path of [...API_PATHS, ...API_PATHS]) await call('GET', path, { cookie })
    const quietMb = residentMb(app.pid)
    let stopApi = null
    let cpu = 0
    const sent = async () => (await world.stats()).sent
    let sentBefore = null
    let sentAfter = null
    let upstreams = 0
    let busyMb = 0
    let tcp = 0
    const begin = () => {
      cpu = cpuSeconds(app.pid)
      sentBefore = sent()
      stopApi = openLoop(API_CALLS_PER_SECOND, n => call('GET', API_PATHS[n % API_PATHS.length], { cookie }))
      setTimeout(() => {
        busyMb = residentMb(app.pid)
        tcp = tcpMb()
        void world.stats().then(({ open }) => {
          upstreams = open
        })
      }, SECONDS * 900)
    }
    let used = 0
    const end = () => {
      used = cpuSeconds(app.pid) - cpu
      sentAfter = sent()
    }
    const seen = await runViewers({ port: PORT, paths, count: viewers, seconds: SECONDS, rate: 200 }, begin, end)
    const api = await stopApi()
    return rowsOf({
      seen,
      viewers,
      used,
      upstreams,
      api,
      expected: ((await sentAfter) - (await sentBefore)) * viewers,
      mbEach: (busyMb - quietMb) / viewers,
      tcp,
    })
  } finally {
    await world.end()
  }
}

function rowsOf({ seen, viewers, used, upstreams, api, expected, mbEach, tcp }) {
  const row = (name, value, unit, more) => ({ name, value, unit, reference: '', ratio: null, goal: '', ok: null, ...more })
  const gapShare = (seen.gaps / viewers) * 100
  const delivered = (seen.bytes / expected) * 100
  const p99 = percentile(api.latencies, 0.99)
  return [
    row(`viewers of ${KILOBITS} kbit/s held for ${SECONDS} s`, seen.held, '', {
      reference: `of ${viewers}`,
      ratio: seen.held / viewers,
      goal: 'all',
      ok: seen.held === viewers,
    }),
    row('viewers with a gap over 1 s', gapShare, '%', {
      reference: `longest (p99.9) ${seen.longestMs.toFixed(0)} ms`,
      goal: '<= 0.1 %',
      ok: gapShare <= 0.1,
    }),
    row('bytes delivered of those expected', delivered, '%', { goal: '>= 99 %', ok: delivered >= 99 }),
    row('upstream connections', upstreams, '', {
      reference: `${CHANNELS} channels`,
      goal: `${CHANNELS}`,
      ok: upstreams === CHANNELS,
    }),
    row('first byte while they arrive, p95', seen.firstMs.p95, 'ms', {
      reference: `p50 ${seen.firstMs.p50.toFixed(0)} ms, p99 ${seen.firstMs.p99.toFixed(0)} ms`,
    }),
    row(`API p99 beside it (${API_CALLS_PER_SECOND}/s)`, p99, 'ms', {
      reference: `p50 ${percentile(api.latencies, 0.5).toFixed(1)} ms, ${api.errors.length} errors`,
      goal: '< 100 ms',
      ok: p99 < 100 && api.errors.length === 0,
    }),
    row('processor of the server', (used / seen.seconds) * 100, '%', {
      reference: `viewers' process ${((seen.cpuSeconds / seen.seconds) * 100).toFixed(0)} %`,
    }),
    row('bytes per CPU second', seen.bytes / 1e6 / used, 'MB', {}),
    row('memory each', mbEach * 1_000, 'kB', { reference: `TCP memory of both ends ${tcp.toFixed(0)} MB` }),
  ]
}
