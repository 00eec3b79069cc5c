import { expect, test } from 'vitest'
import { QualitySteps } from './quality-steps'

const [LOW, MIDDLE, HIGH] = [1, 2, 4]

/** Calls for one quality while another is fetched, once a second; the last answer. */
function callFor(steps: QualitySteps, call: Parameters<QualitySteps['take']>[0], seconds: number) {
  let step = steps.take(call)
  for (let passed = 1; passed <= seconds && step === 'wait'; passed++) {
    step = steps.take({ ...call, at: call.at + passed, position: call.position + passed })
  }
  return step
}

test('a lower quality that is called for only for an instant is left out while much is in hand', () => {
  const steps = new QualitySteps()
  const call = { position: 0, end: 40, current: HIGH }
  expect(steps.take({ ...call, bandwidth: LOW, at: 0 })).toBe('wait')
  expect(steps.take({ ...call, bandwidth: HIGH, at: 2 })).toBe('wait')
  expect(steps.take({ ...call, bandwidth: LOW, at: 3 })).toBe('wait')
  expect(steps.take({ ...call, bandwidth: LOW, at: 6 })).toBe('switch')
})

test('a lower quality is taken at once when little is in hand', () => {
  expect(new QualitySteps().take({ bandwidth: LOW, current: HIGH, at: 0, position: 20, end: 30 })).toBe('switch')
})

test('a better quality is called for a while before it is taken, however little is in hand', () => {
  const steps = new QualitySteps()
  const call = { bandwidth: HIGH, current: LOW, position: 20, end: 24 }
  expect(steps.take({ ...call, at: 0 })).toBe('wait')
  expect(steps.take({ ...call, at: 3 })).toBe('switch')
})

test('a better quality takes the place of what is in hand, but for what is shown while it comes', () => {
  const step = callFor(new QualitySteps(), { bandwidth: HIGH, current: LOW, at: 0, position: 0, end: 40 }, 5)
  expect(step).toEqual({ kept: 7 })
})

test('nothing is replaced for less than a segment', () => {
  const step = callFor(new QualitySteps(), { bandwidth: HIGH, current: LOW, at: 0, position: 0, end: 13 }, 5)
  expect(step).toBe('switch')
})

test('what is in hand of the better quality stays', () => {
  const steps = new QualitySteps()
  expect(callFor(steps, { bandwidth: LOW, current: HIGH, at: 0, position: 0, end: 30 }, 5)).toBe('switch')
  expect(callFor(steps, { bandwidth: HIGH, current: LOW, at: 10, position: 10, end: 50 }, 5)).toEqual({ kept: 30 - 13 })
})

test('of several qualities in hand those give way that are worse than the one called for', () => {
  const fill = () => {
    const steps = new QualitySteps()
    callFor(steps, { bandwidth: MIDDLE, current: HIGH, at: 0, position: 0, end: 20 }, 5)
    callFor(steps, { bandwidth: LOW, current: MIDDLE, at: 5, position: 5, end: 30 }, 5)
    return steps
  }
  const at = { at: 10, position: 10, end: 50 }
  expect(callFor(fill(), { bandwidth: MIDDLE, current: LOW, ...at }, 5)).toEqual({ kept: 30 - 13 })
  expect(callFor(fill(), { bandwidth: HIGH, current: LOW, ...at }, 5)).toEqual({ kept: 20 - 13 })
})

test('after a leap or a choice by hand all that is in hand is what is fetched', () => {
  const steps = new QualitySteps()
  callFor(steps, { bandwidth: LOW, current: HIGH, at: 0, position: 100, end: 140 }, 5)
  expect(callFor(steps, { bandwidth: HIGH, current: LOW, at: 10, position: 20, end: 60 }, 5)).toEqual({ kept: 7 })
})

test('each better quality that is left again soon has to be called for twice as long, until one stays', () => {
  const steps = new QualitySteps()
  const up = { bandwidth: HIGH, current: LOW, position: 0, end: 40 }
  const down = { bandwidth: LOW, current: HIGH, position: 0, end: 10 }
  /** Seconds until it is taken. */
  const rise = (at: number): number => {
    for (let passed = 0; ; passed++) if (steps.take({ ...up, at: at + passed }) !== 'wait') return passed
  }
  expect(rise(0)).toBe(3)
  steps.take({ ...down, at: 20 })
  expect(rise(30)).toBe(6)
  steps.take({ ...down, at: 50 })
  expect(rise(60)).toBe(12)
  steps.take({ ...down, at: 200 })
  expect(rise(300)).toBe(3)
})
