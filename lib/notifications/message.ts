import { DAY } from '@/lib/kernel/time'
import type { Claimed } from './delivery-store'

type Told = Pick<Claimed, 'title' | 'subTitle' | 'channel' | 'start' | 'stop' | 'itemId' | 'zone' | 'language'>

/** "20:15", in the viewer's zone and way of writing. */
function sayTime(at: Date, { zone, language }: Pick<Told, 'zone' | 'language'>): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  }).format(at)
}

/** One line for the subject, three for the text; `address` is where the product is. */
export function writeMail(told: Told, address: string): { subject: string; text: string } {
  const { title, subTitle, channel, start, stop, itemId, zone } = told
  const from = sayTime(start, told)
  const zoneNote = zone === 'UTC' ? ' (UTC)' : ''
  const until = stop.getTime() - start.getTime() < DAY ? ` to ${sayTime(stop, told)}` : ''
  return {
    subject: `${title.replace(/\s+/g, ' ').slice(0, 120)}, ${from} on ${channel.replace(/\s+/g, ' ').slice(0, 60)}`,
    text: [
      `${title}${subTitle ? ` (${subTitle})` : ''}`,
      `${channel}, ${from}${until}${zoneNote}`,
      '',
      `Watch: ${new URL(`/watch/${itemId}`, address)}`,
      '',
      `You asked to be reminded. Reminders and mails are changed here: ${new URL('/reminders', address)}`,
    ].join('\n'),
  }
}
