import { alertPath, sayAlert } from '@/lib/kernel/alert-words'
import { DAY } from '@/lib/kernel/time'
import type { Claimed } from './delivery-store'

type Told = Pick<
  Claimed,
  'kind' | 'others' | 'title' | 'subTitle' | 'channel' | 'start' | 'stop' | 'itemId' | 'zone' | 'language'
>

/** "20:15", in the viewer's zone and way of writing. */
function sayTime(at: Date, { zone, language }: Pick<Told, 'zone' | 'language'>): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  }).format(at)
}

function writeAlert(words: string, told: Told, address: string): { subject: string; text: string } {
  const zoneNote = told.zone === 'UTC' ? ' (UTC)' : ''
  return {
    subject: words.replace(/\s+/g, ' ').slice(0, 200),
    text: [
      words,
      `It was bad from ${sayTime(told.start, told)}${zoneNote} on.`,
      '',
      `How it plays: ${new URL(alertPath(told), address)}`,
      '',
      `Administrators get this mail. Mails are changed here: ${new URL('/reminders', address)}`,
    ].join('\n'),
  }
}

/** One line for the subject, three for the text; `address` is where the product is. */
export function writeMail(told: Told, address: string): { subject: string; text: string } {
  const { kind, others, title, subTitle, channel, start, stop, itemId, zone } = told
  if (kind !== 'reminder') return writeAlert(sayAlert({ kind, title, others }), told, address)
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
