import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatXmltvTime, parseXmltvTime } from './xmltv-time'

const at = Date.UTC(2026, 6, 1, 18, 30)

test.each([
  ['20260701183000 +0000', at],
  ['20260701203000 +0200', at],
  ['20260701203000 +02:00', at],
  ['20260701203000+0200', at],
  ['20260701203000 +02', at],
  ['202607012030 +0200', at],
  ['20260701183000 Z', at],
  ['20260701183000Z', at],
  ['20260701193000 BST', at],
  ['20260701143000 edt', at],
  ['20260701130000 -0530', at],
  ['20260701183000.000 +0000', at],
  ['20260701', Date.UTC(2026, 6, 1)],
  ['20260230000000 +0000', null],
  ['20261301000000 +0000', null],
  ['20260701253000 +0000', null],
  ['20260701183000 +9999', null],
  ['20260701183000 XYZ', null],
  ['99990101000000 +0000', null],
  ['19000101000000 +0000', null],
  ['today', null],
  ['', null],
])('%s', (text, expected) => {
  expect(parseXmltvTime(text)).toBe(expected)
})

test('what is written is read back', () => {
  const times = fc.integer({ min: Date.UTC(2000, 0, 1) / 1_000, max: Date.UTC(2100, 11, 31) / 1_000 })
  fc.assert(
    fc.property(times, fc.integer({ min: -720, max: 840 }), (seconds, zone) => {
      expect(parseXmltvTime(formatXmltvTime(new Date(seconds * 1_000)), { clock: wall => [wall - zone * 60_000] })).toBe(
        seconds * 1_000,
      )
    }),
  )
})
