// Hosts that vanish: no FIN, no reset, only packets that nobody answers any more. The viewers live in a network namespace of their
// own, at the other end of a cable that is pulled out.
import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { importSource, launch, PORT, PROVIDER_PORT, sleep, until } from '../bench/world.mjs'
import { root } from '../steps.mjs'
import { startFaultRelay } from './fault-relay.mjs'
import { instanceEnv } from './limits.mjs'
import { seconds, startViewer, waitFor } from './viewer.mjs'

/** The server is at one end of the cable, its viewers at the other. */
export const CABLE = { network: '10.231.7.0/30', server: '10.231.7.1', viewers: '10.231.7.2' }
/** As the kernel writes the address of the viewers. */
const VIEWERS_HEX = '0207E70A'
const COUNT = 200
/** Longest a viewer who is not there may be served: what its kernel takes, and ten seconds without progress. */
const EVICTED_MS = 30_000
/** A channel without viewers has no upstream at once; a second for looking. */
const CLOSED_MS = 2_000

const ip = (...args) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })

/** @throws where one may not make a network namespace; then nothing is left of it */
export function layCable(run = ip) {
  const name = `watchtheflix-${process.pid}`
  const [here, there] = [`wtf${process.pid % 100_000}a`, `wtf${process.pid % 100_000}b`]
  run('netns', 'add', name)
  // With the namespace goes the end of the cable that is in it, and with that the other end.
  const remove = () => run('netns', 'del', name)
  try {
    run('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name)
    run('addr', 'add', `${CABLE.server}/30`, 'dev', here)
    run('link', 'set', here, 'up')
    run('-n', name, 'addr', 'add', `${CABLE.viewers}/30`, 'dev', there)
    run('-n', name, 'link', 'set', there, 'up')
  } catch (error) {
    remove()
    throw error
  }
  return { name, pull: () => run('-n', name, 'link', 'set', there, 'down'), remove }
}

/** Connections of viewers that the server has not given up. */
function countServed(port) {
  const local = port.toString(16).toUpperCase().padStart(4, '0')
  return [...readFileSync('/proc/net/tcp', 'latin1').matchAll(new RegExp(`:${local} ${VIEWERS_HEX}:[0-9A-F]{4} 01 `, 'g'))].length
}

const countFds = child => readdirSync(`/proc/${child.pid}/fd`).length

async function watchFromAfar(cable, { port, path }) {
  const order = JSON.stringify({ host: CABLE.server, port, path, count: COUNT })
  const crowd = spawn('ip', ['netns', 'exec', cable.name, process.execPath, 'scripts/faults/crowd.mjs', order], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let isOn = false
  crowd.stdout.once('data', () => {
    isOn = true
  })
  try {
    await waitFor(() => isOn || crowd.exitCode !== null)
  } catch (error) {
    crowd.kill('SIGKILL')
    throw error
  }
  return crowd
}

/** The cable is pulled out under a running channel that one viewer beside the server goes on watching. Times in ms. */
async function pullOut(world, { cable, port, neighbour }) {
  const served = countServed(port)
  const began = performance.now()
  cable.pull()
  while (countServed(port) > 0 && performance.now() - began < 120_000) await sleep(20)
  const evictedAt = performance.now()
  const left = countServed(port)
  const isUndisturbed = neighbour.closedAt === null && neighbour.gaps.length === 0 && evictedAt - neighbour.lastByteAt < 1_000
  neighbour.leave()
  while ((await world.stats()).liveOpen > 0 && performance.now() - evictedAt < 30_000) await sleep(20)
  return { served, evicted: served - left, took: evictedAt - began, closed: performance.now() - evictedAt, isUndisturbed }
}

async function vanishFrom(world, cable, child) {
  const port = PORT + 6
  const { id } = await importSource(world.cookie, 'normal.vanish', {
    address: `http://${CABLE.server}:${PORT + 7}`,
    platform: true,
  })
  await until(() => fetch(`http://127.0.0.1:${port}/health/ready`))
  const [itemId] = await world.channelsOf(id)
  const { folder } = await world.open({ itemId }, { port })
  await sleep(2_000)
  const before = countFds(child)
  const crowd = await watchFromAfar(cable, { port, path: `${folder}/live.ts` })
  const neighbour = startViewer(`${folder}/live.ts`, { port })
  try {
    await sleep(3_000)
    const seen = await pullOut(world, { cable, port, neighbour })
    await sleep(5_000)
    const [{ held }] = await world.query(
      `SELECT count(*)::int AS held FROM slot WHERE provider_id = $1 AND holder <> '' AND expires_at > clock_timestamp()`,
      [id],
    )
    return { ...seen, held, leaked: countFds(child) - before }
  } finally {
    neighbour.leave()
    crowd.kill('SIGKILL')
  }
}

/** Connections of the database pool that a crowd may leave open for some minutes. */
const POOLED_FDS = 5

const vanished = {
  promise: `${COUNT} viewers vanish without a word: none is served for ever, upstream closed within 2 s of the last`,
  inject: async world => {
    const cable = layCable()
    let relay
    let child
    try {
      relay = await startFaultRelay(PORT + 7, PROVIDER_PORT, CABLE.server)
      // Reachable from the cable; so its provider is as well, and not on loopback.
      const env = { ...instanceEnv(world, PORT + 6), HOST: '0.0.0.0', LOOPBACK_UPSTREAMS: '', PRIVATE_NETWORKS: CABLE.network }
      child = launch(['server.mjs'], env)
      const { served, evicted, took, closed, isUndisturbed, held, leaked } = await vanishFrom(world, cable, child)
      return {
        measured: `${evicted} of ${served} given up, the last ${seconds(took)} after the cable was out, another viewer undisturbed ${isUndisturbed}; upstream closed ${seconds(closed)} after the last viewer; left: ${leaked} more fds (database connections stay open for a while), ${held} slots`,
        ok:
          served === COUNT &&
          evicted === COUNT &&
          isUndisturbed &&
          took <= EVICTED_MS &&
          closed <= CLOSED_MS &&
          leaked <= POOLED_FDS &&
          held === 0,
      }
    } finally {
      child?.kill('SIGKILL')
      await relay?.close()
      cable.remove()
    }
  },
}

export const faults = { C29V: vanished }
