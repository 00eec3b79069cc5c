// kill -9 of the serving process while people watch and apps ask: what is left behind, and how soon it serves again.
import { address, call, importSource, openLoop, percentile, sleep, until } from '../bench/world.mjs'
import { seconds, startViewer, waitFor } from './viewer.mjs'

const CHANNELS = 5
const VIEWERS = 100
const CALLS_PER_SECOND = 20
const SERVES_MS = 5_000
/** How long a slot and a session of a line stand without somebody who renews them, and a second for looking. */
const LEASE_MS = 30_000 + 1_000

const since = moment => performance.now() - moment

/** A login for apps that may do all this, and what it asks for. */
export async function makeLine({ cookie }) {
  const { line, password } = await call('POST', '/api/lines', { cookie, body: { name: 'Many', maxConnections: 2 * VIEWERS } })
  const api = async (action = '') => {
    const query = `username=${line.username}&password=${password}${action && `&action=${action}`}`
    const answer = await fetch(`${address}/player_api.php?${query}`, { signal: AbortSignal.timeout(10_000) })
    if (!answer.ok) throw new Error(`player_api ${answer.status}`)
    return answer.json()
  }
  return { id: line.id, api, watch: ({ id }, options) => startViewer(`/live/${line.username}/${password}/${id}.ts`, options) }
}

async function watchAll(channels, line, count) {
  const viewers = Array.from({ length: count }, (_, n) => line.watch(channels[n % channels.length]))
  await waitFor(() => viewers.every(({ firstByteAt, closedAt }) => firstByteAt !== null || closedAt !== null), 30_000)
  return viewers
}

const playing = viewers => viewers.filter(({ firstByteAt, closedAt }) => firstByteAt !== null && closedAt === null)

/** What the dead process held: each in its own words for the question whether it still counts. */
async function holdingsOf(world) {
  const slots = await world.query(
    `SELECT provider_id || '/' || n || '/' || fence AS key FROM slot WHERE holder <> '' AND expires_at > clock_timestamp()`,
  )
  const sessions = await world.query('SELECT id FROM playback_session WHERE ended_at IS NULL')
  const slotKeys = slots.map(({ key }) => key)
  const sessionIds = sessions.map(({ id }) => id)
  const left = async () => {
    const [row] = await world.query(
      `SELECT (SELECT count(*)::int FROM slot WHERE provider_id || '/' || n || '/' || fence = ANY($1::text[])
           AND holder <> '' AND expires_at > clock_timestamp()) AS slots,
         (SELECT count(*)::int FROM playback_session WHERE id = ANY($2::uuid[])
           AND ended_at IS NULL AND last_seen_at > now() - interval '30 seconds') AS sessions`,
      [slotKeys, sessionIds],
    )
    return row
  }
  return { slots: slotKeys.length, sessions: sessionIds.length, left }
}

async function kill(world) {
  const died = new Promise(done => world.app.once('exit', done))
  world.app.kill('SIGKILL')
  await died
}

/** Ready, a list, and the first bytes of every channel: each in ms after the new start. */
async function timeUntilServing(line, channels, startedAt) {
  await until(() => fetch(`${address}/health/ready`))
  const ready = since(startedAt)
  const listed = line.api('get_live_streams').then(rows => (rows.length > 0 ? since(startedAt) : Number.POSITIVE_INFINITY))
  const viewers = await watchAll(channels, line, VIEWERS)
  const waits = viewers.map(({ firstByteAt }) => (firstByteAt === null ? Number.POSITIVE_INFINITY : firstByteAt - startedAt))
  return { ready, list: await listed, first: Math.min(...waits), p95: percentile(waits, 0.95), viewers }
}

/** When the only connection of a login, which the dead process held, is to be had again, in ms after the new start. */
async function timeUntilFree(line, channel, startedAt) {
  while (since(startedAt) < 2 * LEASE_MS) {
    const viewer = line.watch(channel)
    await waitFor(() => viewer.firstByteAt !== null || viewer.closedAt !== null)
    viewer.leave()
    if (viewer.firstByteAt !== null) return viewer.firstByteAt - startedAt
    await sleep(500)
  }
  return Number.POSITIVE_INFINITY
}

