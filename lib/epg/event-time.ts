import { DAY, HOUR, MINUTE } from '@/lib/kernel/time'

/** Abbreviations as people write them on events: "EST" in July means the clock on the wall in New York. */
const zones: Readonly<Record<string, string>> = {
  ET: 'America/New_York',
  EST: 'America/New_York',
  EDT: 'America/New_York',
  CT: 'America/Chicago',
  CST: 'America/Chicago',
  CDT: 'America/Chicago',
  MT: 'America/Denver',
  MST: 'America/Denver',
  MDT: 'America/Denver',
  PT: 'America/Los_Angeles',
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
  UK: 'Europe/London',
  BST: 'Europe/London',
  CET: 'Europe/Berlin',
  CEST: 'Europe/Berlin',
  EET: 'Europe/Helsinki',
  EEST: 'Europe/Helsinki',
  AEST: 'Australia/Sydney',
  AEDT: 'Australia/Sydney',
  WET: 'Europe/Lisbon',
  MSK: 'Europe/Moscow',
  TRT: 'Europe/Istanbul',
  SAST: 'Africa/Johannesburg',
  GST: 'Asia/Dubai',
  IST: 'Asia/Kolkata',
  SGT: 'Asia/Singapore',
  HKT: 'Asia/Hong_Kong',
  JST: 'Asia/Tokyo',
  KST: 'Asia/Seoul',
  AWST: 'Australia/Perth',
  ACST: 'Australia/Adelaide',
  ACDT: 'Australia/Adelaide',
  NZST: 'Pacific/Auckland',
  NZDT: 'Pacific/Auckland',
  AKST: 'America/Anchorage',
  AKDT: 'America/Anchorage',
  HST: 'Pacific/Honolulu',
  BRT: 'America/Sao_Paulo',
  GMT: 'UTC',
  UTC: 'UTC',
  Z: 'UTC',
}
const offsetForm = /^(?:UTC|GMT) ?(?<sign>[+-])(?<hours>\d{1,2})(?::?(?<minutes>\d\d))?$/
const words = Object.keys(zones).filter(word => word !== 'Z')
/** How zones are written, but for the Z: "UTC+2", "GMT+05:30", or a word. */
export const zoneForm = `(?:(?:UTC|GMT) ?[+-](?:1[0-4]|0?\\d)(?::?[0-5]\\d)?(?![\\d:])|(?:${words.join('|')})\\b)`
/** Where 11/22 is the 22nd of November. */
export const writesMonthFirst = (zone: string | null): boolean => zone !== null && /^[ECMP][SD]?T$/.test(zone)

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

export const monthOf = (word: string): number => months.indexOf(word.slice(0, 3).toLowerCase())
export const weekdayOf = (word: string): number => weekdays.indexOf(word.slice(0, 3).toLowerCase())

/** A day as a name says it. Without a year it is the one nearest to now. */
export type NamedDay =
  | { kind: 'date'; year: number | null; month: number; day: number }
  | { kind: 'weekday'; weekday: number }
  | { kind: 'offset'; days: number }

export interface WallTime {
  hour: number
  minute: number
  day: NamedDay | null
  /** As `zoneForm` finds it, or Z; null: as the provider's clock. */
  zone: string | null
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(zone, made)
  return made
}

/** How far the clock of a zone is ahead of UTC at a moment, in ms. */
function offsetAt(at: number, zone: string | null, clockMinutes: number): number {
  if (zone === null) return clockMinutes * MINUTE
  const fixed = offsetForm.exec(zone)?.groups
  if (fixed) return (Number(fixed.hours) * HOUR + Number(fixed.minutes ?? 0) * MINUTE) * (fixed.sign === '-' ? -1 : 1)
  const parts = Object.fromEntries(
    formatterOf(zones[zone] ?? 'UTC')
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000
}

/**
 * The moment a wall time means, seen from now. Null for a day that does not exist. `clockMinutes`: the provider's clock;
 * `runningMs`: how long ago it may have begun and still be the one that is meant.
 */
export function momentOf(
  { hour, minute, day, zone }: WallTime,
  now: number,
  clockMinutes: number,
  runningMs: number,
): number | null {
  const here = new Date(now + offsetAt(now, zone, clockMinutes))
  const today = Date.UTC(here.getUTCFullYear(), here.getUTCMonth(), here.getUTCDate())
  const at = (midnight: number): number => {
    const wall = midnight + hour * HOUR + minute * MINUTE
    // The offset at about that time; once more, where the clock changes in between.
    const first = wall - offsetAt(wall, zone, clockMinutes)
    return wall - offsetAt(first, zone, clockMinutes)
  }
  const next = (from: number, step: number): number => {
    const moment = at(from)
    return moment < now - runningMs ? at(from + step) : moment
  }
  if (day === null) {
    // Just before midnight, one that begins just after it is nearer than the one that is over.
    const yesterday = at(today - DAY)
    return yesterday >= now - runningMs ? yesterday : next(today, DAY)
  }
  if (day.kind === 'offset') return at(today + day.days * DAY)
  if (day.kind === 'weekday') {
    const ahead = (day.weekday - new Date(today).getUTCDay() + 7) % 7
    const lastWeek = at(today + (ahead - 7) * DAY)
    return lastWeek >= now - runningMs ? lastWeek : next(today + ahead * DAY, 7 * DAY)
  }
  const midnights = (day.year === null ? [-1, 0, 1].map(more => here.getUTCFullYear() + more) : [day.year]).flatMap(year => {
    const midnight = Date.UTC(year, day.month, day.day)
    return new Date(midnight).getUTCMonth() === day.month ? [midnight] : []
  })
  const [nearest] = midnights.toSorted((a, b) => Math.abs(a - today) - Math.abs(b - today))
  return nearest === undefined ? null : at(nearest)
}
