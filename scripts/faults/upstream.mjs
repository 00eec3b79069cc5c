// Faults of one upstream connection: what dies, hangs, lies or flaps, and how viewers get through it.
import { percentile, sleep } from '../bench/world.mjs'
import { httpAnswer } from './fault-relay.mjs'
import { seconds, startViewer, waitFor } from './viewer.mjs'

/** Starts a channel with its first source behind relay A; answers after `settle` ms of picture. */
async function playing(world, { offset = 0, alone = false, settle = 3_000 } = {}) {
  const [channel] = await world.channels(1, offset)
  // Without its second source a channel has to live with what the first one does.
  const itemId = alone ? await aloneChannel(world) : channel.id
  const { view, viewer } = await world.watch(alone ? { itemId } : { itemId, sourceId: channel.sources[0] })
  await waitFor(() => viewer.firstByteAt !== null)
  await sleep(settle)
  return { view, viewer }
}

/** A channel whose only source is behind relay A: the second list calls this one something else. */
async function aloneChannel(world) {
  const [row] = await world.query(
    `SELECT item_id AS id FROM source WHERE kind = 'channel' AND item_id IN (SELECT item_id FROM source WHERE provider_id = $1)
     GROUP BY item_id HAVING count(*) = 1 ORDER BY 1 LIMIT 1`,
    [world.providers.a],
  )
  if (row !== undefined) return row.id
  const [channel] = await world.channels(1, 39)
  await world.query('DELETE FROM source WHERE item_id = $1 AND provider_id = $2', [channel.id, world.providers.b])
  return channel.id
}

/** Breaks a running stream and waits until its viewer sees bytes again: the longest silence, in ms. */
async function silenceAfter(world, fault, { patience = 20_000 } = {}) {
  const { viewer } = await playing(world)
  const before = viewer.gaps.length
  const brokenAt = performance.now()
  const openedB = world.b.requests
  await fault()
  await waitFor(() => world.b.requests > openedB, patience)
  await sleep(3_000)
  const silence = Math.max(0, ...viewer.gaps.slice(before))
  const alive = viewer.closedAt === null && viewer.lastByteAt > brokenAt
  return { silence, alive, viewer }
}

/** How long a new viewer waits while the first source behaves like this; the second one is healthy. */
async function startOver(world, { offset }) {
  const [channel] = await world.channels(1, offset)
  const began = performance.now()
  const { view, viewer } = await world.watch({ itemId: channel.id, sourceId: channel.sources[0] })
  await waitFor(() => viewer.firstByteAt !== null)
  const waited = performance.now() - began
  await world.close(view.sessionId)
  return waited
}

async function startsOver(world, count) {
  const times = []
  for (let n = 0; n < count; n++) times.push(await startOver(world, { offset: 2 + n }))
  return times
}

const connectHang = {
  promise: 'an address that swallows SYNs: next source within 6 s',
  inject: async world => {
    const restore = await world.a.blackHole()
    const times = await startsOver(world, 3).finally(restore)
    const p95 = percentile(times, 0.95)
    return { measured: `first byte from the other source: worst of ${times.length} ${seconds(p95)}`, ok: p95 <= 6_000 }
  },
}

const headersHang = {
  promise: 'no headers, or a byte every 2 s: next source within 6 s, slots freed',
  inject: async world => {
    world.a.mode = 'hang'
    const hang = Math.max(...(await startsOver(world, 2)))
    world.a.mode = 'drip'
    const drip = Math.max(...(await startsOver(world, 2)))
    await sleep(1_500)
    const [{ held }] = await world.query("SELECT count(*)::int AS held FROM slot WHERE holder <> '' AND expires_at > now()")
    return {
      measured: `hang ${seconds(hang)}, drip ${seconds(drip)}, slots still held ${held}`,
      ok: Math.max(hang, drip) <= 6_000 && held === 0,
    }
  },
}

const halfOpen = {
  promise: 'half-open connection: noticed within 8 s, other source takes over',
  inject: async world => {
    const { silence, alive, viewer } = await silenceAfter(world, () => {
      world.a.mode = 'half-open'
    })
    const ok = alive && silence <= 9_000 && viewer.misaligned === 0
    return {
      measured: `viewer kept ${alive}, silence ${seconds(silence)}, broken packets at the splice ${viewer.misaligned}`,
      ok,
    }
  },
}

