import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { randomRequests } from '@/scripts/faults/random.mjs'
import { type GatewayWorld, type MadeLine, type Sent, sendTo, startGatewayWorld } from './gateway-world'

let world: GatewayWorld
let line: MadeLine
const send = (sent: Sent) => sendTo(world.base, sent)

beforeAll(async () => {
  world = await startGatewayWorld()
  line = await world.makeLine({ maxConnections: 50 })
})

afterAll(async () => {
  expect(world.failures).toEqual([])
  await world.endAll()
})

test('ten thousand random requests leave the process alive and no error behind', { timeout: 120_000 }, async () => {
  const firstOf = async (action: string, name: string) => {
    const [first] = (await world.api(line, `&action=${action}`)) as Record<string, unknown>[]
    return String(first?.[name])
  }
  const there = [
    await firstOf('get_live_streams', 'stream_id'),
    await firstOf('get_vod_streams', 'stream_id'),
    await firstOf('get_series', 'series_id'),
  ]
  const next = randomRequests(20_261_122, line, there)
  // Guessing is throttled like everywhere; each request comes from elsewhere, so that all of them are answered.
  const statuses = new Map<number, number>()
  const sendMany = async (count: number) => {
    for (let n = 0; n < count; n += 50) {
      const sent = Array.from({ length: 50 }, (_, k) => {
        return send({ ...next(), headers: { 'x-test-address': `10.${n % 250}.${k}.1` } })
      })
      for (const { status } of await Promise.all(sent)) statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    collectGarbage()
    const { rss, heapUsed } = process.memoryUsage()
    return { rss: rss / 2 ** 20, heap: heapUsed / 2 ** 20 }
  }
  // What is filled once (code, caches, pools) is filled by the first ones; what leaks goes on growing.
  await sendMany(4_000)
  const middle = await sendMany(3_000)
  const end = await sendMany(3_000)
  expect([...statuses].filter(([status]) => status >= 500)).toEqual([])
  expect(statuses.get(200)).toBeGreaterThan(100)
  // Measured over eight rounds of 3,000: 0 to 3 MB of RSS and 0.1 to 0.6 MB of heap, which is what short-lived memories fill.
  expect(end.rss - middle.rss).toBeLessThan(15)
  expect(end.heap - middle.heap).toBeLessThan(3)
  expect(await world.api(line)).toHaveProperty('user_info.auth', 1)
})

/** Memory that waits to be collected is no growth. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}
