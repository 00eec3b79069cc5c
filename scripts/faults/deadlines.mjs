// Answers that never end: everything that is asked of a provider has a total deadline, however its bytes trickle.
import { call, sleep } from '../bench/world.mjs'
import { seconds } from './viewer.mjs'

const API_MS = 10_000
const GUIDE_MS = 600_000
/** Our own work around a call. */
const SLACK_MS = 1_500

const timed = async work => {
  const began = performance.now()
  const outcome = await work()
  return { ms: performance.now() - began, outcome }
}

/** A film's page, and a person who adds a source: both wait for the panel at once. */
async function ask(world, filmId, n) {
  const { cookie, a } = world
  const address = `http://127.0.0.1:${a.port}`
  const source = { kind: 'xtream', name: 'Late', address, username: `normal.late${n}`, password: 'pass' }
  const [page, added] = await Promise.all([
    timed(() => call('GET', `/api/items/${filmId}`, { cookie }).catch(error => ({ error: error.message }))),
    timed(() => call('POST', '/api/providers', { cookie, body: source }).catch(error => error.message)),
  ])
  const isRight = page.outcome.stale === true && String(added.outcome).includes('UPSTREAM_TIMEOUT')
  return { ms: Math.max(page.ms, added.ms), isRight }
}

const panelLate = {
  promise: 'panel hangs or drips: page as known, new source told, both within 10 s',
  inject: async world => {
    const { items } = await call('GET', `/api/items?kind=movie&limit=100&provider=${world.providers.a}`, { cookie: world.cookie })
    const results = {}
    for (const [n, mode] of ['hang', 'drip', 'drip-body'].entries()) {
      world.a.mode = mode
      results[mode] = await ask(world, items.at(-1 - n).id, n)
      world.a.cut()
    }
    const told = Object.entries(results).map(
      ([mode, { ms, isRight }]) => `${mode} ${seconds(ms)}${isRight ? '' : ' (wrong answer)'}`,
    )
    return {
      measured: told.join(', '),
      ok: Object.values(results).every(({ ms, isRight }) => isRight && ms <= API_MS + SLACK_MS),
    }
  },
}

const guideLate = {
  /** Ten minutes of waiting. */
  onlyNamed: true,
  promise: 'a guide that drips: ends at 10 min with a reason',
  inject: async world => {
    const { a, cookie } = world
    a.mode = 'drip-body'
    const body = { name: 'Drip', url: `http://127.0.0.1:${a.port}/drip.xml` }
    const { ms, outcome } = await timed(async () => {
      const { id } = await call('POST', '/api/guide-sources', { cookie, body })
      let row = null
      for (let waited = 0; waited < 2 * GUIDE_MS && row?.code == null; waited += 500) {
        await sleep(500)
        ;[row] = await world.query(
          `SELECT state, CASE WHEN state = 'idle' THEN error_code END AS code FROM guide_source WHERE id = $1`,
          [id],
        )
      }
      return row.code ?? `still ${row.state}`
    })
    return { measured: `${outcome} after ${seconds(ms)}`, ok: outcome === 'UPSTREAM_TIMEOUT' && ms <= GUIDE_MS + 5_000 }
  },
}

export const faults = { C3A: panelLate, C3G: guideLate }
