import { expect, test } from 'vitest'
import { placeTile, setTile } from './tile-order'

test('a channel that comes from the player stands first', () => {
  expect(placeTile([1, 2, 3, 4], 9)).toEqual([9, 1, 2, 3])
  expect(placeTile([1, 2, 3], 3)).toEqual([3, 1, 2])
})

test('a tile gets another channel, and no channel stands there twice', () => {
  expect(setTile([1, 2], 1, 5)).toEqual([1, 5])
  expect(setTile([1, 2], 0, 2)).toEqual([2, 1])
  expect(setTile([1, 2], 2, 5)).toEqual([1, 2, 5])
  expect(setTile([1, 2], 2, 1)).toEqual([1, 2])
  expect(setTile([1, 2, 3, 4], 4, 5)).toEqual([1, 2, 3, 4])
})
