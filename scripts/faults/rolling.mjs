// Two instances are renewed one after the other while people watch: whoever loses the one goes on at the other.
import { call, launch, PORT, percentile, sleep, until } from '../bench/world.mjs'
import { makeLine } from './kill.mjs'
import { instanceEnv } from './limits.mjs'
import { seconds, waitFor } from './viewer.mjs'

const PORTS = [PORT + 5, PORT + 6]
const VIEWERS = 40
const CHANNELS = 2
/** Each instance once. */
const TURNS = PORTS.length
/** How long a player waits before it dials again where it was refused. */
const AGAIN_MS = 250
/** Each move is a start, which may take this long (reliability.md A8). Nothing is assumed to be in a viewer's hand. */
const START_MS = 2_000

/** A viewer that dials the next instance when its connection ends, as a player behind a balancer does. */
function startRover(watch, first) {
  const rover = { moves: [], gaps: [], current: null, left: false }
  const roam = async () => {
    let lastByteAt = null
    for (let n = first; !rover.left; n++) {
      const viewer = watch(PORTS[n % PORTS.length])
      rover.current = viewer
      await waitFor(() => viewer.closedAt !== null || rover.left, Number.POSITIVE_INFINITY)
      rover.gaps.push(...viewer.gaps)
      if (viewer.firstByteAt === null) await sleep(AGAIN_MS)
      else {
        if (lastByteAt !== null) rover.moves.push(viewer.firstByteAt - lastByteAt)
        lastByteAt = viewer.lastByteAt
      }
    }
    rover.current.leave()
  }
  rover.ended = roam()
  return rover
}

const sumOfSilence = ({ moves, gaps }) => [...moves, ...gaps].reduce((sum, ms) => sum + ms, 0)

const isPlaying = ({ current }) => current !== null && current.firstByteAt !== null && current.closedAt === null

/** Among the children from its first moment on, so that one that never gets ready is ended with them. */
async function startInstance(world, children, n) {
  children[n] = launch(['server.mjs'], instanceEnv(world, PORTS[n]))
  await until(() => fetch(`http://127.0.0.1:${PORTS[n]}/health/ready`))
}

async function stopInstance(child) {
  const exited = new Promise(done => child.once('exit', code => done(code)))
  child.kill('SIGTERM')
  return exited
}

/** Each in turn is asked to stop and started again; answers their exit codes. */
async function rollOver(world, children) {
  const codes = []
  for (let turn = 0; turn < TURNS; turn++) {
    const n = turn % PORTS.length
    codes.push(await stopInstance(children[n]))
    await startInstance(world, children, n)
    await sleep(2_000)
  }
  return codes
}

const rolling = {
  promise: 'two instances renewed in turn: viewers go on at the other within 2 s (p95)',
  inject: async world => {
    const setSlates = slates => call('PUT', '/api/line-settings', { cookie: world.cookie, body: { slates } })
    const children = []
    const rovers = []
    try {
      // A picture that says what is wrong would count as a stream.
      await setSlates(false)
      return await roll(world, children, rovers)
    } finally {
      for (const rover of rovers) rover.left = true
      for (const child of children) child.kill('SIGKILL')
      await setSlates(true)
    }
  },
}

async function roll(world, children, rovers) {
  const line = await makeLine(world)
  const ids = (await world.channelsOf(world.providers.a)).slice(0, CHANNELS)
  await Promise.all(PORTS.map((_, n) => startInstance(world, children, n)))
  for (let n = 0; n < VIEWERS; n++) {
    rovers.push(startRover(port => line.watch({ id: ids[(n >> 1) % CHANNELS] }, { port }), n))
  }
  await waitFor(() => rovers.every(isPlaying))
  const codes = await rollOver(world, children)
  await sleep(3_000)
  const playing = rovers.filter(isPlaying).length
  for (const rover of rovers) rover.left = true
  await Promise.all(rovers.map(({ ended }) => ended))
  const moves = rovers.flatMap(rover => rover.moves)
  const perMove = percentile(moves, 0.95)
  const perViewer = percentile(rovers.map(sumOfSilence), 0.95)
  return {
    measured: `${TURNS} restarts (exit codes ${[...new Set(codes)]}), ${playing}/${VIEWERS} play after them; without picture p95 ${seconds(perMove)} for each of ${moves.length} moves, p95 ${seconds(perViewer)} per viewer in all`,
    ok: playing === VIEWERS && moves.length >= VIEWERS && perMove <= START_MS && codes.every(code => code === 0),
  }
}

export const faults = { C35: rolling }
