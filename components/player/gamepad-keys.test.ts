import { expect, test } from 'vitest'
import { createRepeater, readHeld } from './gamepad-keys'
import { readKey } from './read-key'

const pad = (pressed: number[], axes: number[] = []) => ({
  buttons: Array.from({ length: 16 }, (_, at) => ({ pressed: pressed.includes(at) })),
  axes,
})

test('buttons and the left stick are keys', () => {
  expect([...readHeld(pad([0, 5], [0.9, -0.2]))]).toEqual(['Select', 'PageUp', 'ArrowRight'])
  expect([...readHeld(pad([], [0.3, -0.7]))]).toEqual(['ArrowUp'])
})

test('an arrow that stays down repeats, OK does not', () => {
  const repeat = createRepeater()
  const both = new Set(['Select', 'ArrowUp'])
  expect(repeat(both, 0)).toEqual(['Select', 'ArrowUp'])
  expect(repeat(both, 100)).toEqual([])
  expect(repeat(both, 460)).toEqual(['ArrowUp'])
  expect(repeat(both, 500)).toEqual([])
  expect(repeat(new Set(), 510)).toEqual([])
  expect(repeat(both, 520)).toEqual(['Select', 'ArrowUp'])
})

test.each([
  ['Unidentified', 427, 'ChannelUp'],
  ['', 10009, 'GoBack'],
  ['Unidentified', 1, 'Unidentified'],
  ['a', 65, 'a'],
])('key %s with number %d is %s', (key, keyCode, name) => {
  expect(readKey({ key, keyCode })).toBe(name)
})
