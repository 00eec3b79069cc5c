import { expect, test } from 'vitest'
import { findByDigits, findNeighbour } from './zap-order'

const channels = [1, 2, 30, 31].map(number => ({ id: number * 10, number }))

test.each([
  [10, 1, 20],
  [310, 1, 10],
  [10, -1, 310],
  [999, 1, 10],
  [999, -1, 310],
])('from %s by %s comes %s', (from, step, to) => {
  expect(findNeighbour(channels, from, step)?.id).toBe(to)
})

test('a list of one has no neighbour', () => {
  expect(findNeighbour([{ id: 1, number: 1 }], 1, 1)).toBeNull()
  expect(findNeighbour([], 1, 1)).toBeNull()
})

test.each([
  ['2', 20],
  ['3', 300],
  ['31', 310],
  ['007', undefined],
  ['0', undefined],
])('digits %s mean %s', (digits, id) => {
  expect(findByDigits(channels, digits)?.id).toBe(id)
})
