import { expect, test } from 'vitest'
import { sayFound, sayMore } from './reminder-words'

test('a reminder that waits for as many as it can says that these are the next ones', () => {
  expect([1, 2, 19, 20].map(sayMore)).toEqual(['', ' and 1 more', ' and 18 more', ', the first of the next 20'])
  expect([0, 19, 20].map(sayFound)).toEqual([
    'Set. We tell you when the guide has one.',
    'Set. 19 in the guide now.',
    'Set. We tell you of the next 20, then of those after them.',
  ])
})
