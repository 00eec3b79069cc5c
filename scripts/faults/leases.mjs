// The right to a connection, at its own level: two processes race for it and die, and one that slept believes it still has it.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { importSource, launch, PORT, sleep, until } from '../bench/world.mjs'
import { root } from '../steps.mjs'
import { instanceEnv } from './limits.mjs'
import { seconds, waitFor } from './viewer.mjs'

const TTL_MS = 30_000

/** A process with the server's own code for slots (slot-racer.mjs). `ask` sends an order and waits for its answer. */
async function startRacer(world) {
  const args = ['--import', './scripts/bench/typescript-hooks.mjs', 'scripts/faults/slot-racer.mjs']
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...instanceEnv(world, PORT + 5) },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const waiting = new Map()
  const events = []
  let last = 0
  child.stdin.on('error', () => {})
  createInterface({ input: child.stdout }).on('line', line => {
    const message = JSON.parse(line)
    if (message.event) events.push({ ...message, at: performance.now() })
    else waiting.get(message.id)?.(message)
  })
  const exited = new Promise(done => child.once('exit', done))
  const ask = async (order, more = {}) => {
    const id = ++last
    const answered = new Promise(done => waiting.set(id, done))
    child.stdin.write(`${JSON.stringify({ id, order, ...more })}\n`)
    const answer = await Promise.race([answered, exited.then(() => ({ died: true }))])
    if (answer.error) throw new Error(answer.error)
    return answer
  }
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  await waitFor(() => events.length > 0 || child.exitCode !== null)
  return { ask, kill, events, signal: name => child.kill(name) }
}

/** Counts connections by the name they tell, as a provider would. */
async function startMeter() {
  const open = new Map()
  const meter = { max: 0, opened: 0 }
  const server = createServer(socket => {
    socket.on('error', () => socket.destroy())
    socket.once('data', bytes => {
      const name = String(bytes).trim()
      open.set(name, (open.get(name) ?? 0) + 1)
      meter.opened++
      meter.max = Math.max(meter.max, open.get(name))
      socket.once('close', () => open.set(name, open.get(name) - 1))
    })
  })
  await new Promise(done => server.listen(0, '127.0.0.1', done))
  return Object.assign(meter, { port: server.address().port, close: () => server.close() })
}

const ROUNDS = 200
const TRIES = 50
const LIMIT = 5
/** One round in so many loses one of its processes at some moment. */
const KILL_EVERY = 8

/** One after the other, so that a round need not wait for the slots of the last one to cool down. */
async function makeRaceTracks(world) {
  const { id: c } = await importSource(world.cookie, 'normal2.slots')
  const { id: d } = await importSource(world.cookie, 'one-connection.slots')
  return [world.providers.a, world.providers.b, c, d]
}

async function runRound(racers, request, victim) {
  const outcomes = racers.map(racer => racer.ask('race', request))
  if (victim !== null) {
    await sleep(Math.random() * 600)
    await racers[victim].kill()
  }
  const answers = await Promise.all(outcomes)
  return answers.reduce((sum, { granted = 0 }) => sum + granted, 0)
}

async function raceRounds(world, racers, tracks, meter) {
  const seen = { kills: 0, granted: 0, short: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    const victim = Math.random() < 1 / KILL_EVERY ? Math.floor(Math.random() * 2) : null
    const request = { providerId: tracks[round % tracks.length], limit: LIMIT, count: TRIES, meter: meter.port }
    const granted = await runRound(racers, request, victim)
    seen.granted += granted
    if (victim === null && granted === 0) seen.short++
    if (victim === null) continue
    seen.kills++
    racers[victim] = await startRacer(world)
  }
  return seen
}

const countHeld = async (world, providerIds) => {
  const [{ held }] = await world.query(
    `SELECT count(*)::int AS held FROM slot WHERE provider_id = ANY($1::int[]) AND holder <> '' AND expires_at > clock_timestamp()`,
    [providerIds],
  )
  return held
}

