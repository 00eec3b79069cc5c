import { HOUR, MINUTE } from '@/lib/kernel/time'
import { midnightOf } from './guide-words'

/** Measures of the grid in pixels of this screen, and the time it reaches over. */
export interface Geometry {
  hourWidth: number
  rowHeight: number
  columnWidth: number
  rulerHeight: number
  start: number
  end: number
  tight: boolean
}

export const toX = ({ start, hourWidth }: Geometry, time: number): number => ((time - start) / HOUR) * hourWidth
export const toTime = ({ start, hourWidth }: Geometry, x: number): number => start + (x / hourWidth) * HOUR

/** What is drawn: rows and hours a little beyond what is seen. Moves in steps, so that most scrolling draws nothing new. */
export interface View {
  firstRow: number
  lastRow: number
  from: number
  to: number
  /** The hour at the left edge. */
  left: number
  /** Midnight of the day one is at: that of the moment one came for, whatever is seen before it. */
  day: number
}

/** How much is seen before the moment one goes to. */
export const LEAD = HOUR / 4
/** A place is rounded to pixels, and must not come to lie on the day before by that. */
const ROUNDING = MINUTE / 2

const ROW_STEP = 2
const SPARE_ROWS = 4

export interface Seen {
  top: number
  left: number
  width: number
  height: number
}

/** The part of the grid for what is seen of it. */
export function toView(geometry: Geometry, count: number, seen: Seen): View {
  const { rowHeight, columnWidth, rulerHeight, start, end } = geometry
  const firstRow = Math.max(0, Math.floor(seen.top / rowHeight / ROW_STEP) * ROW_STEP - SPARE_ROWS)
  const rows = Math.ceil((seen.height - rulerHeight) / rowHeight) + ROW_STEP + 2 * SPARE_ROWS
  const leftTime = toTime(geometry, seen.left)
  const hours = Math.ceil(Math.max(0, seen.width - columnWidth) / geometry.hourWidth) + 1
  const left = start + Math.floor((leftTime - start) / HOUR) * HOUR
  return {
    firstRow,
    lastRow: Math.min(count - 1, firstRow + rows),
    from: Math.max(start, left - HOUR),
    to: Math.min(end, left + (hours + 1) * HOUR),
    left,
    day: midnightOf(Math.min(end - 1, Math.max(start, leftTime) + LEAD + ROUNDING)),
  }
}

export const isSameView = (a: View, b: View): boolean =>
  a.firstRow === b.firstRow &&
  a.lastRow === b.lastRow &&
  a.from === b.from &&
  a.to === b.to &&
  a.left === b.left &&
  a.day === b.day
