// Faults of viewers: who reads nothing, who leaves in thousands, who comes in thousands.
import { readFileSync } from 'node:fs'
import { PORT, percentile, sleep } from '../bench/world.mjs'
import { seconds, startViewer, waitFor } from './viewer.mjs'

/** Pages of kernel memory that TCP uses now, and the limit. */
const tcpPages = () => Number(/TCP:.* mem (\d+)/.exec(readFileSync('/proc/net/sockstat', 'utf8'))?.[1] ?? 0)
const tcpLimit = () => Number(readFileSync('/proc/sys/net/ipv4/tcp_mem', 'utf8').trim().split(/\s+/)[2])

async function openChannel(world, n) {
  const [channel] = await world.channels(1, n)
  const view = await world.open({ itemId: channel.id, sourceId: channel.sources[0] })
  return `${view.folder}/live.ts`
}

async function watchers(path, count) {
  const viewers = Array.from({ length: count }, () => startViewer(path))
  await waitFor(() => viewers.every(viewer => viewer.firstByteAt !== null), 60_000)
  return viewers
}

const hexPort = port => port.toString(16).toUpperCase().padStart(4, '0')

/** Open connections as the kernel sees them: by port of the client, on the server's side and (with what waits) on its own. */
function readConnections() {
  const rows = ['tcp', 'tcp6'].map(name => readFileSync(`/proc/net/${name}`, 'latin1')).join('\n')
  const find = pattern => [...rows.matchAll(new RegExp(pattern, 'g'))]
  const server = find(`: [0-9A-F]+:${hexPort(PORT)} [0-9A-F]+:([0-9A-F]{4}) 01 `).map(([, port]) => Number.parseInt(port, 16))
  const client = find(`: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:${hexPort(PORT)} 01 [0-9A-F]{8}:([0-9A-F]{8})`)
  const received = client.map(([, port, waiting]) => [Number.parseInt(port, 16), Number.parseInt(waiting, 16)])
  return { server: new Set(server), received: new Map(received) }
}

/** Viewers that stop reading. They would learn of their eviction only by reading on, so the kernel is asked. */
async function evictionOf(stuck) {
  const began = performance.now()
  const states = stuck.map(viewer => ({ port: viewer.socket.localPort, bytes: 0, progressAt: began, silent: null }))
  for (const viewer of stuck) viewer.socket.pause()
  let peak = 0
  while (states.some(({ silent }) => silent === null) && performance.now() - began < 60_000) {
    peak = Math.max(peak, tcpPages())
    const { server, received } = readConnections()
    const now = performance.now()
    for (const state of states) {
      const bytes = received.get(state.port) ?? 0
      if (bytes > state.bytes) Object.assign(state, { bytes, progressAt: now })
      if (!server.has(state.port)) state.silent ??= now - state.progressAt
    }
    await sleep(200)
  }
  const silent = Math.max(...states.map(state => state.silent ?? Number.POSITIVE_INFINITY))
  const evicted = states.filter(state => state.silent !== null).length
  return { took: performance.now() - began, silent, peak, evicted }
}

const slowReader = {
  promise: 'a viewer that takes nothing: gone within 10 s, 50 others notice nothing',
  inject: async world => {
    const path = await openChannel(world, 5)
    const healthy = await watchers(path, 50)
    const stuck = await watchers(path, 1)
    await sleep(2_000)
    const { took, silent, evicted } = await evictionOf(stuck)
    await sleep(1_000)
    const stalls = healthy.reduce((sum, viewer) => sum + viewer.gaps.length, 0)
    const held = healthy.filter(viewer => viewer.closedAt === null).length
    for (const viewer of [...healthy, ...stuck]) viewer.leave()
    return {
      measured: `gone ${seconds(silent)} after the last byte its kernel took (${seconds(took)} after it stopped), stalls of the ${held} others ${stalls}`,
      ok: evicted === 1 && silent <= 10_000 && stalls === 0 && held === 50,
    }
  },
}

const stalledCrowd = {
  promise: '600 viewers take nothing: all gone within 15 s, TCP memory below half',
  inject: async world => {
    const path = await openChannel(world, 6)
    const healthy = await watchers(path, 5)
    const stuck = await watchers(path, 600)
    const { took, silent, peak, evicted } = await evictionOf(stuck)
    const stalls = healthy.reduce((sum, viewer) => sum + viewer.gaps.length, 0)
    for (const viewer of [...healthy, ...stuck]) viewer.leave()
    const share = (peak / tcpLimit()) * 100
    return {
      measured: `${evicted}/600 gone, the last ${seconds(silent)} after its kernel took nothing more (${seconds(took)} after they stopped), TCP memory at most ${share.toFixed(1)} % of the limit, stalls of others ${stalls}`,
      ok: evicted === 600 && silent <= 15_000 && share < 50 && stalls === 0,
    }
  },
}

const CROWD = 5_000
/** Connections of the database pool that a crowd may leave open for some minutes. */
const POOLED_FDS = 5

const stampede = {
  promise: '5,000 connections reset in a second: upstream closed within 2 s, nothing leaks',
  inject: async world => {
    await sleep(2_000)
    const before = world.fds()
    const path = await openChannel(world, 7)
    const viewers = await watchers(path, CROWD)
    const { liveOpen } = await world.stats()
    const began = performance.now()
    for (const [n, viewer] of viewers.entries()) {
      viewer.socket.resetAndDestroy()
      if (n % 500 === 499) await sleep(50)
    }
    const spread = performance.now() - began
    while ((await world.stats()).liveOpen > 0 && performance.now() - began < 30_000) await sleep(50)
    const closed = performance.now() - began - spread
    await sleep(5_000)
    const leaked = world.fds() - before
    const [{ held }] = await world.query(
      "SELECT count(*)::int AS held FROM slot WHERE holder <> '' AND expires_at > clock_timestamp()",
    )
    return {
      measured: `${liveOpen} upstream for ${CROWD}; all reset in ${seconds(spread)}, upstream closed ${seconds(closed)} later; left: ${leaked} more fds (database connections stay open for a while), ${held} slots`,
      ok: liveOpen === 1 && closed <= 2_000 && leaked <= POOLED_FDS && held === 0,
    }
  },
}

const thunder = {
  promise: '1,000 viewers of one cold channel at once: exactly one upstream',
  inject: async world => {
    const before = (await world.stats()).liveOpened
    const path = await openChannel(world, 8)
    const viewers = await watchers(path, 1_000)
    const opened = (await world.stats()).liveOpened - before
    const times = viewers.map(viewer => viewer.firstByteAt - viewer.startedAt)
    for (const viewer of viewers) viewer.leave()
    return { measured: `${opened} upstream, first byte p95 ${seconds(percentile(times, 0.95))}`, ok: opened === 1 }
  },
}

export const faults = { C27: slowReader, C28: stalledCrowd, C29: stampede, C36: thunder }
