import { expect, test } from 'vitest'
import { isSwipe, readPinch, readVolume, readZap } from './gestures'

const swipe = (fromX: number, fromY: number, toX: number, toY: number) => ({
  from: { x: fromX, y: fromY },
  to: { x: toX, y: toY },
  width: 400,
  height: 800,
})

test('up and down along the right half is the volume', () => {
  expect(readVolume(swipe(300, 600, 310, 360))).toBeCloseTo(0.5)
  expect(readVolume(swipe(300, 100, 300, 700))).toBe(-1)
  expect(readVolume(swipe(100, 600, 100, 300))).toBeNull()
  expect(readVolume(swipe(300, 600, 100, 560))).toBeNull()
})

test('up and down along the left edge is the channel', () => {
  expect(readZap(swipe(50, 600, 60, 450))).toBe(1)
  expect(readZap(swipe(50, 300, 60, 450))).toBe(-1)
  expect(readZap(swipe(50, 300, 60, 340))).toBeNull()
  expect(readZap(swipe(200, 600, 200, 300))).toBeNull()
})

test('a tap is no swipe', () => {
  expect(isSwipe(swipe(50, 300, 60, 310))).toBe(false)
  expect(isSwipe(swipe(50, 300, 60, 340))).toBe(true)
})

test('fingers that part fill the screen', () => {
  const at = (distance: number) =>
    [
      { x: 0, y: 0 },
      { x: distance, y: 0 },
    ] as const
  expect(readPinch(at(100), at(140))).toBe('fill')
  expect(readPinch(at(100), at(70))).toBe('whole')
  expect(readPinch(at(100), at(110))).toBeNull()
})
