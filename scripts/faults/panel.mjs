// Faults of a provider's panel: refusals and lists that are empty, cut or of another kind.
import { call, importSource, sleep } from '../bench/world.mjs'
import { httpAnswer } from './fault-relay.mjs'

/** Films of the first provider; each is opened by one part of a fault only, since a failed one rests for a minute. */
async function makeFilms(world) {
  const { items } = await call('GET', `/api/items?kind=movie&limit=100&provider=${world.providers.a}`, { cookie: world.cookie })
  const ids = items.map(({ id }) => id)
  return count => {
    if (ids.length < count) throw new Error('there are too few films')
    return ids.splice(0, count)
  }
}

/** Opens film pages, which ask the provider for details, one every `pause` ms; answers how many were served as known. */
async function openFilms(world, ids, pause = 200) {
  let stale = 0
  for (const id of ids) {
    const page = await call('GET', `/api/items/${id}`, { cookie: world.cookie }).catch(error => ({ error: error.message }))
    if (page.stale === true && page.error === undefined) stale++
    await sleep(pause)
  }
  return stale
}

const PAGES = 15
const OPEN_MS = 30_000

/** An honest answer closes the circuit, which may be open from the fault before. */
async function heal({ a, cookie }, films) {
  a.mode = 'pass'
  for (let waited = 0; waited <= OPEN_MS; waited += OPEN_MS / 5) {
    const [id] = films(1)
    if ((await call('GET', `/api/items/${id}`, { cookie })).stale === false) return
    await sleep(OPEN_MS / 5)
  }
  throw new Error('the circuit stays open')
}

/** A status for everything: how often the panel is asked for pages in a burst and in the half minute after it, and how many went on. */
async function refuse(world, films, status) {
  const { a } = world
  await heal(world, films)
  a.mode = 'answer'
  a.answer = httpAnswer(status)
  const before = a.requests
  const burst = await openFilms(world, films(PAGES))
  const asked = a.requests - before
  const after = await openFilms(world, films(5), OPEN_MS / 5)
  const whileOpen = a.requests - before - asked
  await sleep(2_000)
  return { asked, whileOpen, stale: burst + after, pages: PAGES + 5 }
}

const refusing = {
  promise: '500, 403: circuit opens after 5, <= 1 call per 30 s, pages go on; 404 is one film; Retry-After kept',
  inject: async world => {
    const { a } = world
    const films = await makeFilms(world)
    const seen = { 500: await refuse(world, films, 500), 403: await refuse(world, films, 403) }
    // A film that is not there says nothing of the others, but is not asked for again.
    await heal(world, films)
    a.mode = 'answer'
    a.answer = httpAnswer(404)
    const gone = films(PAGES)
    let before = a.requests
    const stale = (await openFilms(world, gone)) + (await openFilms(world, gone, 0))
    const unknown = a.requests - before
    const rests = []
    for (const status of [503, 429]) {
      a.answer = httpAnswer(status, { headers: { 'retry-after': '6' } })
      await openFilms(world, films(1))
      before = a.requests
      await openFilms(world, films(8))
      rests.push(a.requests - before)
      await sleep(6_000)
    }
    const told = Object.entries(seen).map(
      ([status, { asked, whileOpen, stale: served, pages }]) =>
        `${status}: ${asked} calls for ${PAGES} pages, then ${whileOpen} in 30 s, ${served}/${pages} served as known`,
    )
    return {
      measured: `${told.join('; ')}; 404: ${unknown} calls for ${2 * PAGES} openings of ${PAGES} films, ${stale} served as known; ${rests} calls during Retry-After of 503, 429`,
      ok:
        Object.values(seen).every(one => one.asked === 5 && one.whileOpen <= 1 && one.stale === one.pages) &&
        unknown === PAGES &&
        stale === 2 * PAGES &&
        rests.every(count => count === 0),
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
