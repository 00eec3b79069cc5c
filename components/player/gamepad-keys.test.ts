import { expect, test } from 'vitest'
import { createRepeater, readHeld } from './gamepad-keys'

const pad = (pressed: number[], axes: number[] = []) => ({
  buttons: Array.from({ length: 16 }, (_, at) => ({ pressed: pressed.includes(at) })),
  axes,
})

test('buttons and the left stick are keys', () => {
  expect([...readHeld(pad([0, 5], [0.9, -0.2]))]).toEqual(['Select', 'Pad5', 'ArrowRight'])
  expect([...readHeld(pad([], [0.3, -0.7]))]).toEqual(['ArrowUp'])
})

test('an arrow that stays down repeats, OK does not and tells when it is up', () => {
  const repeat = createRepeater()
  const both = new Set(['Select', 'ArrowUp'])
  const first = [
    { key: 'Select', repeat: false },
    { key: 'ArrowUp', repeat: false },
  ]
  const nothing = { down: [], up: [] }
  expect(repeat(both, 0)).toEqual({ down: first, up: [] })
  expect(repeat(both, 100)).toEqual(nothing)
  expect(repeat(both, 460)).toEqual({ down: [{ key: 'ArrowUp', repeat: true }], up: [] })
  expect(repeat(both, 500)).toEqual(nothing)
  expect(repeat(new Set(), 510)).toEqual({ down: [], up: ['Select', 'ArrowUp'] })
  expect(repeat(both, 520)).toEqual({ down: first, up: [] })
})
