// The database stands still, the server is asked to stop: in the middle of everything.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { importSource, launch, openLoop, PORT, sleep, until } from '../bench/world.mjs'
import { instanceEnv, maxOf } from './limits.mjs'
import { seconds, startViewer, waitFor } from './viewer.mjs'

const STILL_MS = 10_000
/** Milliseconds for what was asked of a database that stood still, once it goes on. */
const BACK_MS = 5_000

/** The server of this folder and everything that works for it. */
function databaseProcesses(dataDir) {
  const file = readdirSync(dataDir, { recursive: true }).find(name => String(name).endsWith('postmaster.pid'))
  const postmaster = Number(readFileSync(join(dataDir, String(file)), 'utf8').split('\n')[0])
  const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim().split(' ').filter(Boolean)
  return [postmaster, ...children.map(Number)]
}

const signalAll = (pids, signal) => {
  for (const pid of pids) process.kill(pid, signal)
}

/** Whoever asks for a place meanwhile waits or is told; nobody gets one that is not there. */
const databaseStill = {
  promise: 'the database stands still for 10 s: streams go on, nobody gets more than the limit',
  inject: async world => {
    const { id } = await importSource(world.cookie, 'normal2.still')
    const [first, ...others] = (await world.channelsOf(id)).slice(0, 6)
    const { viewer } = await world.watch({ itemId: first })
    await waitFor(() => viewer.firstByteAt !== null)
    const pids = databaseProcesses(world.dataDir)
    signalAll(pids, 'SIGSTOP')
    const tries = others.map(itemId =>
      world.watch({ itemId }).then(
        made => made.viewer,
        error => error,
      ),
    )
    await sleep(STILL_MS)
    signalAll(pids, 'SIGCONT')
    const goesOnAt = performance.now()
    const made = await Promise.all(tries)
    const answered = performance.now() - goesOnAt
    await sleep(2_000)
    const played = made.filter(one => !(one instanceof Error) && one.bytes > 0).length
    const max = await maxOf(world, 'normal2.still')
    const longest = Math.max(0, ...viewer.gaps)
    for (const one of made) if (!(one instanceof Error)) one.leave()
    const kept = viewer.closedAt === null && longest < 2_000
    return {
      measured: `connections seen at most ${max} of 2, ${played} of ${others.length} new ones play, all answered ${seconds(answered)} after; longest stop of the stream ${seconds(longest)}`,
      ok: kept && max <= 2 && played === 1 && answered <= BACK_MS,
    }
  },
}

const VIEWERS = 20
const CALLS_PER_SECOND = 20
/** Streams are given twenty seconds to end by themselves. */
const STOPPED_MS = 25_000

/** A server of its own with viewers and calls, which is asked to stop. */
const stopped = {
  promise: 'SIGTERM under load: not ready at once, no call is cut off, exit code 0 within 25 s',
  inject: async world => {
    const { id } = await importSource(world.cookie, 'normal.stop')
    const [itemId] = await world.channelsOf(id)
    const port = PORT + 5
    const child = launch(['server.mjs'], instanceEnv(world, port))
    const exited = new Promise(done => child.once('exit', code => done(code)))
    try {
      await until(() => fetch(`http://127.0.0.1:${port}/health/ready`))
      const { folder } = await world.open({ itemId }, { port })
      const viewers = Array.from({ length: VIEWERS }, () => startViewer(`${folder}/live.ts`, { port }))
      await waitFor(() => viewers.every(({ firstByteAt }) => firstByteAt !== null))
      let cutOff = 0
      const ask = async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/api/items?kind=channel&limit=60`, {
          headers: { cookie: world.cookie, host: `localhost:${PORT}` },
        }).catch(error => error)
        // Refused is told at the door; cut off is not.
        if (answer instanceof Error) cutOff += answer.cause?.code === 'ECONNREFUSED' ? 0 : 1
        else await answer.arrayBuffer().catch(() => cutOff++)
      }
      const endLoad = openLoop(CALLS_PER_SECOND, ask)
      await sleep(2_000)
      const began = performance.now()
      child.kill('SIGTERM')
      const askReady = () => fetch(`http://127.0.0.1:${port}/health/ready`).then(({ status }) => status)
      let ready = 200
      while (ready === 200 && performance.now() - began < 1_000) ready = await askReady()
      const notReadyMs = performance.now() - began
      const code = await Promise.race([exited, sleep(40_000).then(() => 'none')])
      const took = performance.now() - began
      await endLoad()
      await sleep(1_000)
      const open = (await world.stats()).connections['normal.stop']?.now ?? 0
      return {
        measured: `ready said ${ready} after ${seconds(notReadyMs)}, ${cutOff} calls cut off, exit code ${code} after ${seconds(took)}, ${open} upstreams left`,
        ok: ready !== 200 && cutOff === 0 && code === 0 && took <= STOPPED_MS && open === 0,
      }
    } finally {
      child.kill('SIGKILL')
    }
  },
}

export const faults = { C31: databaseStill, C34: stopped }
