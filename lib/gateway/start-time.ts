import { AppError } from '@/lib/kernel/errors'
import { DAY } from '@/lib/kernel/time'

/** Longest stretch of catch-up served at once, in minutes. */
const MAX_MINUTES = 24 * 60

/**
 * START of a catch-up address in every form that apps send, read as UTC, which is the zone we advertise (protocols.md 3.4):
 * epochs of 10 or 13 digits, `YYYY-MM-DD:HH-MM[-SS]`, `YYYY-MM-DD_HH-MM`, `YYYY-MM-DD:HH:MM[:SS]`, `YYYY-MM-DD HH:MM:SS`,
 * `YYYYMMDD-HH`, ISO 8601. @throws INVALID_TIME
 */
export function parseStart(text: string, now = Date.now()): Date {
  const value = toMs(text.trim())
  if (value === null || Number.isNaN(value) || value < now - 400 * DAY || value > now + 2 * DAY)
    throw new AppError('INVALID_TIME')
  return new Date(value)
}

function toMs(text: string): number | null {
  if (/^\d{10}$/.test(text)) return Number(text) * 1_000
  if (/^\d{13}$/.test(text)) return Number(text)
  const compact = /^(\d{4})(\d{2})(\d{2})-(\d{2})$/.exec(text)
  if (compact !== null) return fromParts(compact.slice(1).map(Number))
  const parts = /^(\d{4})-(\d{2})-(\d{2})[:_ T](\d{2})[-:](\d{2})(?:[-:](\d{2}))?(?:\.\d{1,3})?(Z|[+-]\d{2}:?\d{2})?$/.exec(text)
  if (parts === null) return null
  const [year, month, day, hour, minute, second = '0'] = parts.slice(1, 7).map(part => part ?? '0')
  const base = fromParts([year, month, day, hour, minute, second].map(Number))
  return base === null ? null : base - offsetMs(parts[7])
}

/** Null for a date that does not exist, such as month 13: Date would silently count on. */
function fromParts([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: number[]): number | null {
  const ms = Date.UTC(year, month - 1, day, hour, minute, second)
  const made = new Date(ms)
  const isSame =
    made.getUTCMonth() === month - 1 && made.getUTCDate() === day && made.getUTCHours() === hour && minute < 60 && second < 60
  return isSame ? ms : null
}

function offsetMs(zone: string | undefined): number {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '') ?? []
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

/** DURATION in minutes. @throws INVALID_TIME, RANGE_TOO_LARGE */
export function parseDuration(text: string): number {
  if (!/^\d{1,12}$/.test(text) || Number(text) === 0) throw new AppError('INVALID_TIME')
  const minutes = Number(text)
  if (minutes > MAX_MINUTES) throw new AppError('RANGE_TOO_LARGE')
  return minutes
}
