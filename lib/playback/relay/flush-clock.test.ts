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
    await vi.advanceTimersByTimeAsync(at - now)
    now = at
    clock.schedule()
  }
  await vi.advanceTimersByTimeAsync(500)
}

test('what comes when the last is long gone is handed on with what is read behind it', async () => {
  await arrive(0, 1, 100, 101, 195, 290, 292)
  expect(flushes).toEqual([5, 105, 200, 295])
})

test('what trickles is gathered', async () => {
  await arrive(0, 10, 20, 30, 90, 110, 120)
  expect(flushes).toEqual([5, 105, 205])
})

test('nothing is handed on once it is cancelled', async () => {
  clock.schedule()
  clock.cancel()
  await arrive()
  expect(flushes).toEqual([])
  clock.schedule()
  await vi.advanceTimersByTimeAsync(5)
  expect(flushes).toHaveLength(1)
})
