import { DAY, HOUR, MINUTE } from '@/lib/kernel/time'

/** How a provider's clock runs: its zone where that is known for sure, else its distance from UTC when it was last asked. */
export interface ProviderClock {
  timezone?: string | undefined
  clockOffsetMinutes: number
}

export interface WallClock {
  /** The fields of the wall clock, to be read as if they were UTC. */
  wall: Date
  /** The hour that comes twice when clocks go back: the wall clock alone does not say which one is meant. */
  isAmbiguous: boolean
}

/** Clocks move by an hour at most (Lord Howe: half an hour), so what is ambiguous shows within two. */
const NEAR = 2 * HOUR

const formats = new Map<string, Intl.DateTimeFormat | null>()

function formatOf(timezone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timezone)
  if (known !== undefined) return known
  let made: Intl.DateTimeFormat | null = null
  try {
    const fields = {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    } as const
    made = new Intl.DateTimeFormat('en-US', { timeZone: timezone, hourCycle: 'h23', calendar: 'gregory', ...fields })
  } catch {
    // Panels write zones that do not exist ("UTC+3").
  }
  formats.set(timezone, made)
  return made
}

/** Minutes by which clocks in this zone are ahead of UTC at this moment; null for a zone that nobody knows. */
export function zoneOffsetMinutes(timezone: string, at: Date): number | null {
  const format = formatOf(timezone)
  if (format === null) return null
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Math.round((Date.UTC(year, month - 1, day, hour, minute, second) - at.getTime()) / MINUTE)
}

/** What the provider's clock showed at a moment, summer time of that day included. */
export function wallClockAt(at: Date, { timezone, clockOffsetMinutes }: ProviderClock): WallClock {
  const offsetAt = (ms: number) =>
    (timezone === undefined ? null : zoneOffsetMinutes(timezone, new Date(ms))) ?? clockOffsetMinutes
  const time = at.getTime()
  const offset = offsetAt(time)
  const wall = time + offset * MINUTE
  // Another moment with the same fields exists where the offset on either side leads back to them.
  const isAmbiguous = [time - NEAR, time + NEAR].some(near => {
    const other = wall - offsetAt(near) * MINUTE
    return other !== time && other + offsetAt(other) * MINUTE === wall
  })
  return { wall: new Date(wall), isAmbiguous }
}

/**
 * The moments (epoch ms) at which a provider's clock shows `wall`, its fields read as if they were UTC: two in the hour that comes
 * twice when clocks go back. What the clock leaps over when it goes forward counts on from before the leap.
 */
export function momentsAt(wall: number, { timezone, clockOffsetMinutes }: ProviderClock): [number, ...number[]] {
  const offsetAt = (ms: number) =>
    ((timezone === undefined ? null : zoneOffsetMinutes(timezone, new Date(ms))) ?? clockOffsetMinutes) * MINUTE
  const before = wall - offsetAt(wall - DAY)
  const after = wall - offsetAt(wall + DAY)
  const [first, second] = [before, after].filter(moment => wall - offsetAt(moment) === moment)
  if (first === undefined) return [before]
  return second === undefined || second === first ? [first] : [first, second]
}
