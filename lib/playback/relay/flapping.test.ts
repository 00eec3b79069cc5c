import { expect, test } from 'vitest'
import { AppError, type ErrorCode } from '@/lib/kernel/errors'
import { defaultRelayOptions } from './relay-options'
import { SourceRotation } from './source-rotation'

const OUTAGE_MS = 1_000
const WATCHED_MS = 300_000

/** Numbers that are the same in every run. */
function makeRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

/**
 * A provider that refuses for a second and answers for a second (reliability.md C10), its streams ending like this; times of
 * the dials in five minutes, in ms.
 */
function watchFlapping(random: () => number, ending: ErrorCode): { dials: number[]; isGivenUp: boolean } {
  const connect = () => Promise.reject(new AppError('UPSTREAM_EMPTY'))
  const rotation = new SourceRotation([{ id: '/a', connect }], defaultRelayOptions, random)
  rotation.next(0)
  rotation.markLive(100)
  let now = 20_000
  let pause = rotation.afterFailure(new AppError(ending), now)
  const dials: number[] = []
  while (now < WATCHED_MS && pause.kind === 'wait') {
    now += pause.ms
    dials.push(now)
    rotation.next(now)
    const phase = now % (2 * OUTAGE_MS)
    const isUp = phase >= OUTAGE_MS
    if (isUp) rotation.markLive(now)
    now += isUp ? 2 * OUTAGE_MS - phase : 5
    pause = rotation.afterFailure(new AppError(isUp ? ending : 'PROVIDER_BUSY'), now)
  }
  return { dials, isGivenUp: pause.kind === 'give-up' }
}

test.each<ErrorCode>(['UPSTREAM_PROTOCOL_ERROR', 'STREAM_ENDED'])(
  'a channel that flaps for five minutes is not given up, and is dialled every three seconds at most: %s',
  ending => {
    for (let seed = 1; seed <= 20; seed++) {
      const { dials, isGivenUp } = watchFlapping(makeRandom(seed), ending)
      expect(isGivenUp, `seed ${seed}`).toBe(false)
      const gaps = dials.slice(2).map((at, index) => at - (dials[index + 1] ?? 0))
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(3_000)
    }
  },
)
