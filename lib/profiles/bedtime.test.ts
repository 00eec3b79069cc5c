import { describe, expect, test } from 'vitest'
import { isBedtime, readBedtime, requireAwake } from './bedtime'
import type { Bedtime } from './schema'

const school: Bedtime = { days: [0, 1, 2, 3, 4], from: '21:00', to: '07:00', timeZone: 'Europe/Madrid' }
const nap: Bedtime = { days: [6], from: '13:00', to: '15:30', timeZone: 'America/New_York' }

describe('bedtime', () => {
  test.each<[string, Bedtime, string, boolean]>([
    ['Monday before it', school, '2026-01-12T19:59:59Z', false],
    ['Monday when it begins', school, '2026-01-12T20:00:00Z', true],
    ['the night of Monday', school, '2026-01-13T02:00:00Z', true],
    ['the minute it is over', school, '2026-01-13T06:00:00Z', false],
    ['the minute before', school, '2026-01-13T05:59:00Z', true],
    ['Friday evening, which is free', school, '2026-01-16T21:30:00Z', false],
    ['Saturday morning after that', school, '2026-01-17T03:00:00Z', false],
    ['Friday morning, of Thursday', school, '2026-01-16T03:00:00Z', true],
    ['Monday morning, of Sunday', school, '2026-01-12T03:00:00Z', true],
    ['summer time: an hour earlier in UTC', school, '2026-07-13T19:00:00Z', true],
    ['the night the clock goes back, 02:30 twice', school, '2026-10-25T23:30:00Z', true],
    ['a nap', nap, '2026-01-17T18:00:00Z', true],
    ['after a nap', nap, '2026-01-17T20:30:00Z', false],
    ['the same time on another day', nap, '2026-01-16T18:00:00Z', false],
  ])('%s', (_name, bedtime, now, expected) => {
    expect(isBedtime(bedtime, new Date(now))).toBe(expected)
  })

  test('none, and one that nobody can read, keep nobody away', () => {
    expect([isBedtime(null, new Date()), readBedtime({ bedtime: { days: 'all' } }), readBedtime({})]).toEqual([false, null, null])
    expect(readBedtime({ bedtime: school, other: 1 })).toEqual(school)
  })

  test('the refusal says whose rule it is and when it is over', () => {
    expect(() => requireAwake(school, new Date('2026-01-13T02:00:00Z'))).toThrow(
      expect.objectContaining({ code: 'BEDTIME', say: expect.stringMatching(/until 07:00.*owns the account/) }),
    )
  })
})
