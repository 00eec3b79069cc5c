import { expect, test } from 'vitest'
import { isAllowedOrigin } from './origins'

const own = ['https://tv.example', 'http://localhost:3000']

test.each([
  ['https://tv.example', 'tv.example', true],
  ['http://localhost:3000', '10.0.0.2:3000', true],
  ['http://10.0.0.2:3000', '10.0.0.2:3000', true],
  ['http://TV.local:3000', 'TV.local:3000', true],
  ['https://evil.example', 'tv.example', false],
  ['https://tv.example.evil.example', 'tv.example', false],
  ['https://tv.example@evil.example', 'tv.example', false],
  ['http://tv.example', 'other.example', false],
  ['null', 'tv.example', false],
  ['', 'tv.example', false],
  ['file://', 'tv.example', false],
])('a page of %s that reaches %s: %s', (origin, host, allowed) => {
  for (const hasCookie of [true, false]) expect(isAllowedOrigin({ origin, host, hasCookie }, own)).toBe(allowed)
})

test('without an origin only what has no cookie', () => {
  expect(isAllowedOrigin({ origin: undefined, host: 'tv.example', hasCookie: false }, own)).toBe(true)
  expect(isAllowedOrigin({ origin: undefined, host: 'tv.example', hasCookie: true }, own)).toBe(false)
})
