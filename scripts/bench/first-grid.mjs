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

const screens = {
  guide: { path: '/guide', isThere: page => page.locator('[data-kind="programme"]').first() },
  settings: { path: '/settings', isThere: page => page.getByRole('button', { name: 'Sign out', exact: true }) },
}

async function load(page, { path, isThere }) {
  const began = performance.now()
  await page.goto(address + path)
  await isThere(page).waitFor()
  return performance.now() - began
}

/** p50 and p95 of many loads, each after what `prepare` does. */
async function loads(page, screen, prepare = async () => {}) {
  const times = []
  for (let round = 0; round < LOADS; round++) {
    // An empty page: nothing of ours is open while things are taken away, and nothing of it is left to show.
    await page.goto('about:blank')
    await prepare()
    times.push(await load(page, screen))
  }
  return [0.5, 0.95].map(part => percentile(times, part))
}

const rowsOf = (name, values, others, hasGoal) =>
  ['p50', 'p95'].map((part, at) => ({
    name: `guide, first grid, ${name}: ${part}`,
    value: values[at],
    unit: 'ms',
    reference: `settings page: ${others[at].toFixed(0)} ms`,
    ratio: others[at] / values[at],
    goal: part === 'p95' && hasGoal ? '< 1,000 ms' : '',
    ok: part === 'p95' && hasGoal ? values[at] < GOAL_MS : null,
  }))

export async function firstGrid(page) {
  const forget = () => forgetAll(page)
  const [clean, cleanOther] = [await loads(page, screens.guide, forget), await loads(page, screens.settings, forget)]
  await load(page, screens.guide)
  // Time for the device to keep what was seen.
  await page.waitForTimeout(2_000)
  const [again, againOther] = [await loads(page, screens.guide), await loads(page, screens.settings)]
  return [...rowsOf('nothing kept', clean, cleanOther, true), ...rowsOf('here before', again, againOther, false)]
}
