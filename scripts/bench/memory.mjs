// A tab that plays a channel for a long time: what it holds at the end beside what it held when it had settled.
import { readFileSync } from 'node:fs'
import { openScreen } from './screen.mjs'
import { startStreamWorld } from './stream-world.mjs'
import { address, percentile, sleep } from './world.mjs'

const MINUTE = 60_000
/** What the decoder, the buffer behind the picture and the list of an hour that one can go back in take comes until then. */
const SETTLE_MINUTES = 65
const KILOBITS = 500

/** Megabytes of JavaScript after a collection, and of the whole process that draws the page. */
async function hold(page, session) {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const { nodes } = await session.send('Memory.getDOMCounters')
  const { processInfo } = await session.send('SystemInfo.getProcessInfo').catch(() => ({ processInfo: [] }))
  const pids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
  const resident = pids.reduce((sum, pid) => sum + residentOf(pid), 0)
  const frames = await page.evaluate(() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames)
  return { heap: usedSize / 2 ** 20, resident, nodes, frames }
}

function residentOf(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024
  } catch {
    return 0
  }
}

/** Two hours show what a day would do: what is held after the first one does not grow any more. */
export async function measure({ minutes = 120 } = {}) {
  if (minutes < SETTLE_MINUTES + 10) throw new Error(`at least ${SETTLE_MINUTES + 10} minutes`)
  const world = await startStreamWorld({ channels: 1, kilobits: KILOBITS })
  const { browser, page } = await openScreen()
  try {
    const session = await browser.newBrowserCDPSession()
    const own = await page.context().newCDPSession(page)
    const both = { send: name => (name.startsWith('SystemInfo') ? session.send(name) : own.send(name)) }
    await page.goto(address + world.watch(0))
    await page.waitForFunction(() => (document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0) > 10)
    const seen = []
    for (let n = 0; n <= minutes; n++) {
      const held = await hold(page, both)
      if (n >= SETTLE_MINUTES) seen.push(held)
      const { heap, resident, nodes, frames } = held
      process.stdout.write(
        `  minute ${n}: heap ${heap.toFixed(1)} MB, process ${resident.toFixed(0)} MB, ${nodes} nodes, ${frames} frames\n`,
      )
      if (n < minutes) await sleep(MINUTE)
    }
    const part = Math.max(1, Math.floor(seen.length / 4))
    const rows = [
      { name: 'page after a long time, its JavaScript', key: 'heap' },
      { name: 'page after a long time, its process', key: 'resident' },
    ]
    return rows.map(({ name, key }) => {
      const middle = list =>
        percentile(
          list.map(each => each[key]),
          0.5,
        )
      const [before, after] = [middle(seen.slice(0, part)), middle(seen.slice(-part))]
      const reference = `${before.toFixed(1)} MB after its first hour`
      return { name, value: after, unit: 'MB', reference, ratio: after / before, goal: '< 1.1 x', ok: after < before * 1.1 }
    })
  } finally {
    await browser.close()
    await world.end()
  }
}
