import { expect, test } from 'vitest'
import { ConversionSettings, HIGHEST_ENCODED } from '../schema'
import { readStoredSettings, rungsBelow, topHeight } from './ladder'

const uhd = { height: 2160, kilobits: 20_000 }
const qhd = { height: 1440, kilobits: 9_000 }
const hd = { height: 720, kilobits: 2_800 }

test('no quality can be set that is not made', () => {
  const accepts = (height: number) => ConversionSettings.safeParse({ qualities: [{ height, kilobits: 5_000 }] }).success
  expect([2160, 1440, 1082].filter(accepts)).toEqual([])
  expect([1080, 720, 240, 144].filter(accepts)).toHaveLength(4)
  expect(topHeight({ height: 2160 }, null)).toBe(HIGHEST_ENCODED)
})

test.each([
  { stored: [uhd, qhd, hd] },
  { stored: [hd, uhd] },
  { stored: [uhd] },
  { stored: [hd] },
  { stored: [qhd, { height: 1080, kilobits: 5_000 }, hd] },
])('stored settings that name higher ones make what they made: $stored', ({ stored }) => {
  const { qualities, ladder } = readStoredSettings({ ladder: 'always', qualities: stored })
  expect(ladder).toBe('always')
  for (const top of [1080, 900, 720, 480]) expect(rungsBelow(top, qualities)).toEqual(rungsBelow(top, stored))
})

test('settings without qualities have those of the house, and nonsense is told', () => {
  expect(readStoredSettings({})).toEqual(ConversionSettings.parse({}))
  expect(() => readStoredSettings({ qualities: 'many' })).toThrow('qualities')
})
