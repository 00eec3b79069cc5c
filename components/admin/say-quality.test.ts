import { expect, test } from 'vitest'
import { sayMs, sayPair, sayShare } from './say-quality'

test.each([
  [null, '–'],
  [423, '0.42 s'],
  [12_345, '12 s'],
])('%s is %s', (ms, words) => expect(sayMs(ms)).toBe(words))

test('two percentiles are told together or not at all', () => {
  expect(sayPair(sayMs, 423, 1_200)).toBe('0.42 s · 1.20 s')
  expect(sayPair(sayMs, 423, 424)).toBe('0.42 s')
  expect(sayPair(sayMs, null, null)).toBeNull()
})

test.each([
  [null, '–'],
  [0, '0 %'],
  [0.0001, '0.1 %'],
  [0.034, '3.4 %'],
  [0.5, '50 %'],
])('a share of %s is %s', (share, words) => expect(sayShare(share)).toBe(words))
