import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '@/lib/kernel/time'
import { readAccountStatus } from './account-status'
import { wallClockAt } from './wall-clock'

const utc = { clockOffsetMinutes: 0 }
const at = (text: string) => new Date(text)
const shown = (text: string, timezone?: string, clockOffsetMinutes = 0) => {
  const { wall, isAmbiguous } = wallClockAt(
    at(text),
    timezone === undefined ? { clockOffsetMinutes } : { timezone, clockOffsetMinutes },
  )
  return `${wall.toISOString().slice(0, 16)}${isAmbiguous ? ' twice' : ''}`
}

/**
 * The zones by their own rules, written down apart from what is tested: [offset in winter, in summer, when summer begins and
 * ends as moments]. Lord Howe moves by half an hour and lives in the south.
 */
const zones: Record<string, { standard: number; summer: number; from: number; to: number }> = {
  'Europe/London': { standard: 0, summer: 60, from: Date.UTC(2026, 2, 29, 1), to: Date.UTC(2026, 9, 25, 1) },
  'Australia/Lord_Howe': { standard: 630, summer: 660, from: Date.UTC(2026, 9, 3, 15, 30), to: Date.UTC(2026, 3, 4, 15) },
  'Asia/Kathmandu': { standard: 345, summer: 345, from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 1) },
  'Europe/Madrid': { standard: 60, summer: 120, from: Date.UTC(2026, 2, 29, 1), to: Date.UTC(2026, 9, 25, 1) },
}

function offsetByRule(zone: string, ms: number): number {
  const { standard, summer, from, to } = zones[zone] as (typeof zones)[string]
  const isSummer = from < to ? ms >= from && ms < to : ms >= from || ms < to
  return isSummer ? summer : standard
}

/** 365 moments of each zone: every quarter hour around both changes of the clock, and the days of the year. */
function momentsOf(zone: string): number[] {
  const { from, to } = zones[zone] as (typeof zones)[string]
  const around = [from, to].flatMap(change => Array.from({ length: 48 }, (_, n) => change + (n - 24) * 15 * MINUTE))
  const days = Array.from({ length: 365 - around.length }, (_, n) => Date.UTC(2026, 0, 1, 20, 30) + n * 1.35 * DAY)
  return [...around, ...days.map(ms => ms - (ms % MINUTE))]
}

test('wall clocks of providers around the year, changes of the clock included: no wrong minute', () => {
  let cases = 0
  let wrongMinutes = 0
  let twice = 0
  for (const zone of Object.keys(zones)) {
    for (const ms of momentsOf(zone)) {
      const { wall, isAmbiguous } = wallClockAt(new Date(ms), { timezone: zone, clockOffsetMinutes: -777 })
      const expected = ms + offsetByRule(zone, ms) * MINUTE
      wrongMinutes += Math.abs(wall.getTime() - expected) / MINUTE
      const step = Math.abs((zones[zone]?.summer ?? 0) - (zones[zone]?.standard ?? 0)) * MINUTE
      const others = [ms - step, ms + step].filter(
        other => other !== ms && other + offsetByRule(zone, other) * MINUTE === expected,
      )
      if (isAmbiguous !== others.length > 0) wrongMinutes += step / MINUTE
      if (isAmbiguous) twice++
      cases++
    }
  }
  process.stdout.write(
    `wall clocks: ${cases} cases, ${twice} of them in an hour that comes twice, ${wrongMinutes} wrong minutes\n`,
  )
  expect([cases, wrongMinutes]).toEqual([1_460, 0])
  // One hour in London and Madrid, half an hour on Lord Howe, each from both sides, in quarter hours.
  expect(twice).toBe(8 + 8 + 4)
})

describe('the days on which clocks change', () => {
  test('London in spring: 01:00 to 02:00 does not exist', () => {
    expect(shown('2026-03-29T00:59:00Z', 'Europe/London')).toBe('2026-03-29T00:59')
    expect(shown('2026-03-29T01:00:00Z', 'Europe/London')).toBe('2026-03-29T02:00')
  })
  test('London in autumn: 01:30 comes twice', () => {
    expect(shown('2026-10-25T00:30:00Z', 'Europe/London')).toBe('2026-10-25T01:30 twice')
    expect(shown('2026-10-25T01:30:00Z', 'Europe/London')).toBe('2026-10-25T01:30 twice')
    expect(shown('2026-10-25T02:00:00Z', 'Europe/London')).toBe('2026-10-25T02:00')
  })
  test('Lord Howe moves by half an hour', () => {
    expect(shown('2026-04-04T14:45:00Z', 'Australia/Lord_Howe')).toBe('2026-04-05T01:45 twice')
    expect(shown('2026-04-04T15:15:00Z', 'Australia/Lord_Howe')).toBe('2026-04-05T01:45 twice')
    expect(shown('2026-10-03T15:30:00Z', 'Australia/Lord_Howe')).toBe('2026-10-04T02:30')
  })
  test('Kathmandu is always a quarter hour aside', () => {
    expect(shown('2026-03-29T01:00:00Z', 'Asia/Kathmandu')).toBe('2026-03-29T06:45')
  })
})

test('without a zone, or with one that does not exist, the measured distance counts', () => {
  expect(shown('2026-07-01T12:00:00Z', undefined, 60)).toBe('2026-07-01T13:00')
  expect(shown('2026-07-01T12:00:00Z', 'UTC+3', 180)).toBe('2026-07-01T15:00')
  expect(wallClockAt(at('2026-07-01T12:00:00Z'), utc).isAmbiguous).toBe(false)
})

describe('a zone is believed only where the clock bears it out', () => {
  const clockOf = (timezone: unknown, hours: number, epoch = Date.UTC(2026, 0, 1)) => {
    const time_now = new Date(epoch + hours * HOUR).toISOString().slice(0, 19).replace('T', ' ')
    const { clockOffsetMinutes, timezone: zone } = readAccountStatus({
      server_info: { timezone, time_now, timestamp_now: epoch / 1_000 },
    })
    return [clockOffsetMinutes, zone]
  }
  test.each([
    ['Europe/Madrid', 1, [60, 'Europe/Madrid']],
    ['Europe/Madrid', 0, [0, undefined]],
    ['UTC+3', 3, [180, undefined]],
    [null, 2, [120, undefined]],
    ['Asia/Kathmandu', 5.75, [345, 'Asia/Kathmandu']],
  ])('%s with a clock %s hours ahead', (zone, hours, expected) => {
    expect(clockOf(zone, hours)).toEqual(expected)
  })
})
