import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FlushClock } from './flush-clock'

let flushes: number[]
let clock: FlushClock

beforeEach(() => {
  vi.useFakeTimers({ now: 10_000 })
  flushes = []
  const began = performance.now()
  clock = new FlushClock(
    () => 100,
    () => flushes.push(Math.round(performance.now() - began)),
  )
})
afterEach(() => void vi.useRealTimers())

async function arrive(...times: number[]): Promise<void> {
  let now = 0
  for (const at of times) {
    // Several at one time come in one turn.
    if (at > now) await vi.advanceTimersByTimeAsync(at - now)
    now = at
    clock.schedule()
  }
  await vi.advanceTimersByTimeAsync(500)
}

test('what comes when the last is long gone is handed on in the same turn', async () => {
  await arrive(0, 0, 0, 100, 100, 195, 290, 290)
  expect(flushes).toEqual([0, 100, 195, 290])
})

test('what trickles is gathered', async () => {
  await arrive(0, 10, 20, 30, 90, 110, 120)
  expect(flushes).toEqual([0, 100, 200])
})

test('nothing is handed on once it is cancelled', async () => {
  clock.schedule()
  clock.cancel()
  await arrive()
  expect(flushes).toEqual([])
  clock.schedule()
  await vi.advanceTimersByTimeAsync(1)
  expect(flushes).toHaveLength(1)
})
