import { expect, test } from 'vitest'
import { layOutByGrid, layOutByKeys } from './layout'

test('segments begin at key frames, about four seconds apart, and end with the film', () => {
  const keyTimes = [0, 2, 4, 6, 8, 10, 12]
  expect(layOutByKeys({ keyTimes, duration: 13 }, 2)).toEqual({ bounds: [0, 4, 8, 12, 13], kind: 'keys' })
  expect(layOutByKeys({ keyTimes, duration: 12.2 }, 2).bounds).toEqual([0, 4, 8, 12.2])
})

test('far key frames make long segments; without an index the grid is as wide as their distance', () => {
  expect(layOutByKeys({ keyTimes: [0, 10, 20], duration: 25 }, 10).bounds).toEqual([0, 10, 20, 25])
  expect(layOutByKeys({ keyTimes: null, duration: 25 }, 9.6).bounds).toEqual([0, 10, 20, 25])
})

test('a grid has no last bit of nothing', () => {
  expect(layOutByGrid(24.3).bounds).toEqual([0, 4, 8, 12, 16, 20, 24.3])
  expect(layOutByGrid(0.2).bounds).toEqual([0, 0.2])
})
