import { expect, test } from 'vitest'
import { loudnessOf, nextGain } from './sound-graph'

const settle = (db: number) => Array.from({ length: 100 }).reduce<number>(gain => nextGain(gain, db), 1)

test('a quiet channel is brought up and a loud one down, slowly and within bounds', () => {
  expect(settle(-29)).toBeCloseTo(2, 1)
  expect(settle(-17)).toBeCloseTo(0.5, 1)
  expect(settle(-50)).toBeCloseTo(4, 1)
  expect(settle(0)).toBeCloseTo(0.25, 1)
  expect(nextGain(1, -29)).toBeLessThan(1.15)
})

test('silence is left alone', () => {
  expect(nextGain(1.5, -70)).toBe(1.5)
})

test('loudness is measured in dB under full scale', () => {
  expect(loudnessOf(new Float32Array(100).fill(1))).toBeCloseTo(0)
  expect(loudnessOf(new Float32Array(100).fill(0.1))).toBeCloseTo(-20)
  expect(loudnessOf(new Float32Array(100))).toBeLessThan(-100)
})
