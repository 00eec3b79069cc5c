import { expect, test } from 'vitest'
import { type Geometry, isSameView, LEAD, toTime, toView, toX } from './geometry'
import { addDays, midnightOf } from './guide-words'

const HOUR = 3_600_000
const geometry: Geometry = {
  hourWidth: 200,
  rowHeight: 50,
  columnWidth: 100,
  rulerHeight: 40,
  start: 0,
  end: 48 * HOUR,
  tight: false,
}
const seen = (top: number, left: number) => ({ top, left, width: 1_100, height: 540 })

test('places and times are each other’s inverse', () => {
  expect(toX(geometry, 90 * 60_000)).toBe(300)
  expect(toTime(geometry, 300)).toBe(1.5 * HOUR)
})

test('at the beginning nothing before it is drawn, and at the end nothing after', () => {
  expect(toView(geometry, 1_000, seen(0, 0))).toEqual({
    firstRow: 0,
    lastRow: 20,
    from: 0,
    to: 7 * HOUR,
    left: 0,
    day: midnightOf(0),
  })
  const end = toView(geometry, 100, seen(100 * 50, 48 * 200 - 1_000))
  expect([end.lastRow, end.to]).toEqual([99, 48 * HOUR])
})

test('everything seen is drawn wherever one stands, and small steps draw nothing new', () => {
  for (let top = 0; top < 2_000; top += 7) {
    const view = toView(geometry, 5_000, seen(top, top))
    expect(view.firstRow * 50).toBeLessThanOrEqual(top)
    expect((view.lastRow + 1) * 50).toBeGreaterThanOrEqual(top + 500)
    expect(view.from).toBeLessThanOrEqual(toTime(geometry, top))
    expect(view.to).toBeGreaterThanOrEqual(toTime(geometry, top + 1_000))
  }
  expect(isSameView(toView(geometry, 5_000, seen(1_000, 1_000)), toView(geometry, 5_000, seen(1_040, 1_060)))).toBe(true)
})

test('the day is that of the moment one goes to, at every minute of it and however wide an hour is', () => {
  const today = midnightOf(Date.UTC(2026, 10, 23, 12))
  const [start, end] = [addDays(today, -1), addDays(today, 3)]
  for (const hourWidth of [120, 183, 480]) {
    const around = { ...geometry, hourWidth, start, end }
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      const now = today + minute * 60_000
      const left = Math.round(toX(around, now - LEAD))
      expect([minute, toView(around, 1_000, seen(0, left)).day]).toEqual([minute, today])
    }
  }
})

test('the next day begins in the view when it is where one stands, without anything else being drawn', () => {
  const midnight = midnightOf(Date.UTC(2026, 10, 23, 12))
  const around = { ...geometry, start: addDays(midnight, -1), end: addDays(midnight, 3) }
  const at = (time: number) => toView(around, 1_000, seen(0, toX(around, time - LEAD)))
  const [before, after] = [at(midnight - 120_000), at(midnight)]
  expect([before.day, after.day]).toEqual([addDays(midnight, -1), midnight])
  expect(before.left).toBe(after.left)
  expect(isSameView(before, after)).toBe(false)
})
