import { expect, test } from 'vitest'
import { GuideWindowQuery, guideReach } from '@/lib/epg/schema'
import { DAY } from '@/lib/kernel/time'
import { addDays, midnightOf } from './guide-words'
import { daysAround, hoursOf } from './reach'

const today = midnightOf(Date.UTC(2026, 5, 15, 12))

test.each([
  { archiveDays: undefined, back: 1 },
  { archiveDays: 0, back: 1 },
  { archiveDays: 7, back: 7 },
  { archiveDays: 20, back: 20 },
  { archiveDays: 31, back: 31 },
  { archiveDays: 365, back: 31 },
])('with an archive of $archiveDays days one can go back $back, and ahead as far as guides are kept', ({ archiveDays, back }) => {
  const days = daysAround(today, archiveDays)
  expect(days).toEqual(days.map((_, at) => addDays(today, at - back)))
  // What begins last of what is kept begins on the last of these days.
  expect(midnightOf(today + 12 * 3_600_000 + guideReach.ahead * DAY)).toBe(days.at(-1))
})

test('every day of a year is a window that the server gives', () => {
  for (let at = 0; at < 366; at += 1) {
    const day = addDays(today, at)
    const asked = { ids: '1', from: String(day / 1_000), hours: String(hoursOf(day)) }
    expect(GuideWindowQuery.safeParse(asked).success).toBe(true)
  }
})
