import { expect, test } from 'vitest'
import { AppError, type ErrorCode } from '@/lib/kernel/errors'
import { defaultRelayOptions } from './relay-options'
import { SourceRotation } from './source-rotation'
import type { RelaySource } from './upstream'

/** Only its turn is asked for, so it is never dialled. */
const source = (id: string): RelaySource => ({ id, connect: () => Promise.reject(new AppError('UPSTREAM_EMPTY')) })
const usual = { ...defaultRelayOptions, minReconnectMs: 3_000, healthyAfterMs: 10_000, outageMs: 80_000 }

test('the rotation tries every source once without delay, then no more than once per three seconds', () => {
  const options = { ...usual, maxBackoffMs: 20_000, coldRounds: 3 }
  const rotation = new SourceRotation([source('/a'), source('/b')], options, () => 0.5)
  const error = new AppError('UPSTREAM_EMPTY')
  const tries: [string, number][] = []
  let now = 1_000
  for (;;) {
    tries.push([rotation.next(now).id, now])
    const pause = rotation.afterFailure(error, now + 100)
    now += 100
    if (pause.kind === 'give-up') break
    now += pause.ms
  }
  expect(tries.map(([id]) => id)).toEqual(['/a', '/b', '/a', '/b', '/a', '/b'])
  const gaps = tries.slice(1).map(([, at], index) => at - (tries[index]?.[1] ?? 0))
  expect(gaps[0]).toBe(100)
  for (const gap of gaps.slice(1)) expect(gap).toBeGreaterThanOrEqual(3_000)
})

test('a refusal that no repetition mends is told at once, and clips are not repeated for ever', () => {
  const options = { ...usual, maxBackoffMs: 1_000, coldRounds: 2 }
  const refused = new SourceRotation([source('/a')], options)
  refused.next(0)
  expect(refused.afterFailure(new AppError('NO_SOURCE'), 50)).toMatchObject({ kind: 'give-up', error: { code: 'NO_SOURCE' } })
  const clips = new SourceRotation([source('/a')], options)
  const kinds: string[] = []
  for (let now = 0; now < 50_000; now += 5_000) {
    clips.next(now)
    clips.markLive(now + 100)
    kinds.push(clips.afterFailure(new AppError('STREAM_ENDED'), now + 2_000).kind)
  }
  expect(kinds.indexOf('give-up')).toBe(4)
})

test('a source that played well is dialled again at once, and the list is given up only after the outage time', () => {
  const options = { ...usual, maxBackoffMs: 1_000, coldRounds: 1 }
  const rotation = new SourceRotation([source('/a')], options, () => 0.5)
  rotation.next(0)
  rotation.markLive(100)
  const error = new AppError('STREAM_ENDED')
  expect(rotation.afterFailure(error, 60_000)).toEqual({ kind: 'wait', ms: 0 })
  rotation.next(60_000)
  expect(rotation.afterFailure(error, 61_000).kind).toBe('wait')
  rotation.next(139_000)
  expect(rotation.afterFailure(error, 141_000)).toMatchObject({ kind: 'give-up', error: { code: 'STREAM_ENDED' } })
})

/** Dials like this until the channel is given up; answers the tries that took, null when it is kept. */
function triesUntilGivenUp(lives: readonly ('clip' | 'refused')[]): number | null {
  const rotation = new SourceRotation([source('/a')], usual, () => 1)
  let now = 0
  rotation.next(now)
  rotation.markLive(now)
  now += 60_000
  rotation.afterFailure(new AppError('STREAM_ENDED'), now)
  for (const [n, life] of lives.entries()) {
    rotation.next(now)
    if (life === 'clip') rotation.markLive(now)
    now += 2_000
    const pause = rotation.afterFailure(new AppError(life === 'clip' ? 'STREAM_ENDED' : 'PROVIDER_BUSY'), now)
    if (pause.kind === 'give-up') return n + 1
    now += pause.ms
  }
  return null
}

test('clips after a good time are given up after five; short lives around a refusal are an outage, for as long as one may last', () => {
  const clips = (count: number) => Array<'clip'>(count).fill('clip')
  expect(triesUntilGivenUp(clips(30))).toBe(5)
  expect(triesUntilGivenUp(['refused', ...clips(8)])).toBe(null)
  expect(triesUntilGivenUp([...clips(4), 'refused', ...clips(8), 'refused', ...clips(8)])).toBe(null)
  expect(triesUntilGivenUp(['refused', ...clips(30)])).toBeGreaterThan(10)
})

test('who refuses us is asked less often than who is away', () => {
  const longest = (code: ErrorCode) => {
    const rotation = new SourceRotation([source('/a')], { ...usual, coldRounds: 20 }, () => 1)
    rotation.next(0)
    rotation.markLive(0)
    const waits = Array.from({ length: 10 }, (_, n) => {
      rotation.next(n)
      const pause = rotation.afterFailure(new AppError(code), n)
      return pause.kind === 'wait' ? pause.ms : 0
    })
    return Math.max(...waits)
  }
  expect(longest('UPSTREAM_EMPTY')).toBe(8_000)
  expect(longest('PROVIDER_BLOCKS_US')).toBe(23_000)
  expect(longest('NO_SOURCE')).toBe(23_000)
})
