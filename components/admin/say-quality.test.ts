import { expect, test } from 'vitest'
import { sayMs, sayShare } from './say-quality'

test.each([
  [null, '–'],
  [423, '0.42 s'],
  [12_345, '12 s'],
])('%s is %s', (ms, words) => expect(sayMs(ms)).toBe(words))

test.each([
  [0, '0 %'],
  [0.0001, '0.1 %'],
  [0.034, '3.4 %'],
  [0.5, '50 %'],
])('a share of %d is %s', (share, words) => expect(sayShare(share)).toBe(words))
