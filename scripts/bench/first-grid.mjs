// From the address of the guide to the first programmes on screen: of a browser that knows nothing of us but who is signed in,
// and of one that was here before.
import { address, percentile } from './world.mjs'

const LOADS = 20
const GOAL_MS = 1_000

/** What the browser keeps of us beside the sign-in: `storageTypes` of its debugging protocol. */
export async function forgetKept(page, storageTypes) {
  const session = await page.context().newCDPSession(page)
  await session.send('Storage.clearDataForOrigin', { origin: address, storageTypes })
  return session
}

async function forgetAll(page) {
  const session = await forgetKept(page, 'indexeddb,cache_storage,service_workers,local_storage')
  await session.send('Network.clearBrowserCache')
  await session.detach()
}

async function load(page) {
  const began = performance.now()
  await page.goto(`${address}/guide`)
  await page.locator('[data-kind="programme"]').first().waitFor()
  return performance.now() - began
}

async function loads(page, prepare) {
  const times = []
  for (let round = 0; round < LOADS; round++) {
    // An empty page: nothing of ours is open while things are taken away, and nothing of it is left to show.
    await page.goto('about:blank')
    await prepare()
    times.push(await load(page))
  }
  return [0.5, 0.95].map(part => percentile(times, part))
}

const rowOf = (name, value, reference, goal) => ({
  name: `guide: first grid on screen, ${name}`,
  value,
  unit: 'ms',
  reference,
  ratio: null,
  goal: goal ? '< 1,000 ms' : '',
  ok: !goal || value < GOAL_MS,
})

export async function firstGrid(page) {
  const [p50, p95] = await loads(page, () => forgetAll(page))
  await load(page)
  // Time for the device to keep what was seen.
  await page.waitForTimeout(2_000)
  const [again50, again95] = await loads(page, async () => {})
  const clean = `${LOADS} loads, scripts and all fetched anew`
  return [
    rowOf('nothing kept: p50', p50, clean, false),
    rowOf('nothing kept: p95', p95, clean, true),
    rowOf('here before: p50', again50, `${LOADS} loads`, false),
    rowOf('here before: p95', again95, `${LOADS} loads`, true),
  ]
}
