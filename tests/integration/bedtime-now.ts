import type { Bedtime } from '@/lib/profiles/schema'

const clock = (date: Date) => date.toISOString().slice(11, 16)

/** From an hour ago until in an hour, every day. */
export const bedtimeNow = (now = Date.now()): Bedtime => ({
  days: [0, 1, 2, 3, 4, 5, 6],
  from: clock(new Date(now - 3_600_000)),
  to: clock(new Date(now + 3_600_000)),
  timeZone: 'UTC',
})
