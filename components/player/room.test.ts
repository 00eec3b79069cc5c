import { expect, test } from 'vitest'
import { sayRoom } from './room'

const one = (free: number, limit: number) => ({ connections: [{ provider: 'Demo TV', limit, free }], full: [] })

test.each([
  [2, 3, '2 of 3 connections are free'],
  [1, 3, '1 of 3 connections is free'],
  [0, 3, 'All 3 connections are in use'],
  [0, 1, 'The only connection is in use'],
  [1, 1, 'One channel at a time'],
])('%s of %s is said as “%s”', (free, limit, words) => {
  expect(sayRoom(one(free, limit))).toBe(words)
})

test('several providers are named, and none without a limit says nothing', () => {
  const [first] = one(1, 2).connections
  expect(
    sayRoom({ connections: [first, { provider: 'Other', limit: 1, free: 0 }].filter(each => each !== undefined), full: [] }),
  ).toBe('Demo TV: 1 of 2 free · Other: 0 of 1 free')
  expect(sayRoom({ connections: [], full: [] })).toBeNull()
})
