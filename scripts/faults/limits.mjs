// Limits on connections: of a login, of a person who zaps, of several instances that race.
import { importSource, launch, PORT, providerAddress, sleep, until } from '../bench/world.mjs'
import { seconds, waitFor } from './viewer.mjs'

export const maxOf = async (world, login) => (await world.stats()).connections[login]?.max ?? 0

const full = {
  promise: 'a login of one connection: never a second one, the other viewer is told',
  inject: async world => {
    const { id } = await importSource(world.cookie, 'one-connection')
    const [first, second, third] = await world.channelsOf(id)
    const { viewer } = await world.watch({ itemId: first })
    await waitFor(() => viewer.firstByteAt !== null)
    const refusals = []
    for (const itemId of [second, third])
      refusals.push(
        await world.watch({ itemId }).then(
          () => 'opened',
          error => error.code,
        ),
      )
    await sleep(1_000)
    const max = await maxOf(world, 'one-connection')
    const ok = max === 1 && refusals.every(code => code === 'PROVIDER_LIMIT') && viewer.closedAt === null
    return {
      measured: `connections seen by the provider at most ${max}, others told ${[...new Set(refusals)]}, first viewer kept ${viewer.closedAt === null}`,
      ok,
    }
  },
}

const zapping = {
  promise: '20 channels in 10 s by one person: never over the limit, the last one plays',
  inject: async world => {
    const { id } = await importSource(world.cookie, 'one-connection.zap')
    const ids = (await world.channelsOf(id)).slice(0, 20)
    let last = null
    let view = null
    for (const itemId of ids) {
      last?.leave()
      if (view !== null) await world.close(view.sessionId)
      const began = performance.now()
      const made = await world.watch({ itemId }).catch(() => null)
      if (made !== null) {
        view = made.view
        last = made.viewer
        last.askedAt = began
      } else view = null
      await sleep(Math.max(0, 500 - (performance.now() - began)))
    }
    if (last === null || view === null) return { measured: 'the last channel was refused', ok: false }
    await waitFor(() => last.firstByteAt !== null)
    const wait = last.firstByteAt - last.askedAt
    const max = await maxOf(world, 'one-connection.zap')
    return {
      measured: `connections seen at most ${max}, picture of the last after ${seconds(wait)}`,
      ok: max === 1 && wait <= 4_000,
    }
  },
}

const ROUNDS = 12
const PARALLEL = 8

/** Opens many channels at once through both instances and lets them play a moment; answers how many got a place. */
async function race(world, ids, ports) {
  const tries = ids.map((itemId, n) => world.watch({ itemId }, { port: ports[n % ports.length] }).catch(() => null))
  const made = (await Promise.all(tries)).filter(Boolean)
  await sleep(700)
  const played = made.filter(({ viewer }) => viewer.bytes > 0).length
  for (const { viewer } of made) viewer.leave()
  await Promise.all(made.map(({ view }) => world.close(view.sessionId).catch(() => {})))
  return played
}

const instances = {
  promise: 'two instances race for 2 connections, one is killed: never a third, none leaks',
  inject: async world => {
    const { id } = await importSource(world.cookie, 'normal2.race')
    const ids = (await world.channelsOf(id)).slice(0, PARALLEL)
    const ports = [PORT + 5, PORT + 6]
    const start = port => launch(['server.mjs'], instanceEnv(world, port))
    const children = ports.map(start)
    const end = child => {
      const gone = new Promise(done => (child.exitCode === null && child.signalCode === null ? child.once('exit', done) : done()))
      child.kill('SIGKILL')
      return gone
    }
    try {
      await Promise.all(ports.map(port => until(() => fetch(`http://127.0.0.1:${port}/health/ready`))))
      let played = 0
      for (let round = 0; round < ROUNDS; round++) {
        if (round === ROUNDS / 2) {
          await race(world, ids, [ports[1]])
          const held = await world.watch({ itemId: ids[0] }, { port: ports[1] }).catch(() => null)
          await end(children[1])
          held?.viewer.leave()
          children[1] = start(ports[1])
          await until(() => fetch(`http://127.0.0.1:${ports[1]}/health/ready`))
        }
        played += await race(world, ids, ports)
        await sleep(1_100)
      }
      const max = await maxOf(world, 'normal2.race')
      await sleep(31_000)
      const [{ held }] = await world.query(
        "SELECT count(*)::int AS held FROM slot WHERE provider_id = $1 AND holder <> '' AND expires_at > clock_timestamp()",
        [id],
      )
      const after = await race(world, ids, ports)
      return {
        measured: `${ROUNDS} rounds of ${PARALLEL}: connections seen at most ${max}, ${played} played, leaked after the lease ${held}, places then ${after}`,
        ok: max === 2 && held === 0 && after > 0,
      }
    } finally {
      await Promise.all(children.map(end))
    }
  },
}

export function instanceEnv(world, port) {
  return {
    NODE_ENV: 'production',
    ROLE: 'serve',
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: `http://localhost:${PORT}`,
    DATA_DIR: world.dataDir,
    DATABASE_URL: world.databaseUrl,
    SKIP_MIGRATIONS: '1',
    LOG_LEVEL: 'warn',
    LOOPBACK_UPSTREAMS: [new URL(providerAddress).host, ...world.upstreams].join(),
  }
}

export const faults = { C8: full, C30: zapping, C32: instances }
