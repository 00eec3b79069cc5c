import { expect, test } from 'vitest'
import { nearestKey } from './still'

test('with an index a thumbnail shows the nearest key frame, before or behind', () => {
  const film = { keyTimes: [0, 4, 9.5, 18, 24], keySeconds: null }
  expect([0, 10, 20, 30].map(moment => nearestKey(film, moment))).toEqual([0, 9.5, 18, 24])
})

test('without one the search begins half a distance before the moment', () => {
  expect(nearestKey({ keyTimes: null, keySeconds: 2 }, 20)).toBe(19)
  expect(nearestKey({ keyTimes: null, keySeconds: null }, 1)).toBe(0)
  expect(nearestKey({ keyTimes: [], keySeconds: null }, 20)).toBe(18)
})
