import 'server-only'
import { createHash } from 'node:crypto'
import ical, { ICalAlarmType, ICalCalendarMethod } from 'ical-generator'
import { AppError } from '@/lib/kernel/errors'
import { HOUR, MINUTE, SECOND } from '@/lib/kernel/time'
import { env } from '@/lib/platform/env'
import { type CalendarRow, findCalendarProfile, listCalendar } from './setting-store'

/** The calendar as text. The same programmes give the same text, so that an unchanged one is known by its hash. */
export function writeCalendar(name: string, rows: readonly CalendarRow[], address: string): string {
  const { host } = new URL(address)
  const calendar = ical({
    name: `WatchTheFlix: ${name}`,
    prodId: { company: 'WatchTheFlix', product: 'Reminders', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: HOUR / SECOND,
  })
  for (const { id, itemId, channel, title, subTitle, start, stop, minutes } of rows) {
    const event = calendar.createEvent({
      id: `reminder-${id}@${host}`,
      // When the entry was made is nobody's question here, and the time of asking would make every answer another one.
      stamp: start,
      start,
      end: stop,
      summary: `${title} · ${channel}`,
      location: channel,
      url: new URL(`/watch/${itemId}`, address).href,
    })
    if (subTitle) event.description(subTitle)
    event.createAlarm({ type: ICalAlarmType.display, trigger: (minutes * MINUTE) / SECOND, description: title })
  }
  return calendar.toString()
}

/** The calendar behind a token, with what names this state of it. @throws NOT_FOUND */
export async function getCalendar(token: string): Promise<{ text: string; etag: string }> {
  const profile = await findCalendarProfile(token.replace(/\.ics$/, ''))
  if (!profile) throw new AppError('NOT_FOUND')
  const text = writeCalendar(profile.name, await listCalendar(profile.profileId), env().PUBLIC_URL)
  return { text, etag: `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"` }
}
