// A catalogue of 20,000 channels, 150,000 movies and 20,000 series, read by the worker while the API is being used.
import pg from 'pg'
import { startEmbeddedPostgres } from '../embedded-postgres.mjs'
import { call, importSource, openLoop, percentile, residentMb, sleep, startWorld, workerPid } from './world.mjs'

const ROWS = 190_000
const SAMPLE_ROWS = 3_000
const API_CALLS_PER_SECOND = 20

export async function measure() {
  const world = await startWorld()
  try {
    await importSource(world.cookie, 'normal')
    const pid = workerPid(world.app.pid)
    let peakMb = 0
    const sampler = setInterval(() => {
      peakMb = Math.max(peakMb, residentMb(pid))
    }, 50)
    const alone = requireWhole(await importSource(world.cookie, 'huge'))
    clearInterval(sampler)
    const naive = await rowByRow(world.dataDir)
    const used = await importWhileUsed(world.cookie)
    return [
      row(
        'import 20k channels + 150k movies + 20k series',
        alone,
        's',
        { text: `row by row: ${naive.toFixed(0)} s`, value: naive },
        { text: '< 15 s', ok: alone < 15 },
      ),
      row('import: worker peak memory', peakMb, 'MB', none, { text: '< 400 MB', ok: peakMb < 400 }),
      row(`import of a second one, API in use (${API_CALLS_PER_SECOND}/s)`, used.seconds, 's', none, { text: '', ok: null }),
      row(
        'API p99 meanwhile',
        used.p99,
        'ms',
        { text: `quiet: ${used.quietP99.toFixed(1)} ms`, value: used.quietP99 },
        { text: '< 100 ms', ok: used.p99 < 100 },
      ),
      row('API p50 meanwhile', used.p50, 'ms', none, { text: '', ok: null }),
    ]
  } finally {
    await world.end()
  }
}

const none = { text: '', value: null }

function requireWhole({ seconds, outcome }) {
  const seen = outcome.parts.reduce(
    (sum, part) => sum + (['channels', 'movies', 'series'].includes(part.part) ? part.seen : 0),
    0,
  )
  if (outcome.state !== 'succeeded' || seen !== ROWS)
    throw new Error(`The import is not what was asked: ${JSON.stringify({ state: outcome.state, seen })}`)
  return seconds
}

/** Imports another large catalogue while calls arrive at a fixed rate; the same calls on a quiet server are the reference. */
async function importWhileUsed(cookie) {
  const paths = ['/api/items?kind=movie&limit=60', '/api/categories?kind=channel', '/api/home', '/api/search?q=light', '/api/me']
  const use = () => openLoop(API_CALLS_PER_SECOND, n => call('GET', paths[n % paths.length], { cookie }))
  const stopQuiet = use()
  await sleep(5_000)
  const quiet = await stopQuiet()
  const stop = use()
  const seconds = requireWhole(await importSource(cookie, 'huge.second'))
  const { latencies, errors } = await stop()
  if (errors.length > 0) throw new Error(`${errors.length} calls failed during the import: ${errors[0]}`)
  return {
    seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    quietP99: percentile(quiet.latencies, 0.99),
  }
}

const row = (name, value, unit, reference, goal) => ({
  name,
  value,
  unit,
  reference: reference.text,
  ratio: reference.value === null ? null : reference.value / value,
  goal: goal.text,
  ok: goal.ok,
})

/** The classic way: one upsert a row for item and source. Measured on a sample in the same database, extended to all rows. */
async function rowByRow(dataDir) {
  const database = await startEmbeddedPostgres({ dataDir })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query(
      'CREATE TABLE IF NOT EXISTS naive (id serial PRIMARY KEY, provider_item_id text UNIQUE, name text, image text, year int)',
    )
    const began = performance.now()
    for (let n = 0; n < SAMPLE_ROWS; n++) {
      const sql =
        'INSERT INTO naive (provider_item_id, name, image, year) VALUES ($1, $2, $3, $4) ON CONFLICT (provider_item_id) DO UPDATE SET name = EXCLUDED.name'
      await client.query(sql, [`m${n}`, `Movie ${n}`, 'http://example/p.png', 2000])
      await client.query(sql, [`s${n}`, `Movie ${n}`, 'http://example/p.png', 2000])
    }
    return ((performance.now() - began) / 1000 / SAMPLE_ROWS) * ROWS
  } finally {
    await client.query('DROP TABLE IF EXISTS naive')
    await client.end()
  }
}