const racing = {
  promise: `2 processes x ${TRIES} tries x ${ROUNDS} rounds, kill -9 at random: never more than the limit, none leaks`,
  inject: async world => {
    const tracks = await makeRaceTracks(world)
    const meter = await startMeter()
    const racers = await Promise.all([startRacer(world), startRacer(world)])
    try {
      const began = performance.now()
      const { kills, granted, short } = await raceRounds(world, racers, tracks, meter)
      const took = performance.now() - began
      // Whatever the last ones held.
      await Promise.all(racers.map(({ kill }) => kill()))
      await sleep(TTL_MS + 1_000)
      const leaked = await countHeld(world, tracks)
      racers[0] = await startRacer(world)
      const after = await runRound([racers[0]], { providerId: tracks[0], limit: LIMIT, count: TRIES, meter: meter.port }, null)
      return {
        measured: `${ROUNDS} rounds in ${seconds(took)}, ${kills} processes killed: at most ${meter.max} of ${LIMIT} held at once, ${granted} granted, rounds with none ${short}, leaked after the lease ${leaked}, places then ${after}`,
        ok: meter.max === LIMIT && kills > 0 && short === 0 && leaked === 0 && after === LIMIT,
      }
    } finally {
      await Promise.all(racers.map(({ kill }) => kill()))
      meter.close()
    }
  },
}

const rowOf = async (world, providerId) =>
  (await world.query('SELECT holder, purpose, priority, fence FROM slot WHERE provider_id = $1 AND n = 1', [providerId]))[0]

/** A slot whose holder sleeps goes to another; then the first wakes and writes. Answers how that went. */
async function sleepOverSlot(world, providerId) {
  const [sleeper, other] = await Promise.all([startRacer(world), startRacer(world)])
  try {
    await sleeper.ask('take', { providerId, limit: 1, purpose: 'sleeper' })
    sleeper.signal('SIGSTOP')
    const stoppedAt = performance.now()
    let taken = false
    while (!taken && performance.now() - stoppedAt < 2 * TTL_MS) {
      ;({ taken } = await other.ask('take', { providerId, limit: 1, purpose: 'other' }))
    }
    const takenAfter = performance.now() - stoppedAt
    const before = await rowOf(world, providerId)
    const awakeAt = performance.now()
    sleeper.signal('SIGCONT')
    await sleeper.ask('write', { providerId })
    await waitFor(() => sleeper.events.some(({ event }) => event === 'lost'), 15_000).catch(() => {})
    const lost = sleeper.events.find(({ event }) => event === 'lost')
    const after = await rowOf(world, providerId)
    const stale = Object.keys(before).filter(name => before[name] !== after[name]).length
    const isOthers = taken && before.purpose === 'other'
    return { takenAfter, lostAfter: lost ? lost.at - awakeAt : Number.POSITIVE_INFINITY, stale, isOthers }
  } finally {
    await Promise.all([sleeper.kill(), other.kill()])
  }
}

/** The same with a whole server that receives a channel, of a provider that ends the older connection: it must not dial again. */
async function sleepOverStream(world) {
  const { id } = await importSource(world.cookie, 'one-connection-kill.sleep')
  const [first, second] = await world.channelsOf(id)
  const port = PORT + 6
  const child = launch(['server.mjs'], instanceEnv(world, port))
  try {
    await until(() => fetch(`http://127.0.0.1:${port}/health/ready`))
    const slept = await world.watch({ itemId: first }, { port })
    await waitFor(() => slept.viewer.firstByteAt !== null)
    child.kill('SIGSTOP')
    await sleep(TTL_MS + 1_000)
    const { viewer } = await world.watch({ itemId: second })
    await waitFor(() => viewer.firstByteAt !== null)
    const opened = () => world.stats().then(({ connections }) => connections['one-connection-kill.sleep'].opened)
    const before = await opened()
    child.kill('SIGCONT')
    await sleep(15_000)
    const dials = (await opened()) - before
    const kept = viewer.closedAt === null && viewer.gaps.length === 0
    slept.viewer.leave()
    viewer.leave()
    return { dials, kept }
  } finally {
    child.kill('SIGKILL')
  }
}

const sleeping = {
  promise: 'the holder of a slot stands still for 30 s: loses it, writes and dials nothing more',
  inject: async world => {
    const { id } = await importSource(world.cookie, 'one-connection.sleep')
    const { takenAfter, lostAfter, stale, isOthers } = await sleepOverSlot(world, id)
    const { dials, kept } = await sleepOverStream(world)
    return {
      measured: `slot taken by another ${seconds(takenAfter)} after it stood still, known lost ${seconds(lostAfter)} after it went on, stale writes accepted ${stale}; as a server: ${dials} dials after it went on, the other viewer undisturbed ${kept}`,
      ok: isOthers && takenAfter <= TTL_MS + 3_000 && lostAfter <= TTL_MS / 3 + 1_000 && stale === 0 && dials === 0 && kept,
    }
  },
}

export const faults = { C32S: racing, C33: sleeping }