/** When nothing of it counts any more, in ms after the kill; not awaited longer than twice its time. */
async function timeUntilGone(holdings, killedAt) {
  const gone = { slots: Number.POSITIVE_INFINITY, sessions: Number.POSITIVE_INFINITY }
  while (since(killedAt) < 2 * LEASE_MS && !Object.values(gone).every(Number.isFinite)) {
    const left = await holdings.left()
    for (const name of ['slots', 'sessions']) if (left[name] === 0) gone[name] = Math.min(gone[name], since(killedAt))
    await sleep(200)
  }
  return gone
}

/** When the provider has none of the connections of the dead process any more, in ms after the kill. */
async function timeUntilUnconnected(world, killedAt) {
  while ((await world.stats()).liveOpen > 0) {
    if (since(killedAt) > 10_000) return Number.POSITIVE_INFINITY
    await sleep(10)
  }
  return since(killedAt)
}

/**
 * Five channels with a second source each, so that a connection is to be had while the dead process still holds its own,
 * and one channel of a login that has a single connection.
 */
async function makeScene(world) {
  const channels = (await world.channelsOf(world.providers.a)).slice(0, CHANNELS).map(id => ({ id }))
  const { id } = await importSource(world.cookie, 'one-connection.kill')
  const [only] = (await world.channelsOf(id)).map(itemId => ({ id: itemId }))
  const line = await makeLine(world)
  const viewers = [...(await watchAll(channels, line, VIEWERS)), ...(await watchAll([only], line, 1))]
  return { channels, only, line, viewers, watched: playing(viewers).length }
}

async function killUnderLoad(world) {
  const { channels, only, line, viewers, watched } = await makeScene(world)
  const endLoad = openLoop(CALLS_PER_SECOND, n => line.api(n % 2 === 0 ? 'get_live_streams' : ''))
  await sleep(3_000)
  const { liveOpen: upstreams } = await world.stats()
  const holdings = await holdingsOf(world)
  const killedAt = performance.now()
  await kill(world)
  const unconnected = await timeUntilUnconnected(world, killedAt)
  const startedAt = performance.now()
  world.startAgain()
  const served = await timeUntilServing(line, channels, startedAt)
  for (const viewer of viewers) viewer.leave()
  const calls = await endLoad()
  const [gone, free] = await Promise.all([timeUntilGone(holdings, killedAt), timeUntilFree(line, only, startedAt)])
  await sleep(1_000)
  const { liveOpen } = await world.stats()
  const alive = playing(served.viewers).length
  const told = Number((await line.api()).user_info.active_cons)
  for (const { leave } of served.viewers) leave()
  return { watched, upstreams, holdings, unconnected, served, calls, gone, free, liveOpen, alive, told }
}

const tell = ({ watched, upstreams, holdings, unconnected, served, calls, gone, free, liveOpen, alive, told }) =>
  `${watched} viewers on ${upstreams} upstreams killed; upstreams gone after ${seconds(unconnected)}; ` +
  `after the new start: ready ${seconds(served.ready)}, list ${seconds(served.list)}, first stream ${seconds(served.first)}, ` +
  `all ${VIEWERS} back p95 ${seconds(served.p95)}; of the dead, ${holdings.slots} slots counted until ${seconds(gone.slots)}, ` +
  `${holdings.sessions} sessions until ${seconds(gone.sessions)}; then ${alive} play on ${liveOpen} upstreams, app told ${told}; ` +
  `a login of one connection plays again after ${seconds(free)}; API ${calls.latencies.length} answered, ${calls.errors.length} lost`

const holds = ({ watched, unconnected, served, gone, free, liveOpen, alive, told }) =>
  watched === VIEWERS + 1 &&
  Math.max(served.ready, served.list, served.first) <= SERVES_MS &&
  unconnected <= 2_000 &&
  Math.max(gone.slots, gone.sessions) <= LEASE_MS &&
  free <= LEASE_MS + SERVES_MS &&
  liveOpen === CHANNELS &&
  alive === VIEWERS &&
  told === VIEWERS

const killed = {
  promise: 'serving process killed under load: serves again in 5 s, no lease outlives 30 s',
  inject: async world => {
    const setSlates = slates => call('PUT', '/api/line-settings', { cookie: world.cookie, body: { slates } })
    // A picture that says what is wrong would count as a stream.
    await setSlates(false)
    const seen = await killUnderLoad(world)
    await setSlates(true)
    return { measured: tell(seen), ok: holds(seen) }
  },
}

export const faults = { KILL: killed }
