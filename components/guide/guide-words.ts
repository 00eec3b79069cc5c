import { DAY } from '@/lib/kernel/time'
import type { Cell } from './lay-out'

// Made once: a screen of cells says hundreds of times, and making a formatter costs more than using it.
const once = (options: Intl.DateTimeFormatOptions) => {
  let made: Intl.DateTimeFormat | undefined
  return (at: number): string => {
    made ??= new Intl.DateTimeFormat(undefined, options)
    return made.format(at)
  }
}

/** "21:05" in the viewer's own zone and format. */
export const sayTime = once({ hour: 'numeric', minute: '2-digit' })
/** "Mon 23 Nov". */
const sayShortDay = once({ weekday: 'short', day: 'numeric', month: 'short' })

export const midnightOf = (at: number): number => new Date(at).setHours(0, 0, 0, 0)

/** The same time of day some days later; the days of the year on which clocks change are not 24 hours long. */
export function addDays(at: number, days: number): number {
  const date = new Date(at)
  date.setDate(date.getDate() + days)
  return date.getTime()
}

/** "Today", "Tomorrow", "Yesterday", "Mon 23 Nov". */
export function sayDay(at: number, now: number): string {
  const days = Math.round((midnightOf(at) - midnightOf(now)) / DAY)
  return { '-1': 'Yesterday', '0': 'Today', '1': 'Tomorrow' }[String(days)] ?? sayShortDay(at)
}

const span = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
/** "20:00 – 21:00", "8:00 – 9:00 PM": as short as the language allows, to look at. */
export const showSpan = (start: number, stop: number): string => span.formatRange(start, stop)

/** "20:00 to 21:00", to be heard. */
export const saySpan = (start: number, stop: number): string => `${sayTime(start)} to ${sayTime(stop)}`

const kindWords: Record<Cell['kind'], string> = {
  programme: '',
  gap: 'no information',
  pending: 'loading',
  failed: 'could not be loaded',
}

/** "BBC One, 20:00 to 21:00, News": what a screen reader says of a cell. */
export function sayCell(channel: string, { kind, start, stop, title }: Pick<Cell, 'kind' | 'start' | 'stop' | 'title'>): string {
  return [channel, saySpan(start, stop), kindWords[kind] || title].filter(Boolean).join(', ')
}

/** Bits of the flags of a cell, as the server sets them (lib/epg/schema.ts). */
export const isShort = (flags: number): boolean => (flags & 16) !== 0

export function sayFlag(flags: number): string | null {
  if (flags & 8) return 'Live'
  if (flags & 2) return 'Premiere'
  return flags & 1 ? 'New' : null
}
