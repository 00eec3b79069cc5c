import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editDistance } from './edit-distance'

test.each([
  ['harbour', 'harbour', 0],
  ['harbuor', 'harbour', 1],
  ['harbor', 'harbour', 1],
  ['kitten', 'sitting', 3],
  ['', 'abc', 3],
])('%s and %s are %i apart', (a, b, distance) => expect(editDistance(a, b)).toBe(distance))

test('is the same both ways', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a))
    }),
  )
})
