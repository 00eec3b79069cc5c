// The real server with two sources of every channel, each behind a relay that can be told to misbehave.
import { readdirSync } from 'node:fs'
import pg from 'pg'
import { call, importSource, PORT, PROVIDER_PORT, providerAddress, sleep, startWorld } from '../bench/world.mjs'
import { startEmbeddedPostgres } from '../embedded-postgres.mjs'
import { startFaultRelay } from './fault-relay.mjs'
import { MAIL_PORT, PUSH_PORT } from './reminders.mjs'
import { CABLE } from './vanish.mjs'
import { startViewer, waitFor } from './viewer.mjs'

const capabilities = { video: ['h264'], audio: ['aac', 'mp3'], containers: ['mp4'] }

export async function startFaultWorld() {
  const ports = [PORT + 2, PORT + 3]
  const upstreams = ports.map(port => `127.0.0.1:${port}`)
  const [a, b] = await Promise.all(ports.map(port => startFaultRelay(port, PROVIDER_PORT)))
  const world = await startWorld({
    upstreams: [...upstreams, `127.0.0.1:${PUSH_PORT}`],
    env: { SMTP_URL: `smtp://127.0.0.1:${MAIL_PORT}`, PRIVATE_NETWORKS: CABLE.network },
  })
  const database = await joinDatabase(world.dataDir)
  const { cookie } = world
  // The second list joins the first by name, so that each channel has a source behind either relay.
  const first = await importSource(cookie, 'normal.a', { address: `http://127.0.0.1:${a.port}` })
  const second = await importSource(cookie, 'normal.b', { address: `http://127.0.0.1:${b.port}`, autoMerge: true })
  const endWorld = world.end
  // The same object, so that a server that was started again is found in it.
  const made = Object.assign(world, { a, b, upstreams, providers: { a: first.id, b: second.id } })
  Object.defineProperty(made, 'databaseUrl', { get: database.url })
  made.query = database.query
  made.stats = async () => (await fetch(`${providerAddress}/__stats`)).json()
  made.control = orders => fetch(`${providerAddress}/__control`, { method: 'POST', body: JSON.stringify(orders) })
  made.fds = () => readdirSync(`/proc/${world.app.pid}/fd`).length
  Object.assign(made, streamsOf(made))
  made.end = async () => {
    await database.end()
    await Promise.all([a.close(), b.close()])
    await endWorld()
  }
  return made
}

/** The server's own database; a server that was started again has it at another port. */
async function joinDatabase(dataDir) {
  let pool = null
  let url = ''
  const join = async () => {
    ;({ url } = await startEmbeddedPostgres({ dataDir }))
    pool = new pg.Pool({ connectionString: url, max: 2 })
    // Told where it is next asked.
    pool.on('error', () => {})
  }
  await join()
  const query = async (text, values) => {
    try {
      return (await pool.query(text, values)).rows
    } catch (error) {
      if (error.code !== 'ECONNREFUSED') throw error
      await pool.end()
      await join()
      return (await pool.query(text, values)).rows
    }
  }
  return { query, url: () => url, end: () => pool.end() }
}

function streamsOf(world) {
  const sessions = new Set()
  const { cookie } = world
  /** Opens a channel; answers the folder of its stream addresses. `port` is another instance's. */
  const open = async (body, { port = PORT, viewer = cookie } = {}) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/playback`, {
      method: 'POST',
      headers: { cookie: viewer, host: `localhost:${PORT}`, 'content-type': 'application/json' },
      body: JSON.stringify({ capabilities, ...body }),
    })
    const view = await answer.json()
    if (!answer.ok) throw Object.assign(new Error(view.error?.code ?? String(answer.status)), { code: view.error?.code })
    sessions.add(view.sessionId)
    return { ...view, folder: view.url.slice(0, view.url.lastIndexOf('/')) }
  }
  const close = async id => {
    sessions.delete(id)
    await call('DELETE', `/api/playback/${id}`, { cookie })
  }
  const sourcesOf = itemId =>
    world.query('SELECT id, provider_id AS "providerId" FROM source WHERE item_id = $1 ORDER BY provider_id', [itemId])
  return {
    open,
    close,
    /** Channels that both providers carry, with their two sources. */
    channels: async (n, offset = 0) => {
      const { items } = await call('GET', '/api/items?kind=channel&limit=60', { cookie })
      const listed = items.slice(offset, offset + n)
      return Promise.all(listed.map(async ({ id }) => ({ id, sources: (await sourcesOf(id)).map(source => source.id) })))
    },
    channelsOf: async providerId =>
      (await call('GET', `/api/items?kind=channel&limit=60&provider=${providerId}`, { cookie })).items.map(({ id }) => id),
    watch: async (body, options) => {
      const view = await open(body, options)
      return { view, viewer: startViewer(`${view.folder}/live.ts`, options) }
    },
    /** Everything closed, every relay honest, the provider's connections gone. */
    calm: async () => {
      world.a.mode = 'pass'
      world.b.mode = 'pass'
      await world.control({ fault: null })
      for (const id of [...sessions]) await close(id).catch(() => {})
      world.a.cut()
      world.b.cut()
      await waitFor(() => true)
      await sleep(1_500)
      await world.query('UPDATE source SET failed_at = NULL').catch(() => {})
    },
  }
}
