import { expect, test } from 'vitest'
import { HOUR, SECOND } from '@/lib/kernel/time'
import { endRest, forgetOldSleep, getRestState, judgeRest, mayGoOn, noteInput, setSleep } from './rest'

const state = { sleepAt: null, chosen: 'off', rest: null, inputAt: 0, alone: 0 }
const now = { at: 0, live: true, playing: true }

test.each([
  [60, { loudness: 1, rest: null }],
  [10, { loudness: 0.5, rest: null }],
  [0, { loudness: 0, rest: 'night' }],
] as const)('%d s before the timer ends', (seconds, outcome) => {
  expect(judgeRest({ ...state, sleepAt: seconds * SECOND }, now)).toEqual(outcome)
})

test('a channel that nobody touched for four hours is asked about, a film is not', () => {
  expect(judgeRest(state, { ...now, at: 4 * HOUR + 1 }).rest).toBe('asking')
  expect(judgeRest(state, { ...now, at: 4 * HOUR - 1 }).rest).toBeNull()
  expect(judgeRest(state, { ...now, at: 5 * HOUR, live: false }).rest).toBeNull()
  expect(judgeRest(state, { ...now, at: 5 * HOUR, playing: false }).rest).toBeNull()
})

test('the third episode in a row is asked about, and a key begins the count anew', () => {
  expect([mayGoOn(), mayGoOn(), mayGoOn()]).toEqual([true, true, false])
  noteInput()
  expect(mayGoOn()).toBe(true)
  endRest()
  expect(getRestState().alone).toBe(0)
})

test('a timer that ran out while nothing played ends nothing later', () => {
  setSleep('programme', 5)
  forgetOldSleep()
  expect(getRestState()).toMatchObject({ sleepAt: null, chosen: 'off' })
  setSleep('15', null)
  forgetOldSleep()
  expect(getRestState().chosen).toBe('15')
})

test('the end of the programme needs a programme', () => {
  setSleep('programme', null)
  expect(getRestState()).toMatchObject({ sleepAt: null, chosen: 'off' })
  setSleep('programme', 5)
  expect(getRestState()).toMatchObject({ sleepAt: 5, chosen: 'programme' })
  setSleep('off', 5)
  expect(getRestState().sleepAt).toBeNull()
})
