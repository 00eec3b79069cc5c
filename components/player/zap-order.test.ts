import { expect, test } from 'vitest'
import { findByDigits, findNeighbour, listAround, noteRecent } from './zap-order'

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

test('neighbours go round the end of the list', () => {
  const five = [1, 2, 3, 4, 5].map(id => ({ id, number: id }))
  expect(listAround(five, 1, 1).map(({ id }) => id)).toEqual([5, 1, 2])
  expect(listAround(five, 5, 1).map(({ id }) => id)).toEqual([4, 5, 1])
  expect(listAround(five, 3, 2).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5])
  expect(listAround(five, 3, 9).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5])
})

test('a channel watched again moves to the front, and eleven are kept', () => {
  expect(noteRecent([1, 2, 3], 3)).toEqual([3, 1, 2])
  expect(
    noteRecent(
      Array.from({ length: 11 }, (_, at) => at),
      99,
    ),
  ).toHaveLength(11)
})