const pageInstead = {
  promise: 'a page or text with status 200 is never sent on as video',
  inject: async world => {
    world.a.mode = 'answer'
    const results = []
    for (const body of ['FAILED TO CONNECT', '<html><body><form>login</form></body></html>']) {
      world.a.answer = httpAnswer(200, { body, headers: { 'content-type': 'text/html' } })
      const { view, viewer } = await world.watch({ itemId: await aloneChannel(world) })
      const playlist = startViewer(`${view.folder}/index.m3u8`)
      await waitFor(() => viewer.closedAt !== null && playlist.closedAt !== null)
      const code = /x-error-code: (\w+)/i.exec(playlist.head)?.[1] ?? 'none'
      results.push({ bytes: viewer.bytes, status: viewer.status, code })
    }
    const bytes = results.reduce((sum, result) => sum + result.bytes, 0)
    const codes = [...new Set(results.map(({ code }) => code))].join()
    const statuses = [...new Set(results.map(({ status }) => status))].join()
    return {
      measured: `${codes}, raw viewer got status ${statuses} and ${bytes} bytes`,
      ok: bytes === 0 && codes.startsWith('UPSTREAM_'),
    }
  },
}

const cleanEnd = {
  promise: 'a clean end of a live stream is a failure: other source takes over',
  inject: async world => {
    const { silence, alive } = await silenceAfter(world, () => world.a.finish())
    return { measured: `viewer kept ${alive}, silence ${seconds(silence)}`, ok: alive && silence < 3_000 }
  },
}

const noise = {
  promise: '1 MB of noise inside the stream: in step again within 64 KiB, viewers kept',
  inject: async world => {
    const { viewer } = await playing(world)
    const before = { good: world.a.bytes, seen: viewer.bytes }
    world.a.noise(2 ** 20)
    await sleep(4_000)
    // Good packets that never arrived: those passed over while looking for the beat. Pieces of 120 ms are still on their way.
    const lost = Math.max(0, world.a.bytes - before.good - (viewer.bytes - before.seen))
    const isThrough = world.a.bytes > before.good
    const kept = viewer.closedAt === null
    const ok = isThrough && lost <= 65_536 && kept && viewer.misaligned === 0
    const text = `good bytes lost ${(lost / 1_024).toFixed(0)} KiB, misaligned packets to the viewer ${viewer.misaligned}, viewer kept ${kept}`
    return { measured: isThrough ? text : 'the stream did not pass the relay', ok }
  },
}

const FLAP_SECONDS = 300
const FLAP_VIEWERS = 5
/** A dial per three seconds; the rest is the way of a request. */
const CLOSEST_MS = 2_900

/** Five minutes of a provider that is up for a second and down for one, its streams ending as `end` ends them. */
async function flap(world, end) {
  const { view, viewer } = await playing(world, { alone: true })
  const others = Array.from({ length: FLAP_VIEWERS - 1 }, () => startViewer(`${view.folder}/live.ts`))
  const viewers = [viewer, ...others]
  await waitFor(() => viewers.every(({ firstByteAt }) => firstByteAt !== null))
  const dialled = world.a.dials.length
  const began = performance.now()
  let outages = 0
  while (performance.now() - began < FLAP_SECONDS * 1_000) {
    world.a.mode = 'answer'
    world.a.answer = httpAnswer(503)
    end()
    outages++
    await sleep(1_000)
    world.a.mode = 'pass'
    await sleep(1_000)
  }
  const dials = world.a.dials.slice(dialled)
  const perMinute = (dials.length / FLAP_SECONDS) * 60
  const closest = Math.min(...dials.slice(1).map((time, n) => time - dials[n]))
  const stalls = Math.max(...viewers.map(({ gaps }) => gaps.length))
  const kept = viewers.filter(({ closedAt }) => closedAt === null).length
  for (const { leave } of viewers) leave()
  return {
    measured: `${perMinute.toFixed(1)} dials/min (the closest ${seconds(closest)} apart), at most ${stalls} stalls of a viewer in ${outages} outages, ${kept}/${FLAP_VIEWERS} viewers kept`,
    ok: perMinute <= 20 && closest >= CLOSEST_MS && stalls <= outages && kept === FLAP_VIEWERS,
  }
}

const FLAP_PROMISE = 'up 1 s, down 1 s for five minutes: a dial per 3 s at most, viewers kept, one stall per outage'
const flapping = { promise: FLAP_PROMISE, inject: world => flap(world, () => world.a.reset()) }
/** A clean end is also what a panel's clip has, which is given up soon. */
const flappingCleanly = { promise: `${FLAP_PROMISE}; clean ends`, inject: world => flap(world, () => world.a.finish()) }

export const faults = {
  C2: connectHang,
  C3: headersHang,
  C4: halfOpen,
  C5: pageInstead,
  C6: cleanEnd,
  C7: noise,
  C10: flapping,
  C10E: flappingCleanly,
}
