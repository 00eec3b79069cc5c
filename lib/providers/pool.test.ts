import { expect, test } from 'vitest'
import { loginOfSlot, poolSize } from './pool'

const pool = [
  { username: 'a', password: 'a', max: 2 },
  { username: 'b', password: 'b', max: 1 },
  { username: 'c', password: 'c', max: 3 },
]

test('slots count through the logins, so that none holds more than it may', () => {
  expect(poolSize(pool)).toBe(6)
  expect([1, 2, 3, 4, 5, 6].map(n => loginOfSlot(pool, n)?.username)).toEqual(['a', 'a', 'b', 'c', 'c', 'c'])
})

test('a slot beyond a pool that shrank falls back to the first login', () => {
  expect(loginOfSlot(pool, 9)?.username).toBe('a')
})

test('one login without a limit carries everything', () => {
  const open = [...pool, { username: 'd', password: 'd', max: null }]
  expect([poolSize(open), loginOfSlot(open, 1)?.username]).toEqual([null, 'd'])
})
