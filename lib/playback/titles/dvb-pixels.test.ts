import { expect, test } from 'vitest'
import { paintObject } from './dvb-pixels'

/** Bits as the tables of EN 300 743 (7.2.5) print them. */
const bytesOf = (bits: string) =>
  Buffer.from((bits.replaceAll(' ', '').match(/.{1,8}/g) ?? []).map(part => Number.parseInt(part.padEnd(8, '0'), 2)))
const paint = (depth: number, type: number, bits: string) => {
  const canvas = { width: 40, height: 2, depth, pixels: new Uint8Array(80) }
  paintObject(canvas, Buffer.concat([Buffer.of(type), bytesOf(bits), Buffer.of(0xf0)]), { x: 0, y: 0 })
  return [...canvas.pixels.subarray(0, 40)].join('').replace(/0+$/, '')
}

test('strings of two bits a pixel: single ones, runs of each length', () => {
  // 1, 2; three of 3; one of 0; two of 0; twelve of 1; the end.
  const bits = '01 10 00 1 000 11 00 01 00 00 01 00 00 10 0000 01 00 00 00'
  expect(paint(2, 0x10, bits)).toBe(`12333${'000'}${'1'.repeat(12)}`)
})

test('strings of four bits a pixel', () => {
  // 1; three of 0; four of 2; one of 0; two of 0; nine of 5; the end.
  const bits = '0001 0000 0 001 0000 1 0 00 0010 0000 1 1 00 0000 1 1 01 0000 1 1 10 0000 0101 0000 0 000'
  expect(paint(4, 0x11, bits)).toBe(`1000${'2222'}000${'5'.repeat(9)}`)
})

test('pixels of fewer bits than the region has are spread over its colours', () => {
  expect(paint(4, 0x10, '01 10 11 00 00 00')).toBe('7815')
})

test('each field is every other line, and what lies outside is not painted', () => {
  const canvas = { width: 4, height: 4, depth: 8, pixels: new Uint8Array(16) }
  const line = [0x12, 0, 0x80 | 9, 7, 0, 0, 0xf0]
  paintObject(canvas, Buffer.from([...line, ...line, ...line]), { x: 1, y: 1 })
  expect([...canvas.pixels].join('')).toBe('0000077700000777')
})
