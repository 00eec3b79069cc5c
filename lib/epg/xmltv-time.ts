import { DAY, MINUTE } from '@/lib/kernel/time'

/** Longest a programme may be: what lasts longer is a filler, and windows of time need only look back this far. */
export const MAX_PROGRAMME_MS = DAY
/** Guides tell of days around now; other years are slips. */
const YEARS = { first: 2000, last: 2100 }

/** Zone names that guides write instead of an offset, in minutes. */
const zoneNames: Record<string, number> = {
  Z: 0,
  UTC: 0,
  GMT: 0,
  WET: 0,
  WEST: 60,
  BST: 60,
  IST: 60,
  CET: 60,
  MET: 60,
  CEST: 120,
  MEST: 120,
  EET: 120,
  EEST: 180,
  MSK: 180,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
  AEST: 600,
  AEDT: 660,
  NZST: 720,
  NZDT: 780,
}

const form = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?(?:\.\d+)?)?\s*(?:([+-])(\d\d):?(\d\d)?|([A-Za-z]{1,5}))?$/

/** Milliseconds of the days met lately: a guide has a fortnight of them, thousands of times each. */
const days = new Map<number, number | null>()

function dayOf(year: number, month: number, day: number): number | null {
  const key = year * 10_000 + month * 100 + day
  const known = days.get(key)
  if (known !== undefined) return known
  if (days.size > 500) days.clear()
  const date = new Date(Date.UTC(year, month - 1, day))
  const isDate = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  const isNear = year >= YEARS.first && year <= YEARS.last
  const ms = isDate && isNear ? date.getTime() : null
  days.set(key, ms)
  return ms
}

function digits(text: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

function offsetOf(sign: string, hours: number, minutes: number): number | null {
  if (!(hours <= 14 && minutes < 60)) return null
  return sign === '-' ? -(hours * 60 + minutes) : hours * 60 + minutes
}

/** The moments (epoch ms) at which a clock shows `wall`, its fields read as if they were UTC; two in the hour that comes twice. */
export type LocalClock = (wall: number) => readonly number[]
export const utcClock: LocalClock = wall => [wall]

/** How times are read that say no zone: by this clock, and of two moments that look the same the first one that is not before. */
export interface LocalTime {
  clock: LocalClock
  notBefore?: number
}

const utc: LocalTime = { clock: utcClock }

function wallOf(day: number | null, [hours, minutes, seconds]: [number, number, number]): number | null {
  if (day === null || !(hours <= 24 && minutes < 60 && seconds <= 60)) return null
  return day + ((hours * 60 + minutes) * 60 + seconds) * 1_000
}

const shifted = (wall: number | null, offset: number | null) => (wall === null || offset === null ? null : wall - offset * MINUTE)

function local(wall: number | null, { clock, notBefore = 0 }: LocalTime): number | null {
  if (wall === null) return null
  const moments = clock(wall)
  return moments.find(moment => moment >= notBefore) ?? moments[0] ?? null
}

/** A time of XMLTV in its forms (protocols.md 5.2) as epoch milliseconds; null for what is none. */
export function parseXmltvTime(raw: string, time: LocalTime = utc): number | null {
  // `YYYYMMDDhhmmss +hhmm` is how nearly all of them look, half a million times a guide.
  if (raw.length === 20 && raw.charCodeAt(14) === 32 && (raw[15] === '+' || raw[15] === '-')) {
    const day = dayOf(digits(raw, 0, 4), digits(raw, 4, 6), digits(raw, 6, 8))
    const offset = offsetOf(raw[15] ?? '+', digits(raw, 16, 18), digits(raw, 18, 20))
    return shifted(wallOf(day, [digits(raw, 8, 10), digits(raw, 10, 12), digits(raw, 12, 14)]), offset)
  }
  const found = form.exec(raw.trim())
  if (!found) return null
  const [, year, month, day, hours = '0', minutes = '0', seconds = '0', sign, zoneHours, zoneMins = '0', name] = found
  const wall = wallOf(dayOf(Number(year), Number(month), Number(day)), [Number(hours), Number(minutes), Number(seconds)])
  if (sign !== undefined) return shifted(wall, offsetOf(sign, Number(zoneHours), Number(zoneMins)))
  return name === undefined ? local(wall, time) : shifted(wall, zoneNames[name.toUpperCase()] ?? null)
}

/** Always with the offset: without it readers give a wrong instant or none (protocols.md 5.2). */
export function formatXmltvTime(at: Date): string {
  const seconds = Math.floor(at.getTime() / 1_000)
  const day = Math.floor(seconds / 86_400)
  // A guide of a week writes a million times on eight days: the day is worked out once each.
  if (day !== lastDay.number) {
    lastDay = { number: day, text: new Date(day * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '') }
  }
  const left = seconds - day * 86_400
  return `${lastDay.text}${two(Math.floor(left / 3_600))}${two(Math.floor(left / 60) % 60)}${two(left % 60)} +0000`
}

let lastDay = { number: Number.NaN, text: '' }
const two = (value: number): string => (value < 10 ? `0${value}` : String(value))
