import type { GuideReach } from '@/lib/epg/schema'
import { HOUR } from '@/lib/kernel/time'
import { addDays } from './guide-words'

// The same numbers as in lib/epg/schema.ts, whose zod stays out of the browser; the type holds them together.
const reach: GuideReach = { ahead: 14, leastBack: 1, mostBack: 31 }

/** Days back of which a guide can know something. What an older page left on this device does not tell how deep archives are. */
const daysBackOf = (archiveDays: number | undefined): number =>
  Math.min(reach.mostBack, Math.max(reach.leastBack, archiveDays ?? 0))

/** Midnights of the days that can be looked at, in order: as far as something can be there. The last day is known in part. */
export function daysAround(today: number, archiveDays: number | undefined): number[] {
  const back = daysBackOf(archiveDays)
  return Array.from({ length: back + 1 + reach.ahead }, (_, at) => addDays(today, at - back))
}

/** The hours of a day, of which the days on which clocks change have more or fewer. */
export const hoursOf = (day: number): number => Math.ceil((addDays(day, 1) - day) / HOUR)
