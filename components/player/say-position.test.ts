import { expect, test } from 'vitest'
import { sayLateness, sayPosition, speakPosition } from './say-position'

test.each([
  [0, '0:00', 'the beginning'],
  [65.9, '1:05', '1 minute 5 seconds'],
  [3723, '1:02:03', '1 hour 2 minutes 3 seconds'],
  [Number.NaN, '0:00', 'the beginning'],
  [-5, '0:00', 'the beginning'],
])('%s is %s', (seconds, shown, spoken) => {
  expect(sayPosition(seconds)).toBe(shown)
  expect(speakPosition(seconds)).toBe(spoken)
})

test.each([
  [-0.2, '0.0 s'],
  [1.44, '1.4 s'],
  [9.97, '10 s'],
  [12.4, '12 s'],
  [245, '4:05'],
])('%s seconds late is %s', (seconds, words) => {
  expect(sayLateness(seconds)).toBe(words)
})
