import { z } from 'zod'
import { AppError } from '@/lib/kernel/errors'
import { Bedtime } from './schema'

const clocks = new Map<string, Intl.DateTimeFormat>()
const names = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** Day of the week and HH:MM on the wall, wherever that is. */
function wallClock(timeZone: string, now: Date): { day: number; time: string } {
  let clock = clocks.get(timeZone)
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    clocks.set(timeZone, clock)
  }
  const parts = Object.fromEntries(clock.formatToParts(now).map(({ type, value }) => [type, value]))
  return { day: names.indexOf(parts.weekday ?? ''), time: `${parts.hour}:${parts.minute}` }
}

const Preferences = z.object({ bedtime: Bedtime.nullable().catch(null).default(null) })

/** Of the preferences as they are stored. A form we no longer know is none. */
export const readBedtime = (preferences: unknown): Bedtime | null => Preferences.safeParse(preferences).data?.bedtime ?? null

export function isBedtime(bedtime: Bedtime | null, now: Date): boolean {
  if (bedtime === null) return false
  const { days, from, to, timeZone } = bedtime
  const { day, time } = wallClock(timeZone, now)
  // Times of the day as HH:MM sort as text.
  if (from < to) return days.includes(day) && from <= time && time < to
  return (days.includes(day) && time >= from) || (days.includes((day + 6) % 7) && time < to)
}

/** @throws BEDTIME */
export function requireAwake(bedtime: Bedtime | null, now = new Date()): void {
  if (bedtime === null || !isBedtime(bedtime, now)) return
  const say = `It is bedtime for this profile until ${bedtime.to}. Whoever owns the account set this, and can change it in Settings.`
  throw new AppError('BEDTIME', { say })
}
