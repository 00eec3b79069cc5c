import { DAY, HOUR } from '@/lib/kernel/time'
import { momentOf, monthOf, type NamedDay, weekdayOf, writesMonthFirst, zoneForm } from './event-time'

/** What a channel that exists for one event says in its name. */
export interface NamedEvent {
  title: string
  start: Date
  stop: Date
}

/** Names tell no end; most matches and fights with all around them are over by then. */
const USUAL_MS = 3 * HOUR
const LONGEST_MS = 12 * HOUR
/** Names that tell of other days than these are left over, or were never dates. */
const OLDEST_MS = DAY
const FARTHEST_MS = 200 * DAY
const LONGEST_NAME = 300

/** Nearly all channels have no time in their name, and are done with here. */
const hasTime = /\d[:.h]\d\d|\d ?[ap]\.?m/i
/** No title: what such a channel is called while nothing is on. */
const nothing = /^(?:no |(?:ppv|live|event|live event|ppv event)[\s#\d]*$|off ?air|tba$|tbd$)/i

/** Stands where something was taken out. */
const MARK = '\u0001'
const zone = `(?:\\b${zoneForm}|(?<=[\\d${MARK}])Z\\b)`
/** Shaped like a zone: of which clock is not known, and a guess would be hours off. */
const vagueZone = '(?!(?:BE|CA|CO|EA|FA|HO|JU|LA|LI|MU|PO|RU|TE|WE)ST)[A-Z]{1,2}[SD]T'
const monthWord =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
const weekday = '(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?'

// Groups are named once each: the first form that fits gives the day.
const dayForms: readonly RegExp[] = [
  /(?<!\d)(?<year>20\d\d)[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})(?!\d)/,
  new RegExp(
    `(?<!\\d|(?:UTC|GMT) ?[+-])(?<day>\\d{1,2})(?:st|nd|rd|th)?[ .-]*(?<word>\\b${monthWord}\\b|(?<=\\d)${monthWord}\\b)\\.?(?:,? *(?<year>20\\d\\d)\\b)?`,
    'i',
  ),
  new RegExp(`\\b(?<word>${monthWord})\\b\\.? *(?<day>\\d{1,2})(?:st|nd|rd|th)?(?![\\d:])(?:,? *(?<year>20\\d\\d)\\b)?`, 'i'),
  /(?<![\d/])(?<first>\d{1,2})\/(?<second>\d{1,2})(?:\/(?<year>(?:20)?\d\d))?(?![\d/])/,
  /(?<![\d.])(?<first>\d{1,2})\.(?<second>\d{1,2})\.(?:(?<year>(?:20)?\d\d)(?!\d))?/,
  // "22.11 20:45": one number after another, and only one of them with a colon.
  /(?<![\d.])(?=\d\d\.\d|\d\.\d\d)(?<first>\d{1,2})\.(?<second>\d{1,2})(?=[ ,]+(?:[01]?\d|2[0-3])[:h][0-5]\d)/,
  new RegExp(`\\b(?<weekday>${weekday})\\b(?! (?:night|morning|football|league|live|showdown)\\b)`, 'i'),
  /\b(?<relative>today|tonight|tomorrow)\b/i,
]
const clock = `(?<hour>[01]?\\d|2[0-3])(?:[:.h](?<minute>[0-5]\\d))(?::[0-5]\\d)? *(?<half>[ap]\\.?m\\b\\.?)?`
const hourOnly = '(?<hour>1[0-2]|0?[1-9])(?<half>[ap]m)'

const timeForms: readonly RegExp[] = [
  new RegExp(`(?<![\\d:.])${clock}(?![\\d:])`, 'gi'),
  new RegExp(`(?<![\\d:.])${hourOnly}\\b`, 'gi'),
  // "7 PM ET": the zone says that this is a time.
  new RegExp(`(?<![\\d:.])(?<hour>1[0-2]|0?[1-9]) (?<half>[ap]m)(?= *${zone})`, 'gi'),
]

interface Found<T> {
  value: T
  /** The name without it, a mark in its place. */
  rest: string
}

const without = (text: string, at: number, length: number): string => `${text.slice(0, at)}${MARK}${text.slice(at + length)}`

interface Clock {
  hour: number
  minute: number
}

function findTime(text: string): Found<Clock> | null {
  for (const match of timeForms.flatMap(form => [...text.matchAll(form)])) {
    const { hour: hours, minute = '0', half } = match.groups ?? {}
    // "20.15" without anything that says so is a number like any other.
    const isDotted = /^\d+\.\d/.test(match[0])
    const after = text.slice(match.index + match[0].length)
    if (isDotted && half === undefined && !new RegExp(`^ *${zone}`).test(after)) continue
    let hour = Number(hours)
    if (half !== undefined) {
      if (hour < 1 || hour > 12) continue
      hour = (hour % 12) + (/^p/i.test(half) ? 12 : 0)
    }
    return { value: { hour, minute: Number(minute) }, rest: without(text, match.index, match[0].length) }
  }
  return null
}

function toDay(groups: Record<string, string | undefined>, isMonthFirst: boolean): NamedDay | null {
  const { word, weekday: weekdayWord, relative } = groups
  if (weekdayWord) return { kind: 'weekday', weekday: weekdayOf(weekdayWord) }
  if (relative) return { kind: 'offset', days: /tomorrow/i.test(relative) ? 1 : 0 }
  const year = groups.year === undefined ? null : Number(groups.year.padStart(4, '20'))
  let [month, day] = [word ? monthOf(word) + 1 : Number(groups.month), Number(groups.day)]
  if (groups.first !== undefined) {
    const pair = [Number(groups.first), Number(groups.second)] as const
    const monthFirst = pair[0] > 12 ? false : pair[1] > 12 ? true : isMonthFirst
    ;[month, day] = monthFirst ? pair : [pair[1], pair[0]]
  }
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= 31
  return isDate ? { kind: 'date', year, month: month - 1, day } : null
}

function findDay(text: string, isMonthFirst: boolean): Found<NamedDay> | null {
  for (const form of dayForms) {
    const match = form.exec(text)
    const value = match?.groups ? toDay(match.groups, isMonthFirst) : null
    if (match && value) return { value, rest: without(text, match.index, match[0].length) }
  }
  return null
}

/** Beside the time that was taken out, in brackets of its own or before its day: elsewhere "UK" is a country and "CT" a team. */
const zoneForms = [
  new RegExp(`${MARK}[ )\\]]*(${zone})(?![A-Za-z])`),
  new RegExp(`${MARK} *[([] *(${zone})(?: *\\/ *${zone})*(?! *[A-Za-z])`),
  new RegExp(`(${zone})(?:[ ,]+(?i:${weekday})\\b,?)? *${MARK}`),
]
const vagueForm = new RegExp(`${MARK}[ ()[\\]]*${vagueZone}\\b|\\b${vagueZone} *${MARK}`)

function findZone(text: string): Found<string> | null {
  for (const form of zoneForms) {
    const match = form.exec(text)
    if (match?.[1]) return { value: match[1], rest: without(text, match.index, match[0].length) }
  }
  return null
}

/** "stop: 2026-11-22 22:00": when it ends, on the provider's own clock like its start. */
const stopForm = /\b(?:stop|end)s? *[:=] *(?:20\d\d-\d\d-\d\d[ T]*)?(?<hour>[01]?\d|2[0-3]):(?<minute>[0-5]\d)(?::[0-5]\d)?/i

function findStop(text: string): Found<Clock> | null {
  const match = stopForm.exec(text)
  if (!match?.groups) return null
  const value = { hour: Number(match.groups.hour), minute: Number(match.groups.minute) }
  return { value, rest: without(text, match.index, match[0].length) }
}

/** Words that led to what was taken out. */
const leading = new RegExp(`(?:\\b(?:start|begin)s? *[:=]? *|\\b(?:at|from|on)\\b *|@ *)${MARK}`, 'gi')
const country = /^\W*\b[A-Z]{2,3}\b *[|:] */
/** "PPV 1:", "ESPN+ 045 |", "LIVE EVENT 04 -", "US (Peacock 012) |": which channel it is, not what is on. */
const slot =
  /^[^\p{L}\d]*\p{L}[\p{L}\d+&.'’()/ -]{0,40}?[ #(-]\d{1,4}\)? *(?:[:|]| [-–—] |$)|^\W*(?:live event|event|ppv|live) *[:|-]/iu
/** Fights are numbered: "UFC 300: Pereira vs Hill" is not the 300th channel of anything. */
const numbered = /^(?:ufc|bellator|pfl|ksw|cage warriors|wrestlemania|super bowl|round|game|week|stage)\b/i

const trimEdges = (part: string): string =>
  part
    .replaceAll(/[([{]\s*[)\]}]/g, '')
    .replaceAll(/^[\s\-–—:|,@/.)\]}]+|[\s\-–—:|,@/([{]+$/g, '')
    .trim()

const joinParts = (text: string): string =>
  text
    .split(new RegExp(`[${MARK}|]`))
    .map(trimEdges)
    .filter(Boolean)
    .join(' · ')
    .replaceAll(/\s+/g, ' ')

/** What is left of a name when its time is out, without the number of the channel. */
function toTitle(rest: string): string {
  const text = rest
    .replaceAll(leading, MARK)
    .replaceAll(new RegExp(`[([{][^\\p{L}\\d()]*${MARK}[^\\p{L}\\d()]*[)\\]}]`, 'gu'), MARK)
  const named = text.replace(country, '').replace(new RegExp(`^[\\s${MARK}[\\](){}|:-]+`), '')
  const before = slot.exec(named)?.[0] ?? ''
  const isSlot = before !== '' && (!numbered.test(named) || /\D0\d/.test(before))
  const title = joinParts(isSlot ? named.slice(before.length) : named)
  // "Toy Story 3 | 20:00": nothing stands after its number, so that it is the title. "NBA 03 | 20:00" is a channel's number all the same.
  return /\p{L}/u.test(title) || /\D0\d/.test(before) ? title : joinParts(named)
}

/**
 * Reads a name like "PPV 1: Team A vs Team B | 22 Nov 20:00 ET". Null without a time, without a title, with a zone that is not
 * known, and for days that are over or far away. `clockMinutes`: how far the provider's clock is ahead of UTC, for names without a zone.
 */
export function parseEventName(name: string, now: number, clockMinutes = 0): NamedEvent | null {
  if (!hasTime.test(name)) return null
  const text = name.slice(0, LONGEST_NAME).normalize('NFKC')
  const stop = findStop(text)
  // The day first: "22.11. 20:45" and "2026-11-22 19:30" have numbers that look like times.
  const firstDay = findDay(stop?.rest ?? text, false)
  const time = findTime(firstDay?.rest ?? stop?.rest ?? text)
  if (time === null) return null
  const zoned = findZone(time.rest)
  if (zoned === null && vagueForm.test(time.rest)) return null
  const zone = zoned?.value ?? null
  const day = writesMonthFirst(zone) ? (findDay(stop?.rest ?? text, true)?.value ?? null) : (firstDay?.value ?? null)
  const length = lengthOf(time.value, stop?.value ?? null)
  const start = momentOf({ ...time.value, day, zone }, now, clockMinutes, Math.max(length, USUAL_MS))
  // A day of the week beside a date says nothing more.
  const rest = zoned?.rest ?? time.rest
  const title = toTitle(findDay(rest, false)?.rest ?? rest)
  if (start === null || nothing.test(title) || !/\p{L}/u.test(title)) return null
  const end = start + length
  if (end < now - OLDEST_MS || start > now + FARTHEST_MS) return null
  return { title, start: new Date(start), stop: new Date(end) }
}

function lengthOf(start: Clock, stop: Clock | null): number {
  if (stop === null) return USUAL_MS
  const minutes = (stop.hour * 60 + stop.minute - start.hour * 60 - start.minute + 1_440) % 1_440
  const length = (minutes * HOUR) / 60
  return length > 0 && length <= LONGEST_MS ? length : USUAL_MS
}
