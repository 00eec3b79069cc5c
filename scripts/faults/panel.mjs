// Faults of a provider's panel: refusals and lists that are empty, cut or of another kind.
import { call, importSource, sleep } from '../bench/world.mjs'
import { httpAnswer } from './fault-relay.mjs'

/** Opens film pages, which ask the provider for details, five a second; answers how they went. */
async function openFilms(world, { count, offset }) {
  const { items } = await call('GET', `/api/items?kind=movie&limit=100&provider=${world.providers.a}`, { cookie: world.cookie })
  const results = []
  for (const { id } of items.slice(offset, offset + count)) {
    const page = await call('GET', `/api/items/${id}`, { cookie: world.cookie }).catch(error => ({ error: error.message }))
    results.push(page)
    await sleep(200)
  }
  return results
}

const refusing = {
  promise: '503: circuit opens after 5, <= 1 call per 30 s, pages go on; Retry-After kept',
  inject: async world => {
    await sleep(100)
    const { a } = world
    a.mode = 'answer'
    a.answer = httpAnswer(503)
    let before = a.requests
    const pages = await openFilms(world, { count: 40, offset: 0 })
    const calls = a.requests - before
    const stale = pages.filter(page => page.stale === true && page.error === undefined).length
    // Until the circuit closes by itself.
    await sleep(31_000)
    a.answer = httpAnswer(429, { headers: { 'retry-after': '6' } })
    await openFilms(world, { count: 1, offset: 40 })
    before = a.requests
    await openFilms(world, { count: 20, offset: 41 })
    const early = a.requests - before
    const ok = calls <= 6 && stale === pages.length && early === 0
    return {
      measured: `${calls} calls reached it for 40 pages, ${stale}/40 served as known, ${early} calls during Retry-After`,
      ok,
    }
  },
}

const badLists = {
  promise: 'empty, cut or foreign catalogue: nothing is deleted',
  inject: async world => {
    const { cookie } = world
    const { id } = await importSource(cookie, 'normal.lists')
    const had = [...(await idsOf(world, id))]
    const outcomes = []
    for (const fault of ['json-null', 'json-object', 'json-cut', 'json-html', 'html']) {
      await world.control({ fault })
      await call('POST', `/api/providers/${id}/refresh`, { cookie, body: {} }).catch(() => {})
      outcomes.push(await importEnded(cookie, id))
      await world.control({ fault: null })
    }
    const { id: once } = await importSource(cookie, 'empty-once')
    had.push(...(await idsOf(world, once)))
    await call('POST', `/api/providers/${once}/refresh`, { cookie, body: {} })
    await importEnded(cookie, once)
    const left = new Set([...(await idsOf(world, id)), ...(await idsOf(world, once))])
    const lost = had.filter(one => !left.has(one)).length
    const how = [...new Set(outcomes)].join(', ')
    return {
      measured: `${lost} of ${had.length} sources deleted in 6 bad refreshes (${how})`,
      ok: lost === 0 && had.length > 100,
    }
  },
}

/** Sources of a provider that are still there; those a list lacked once are kept and only stand behind. */
async function idsOf(world, providerId) {
  return (await world.query('SELECT id FROM source WHERE provider_id = $1', [providerId])).map(({ id }) => id)
}

async function importEnded(cookie, providerId) {
  for (let tries = 0; tries < 600; tries++) {
    const newest = (await call('GET', '/api/imports', { cookie })).find(one => one.providerId === providerId)
    if (newest && !['queued', 'running'].includes(newest.state)) return newest.state
    await sleep(100)
  }
  throw new Error('the import did not end')
}

export const faults = { C1: refusing, C9: badLists }
