import { SECOND } from '@/lib/kernel/time'
import type { XmltvChannel, XmltvProgramme } from './xmltv-programme'

/** One channel of the guide that is being read. */
export interface StagedChannel extends XmltvChannel {
  /** Its number in the database, where it may not stand yet. */
  n: number
  count: number
  /** Epoch seconds of the first beginning and of the last end; 0 without programmes. */
  first: number
  last: number
  /** Where the programme before began and ended. */
  lastStart: number
  lastStop: number | null
  /** Its programmes are out of order, overlap, repeat or say no end: the database has to put them right. */
  isMessy: boolean
  /** Where its programmes are: nowhere yet, stored already, or waiting in the staging tables. */
  place: 'open' | 'stored' | 'staged'
  /** Programmes that ended before this are not kept; epoch seconds. */
  keepFrom: number
}

/** Columns of the staging tables, in the order of the lines below. */
export const programmeColumns = 'channel_id, start, stop, title, sub_title, description, categories, details'
export const channelColumns = 'id, xmltv_id, names, icon, first, last'

const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '' }

// COPY text format. What the reader gives has been cleaned: one line has nothing special but a backslash in it, and lines have
// line feeds beside.
const escaped = (value: string) => value.replace(/[\\\n\r\t\0]/g, char => escapes[char] ?? '')
const line = (value: string) => (value.includes('\\') ? escaped(value) : value)
const lineOrNull = (value: string | null) => (value === null ? '\\N' : line(value))
const linesOrNull = (value: string | null) => (value === null ? '\\N' : value.includes('\n') ? escaped(value) : line(value))
const quoted = (value: string) => (/["\\]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`)
const list = (values: readonly string[]) => (values.length === 0 ? '{}' : line(`{${values.map(quoted).join(',')}}`))

/** Moments met lately as the database reads them: a guide has some thousands of them, a hundred times each. */
const moments = new Map<number, string>()

function moment(seconds: number): string {
  const known = moments.get(seconds)
  if (known !== undefined) return known
  if (moments.size > 20_000) moments.clear()
  const text = new Date(seconds * SECOND).toISOString()
  moments.set(seconds, text)
  return text
}

/** One line of a COPY; `start` and `stop` are epoch seconds. */
export function toProgrammeLine(n: number, programme: XmltvProgramme, times: { start: number; stop: number | null }): string {
  const { title, subTitle, description, categories, details } = programme
  return (
    `${n}\t${moment(times.start)}\t${times.stop === null ? '\\N' : moment(times.stop)}\t${line(title)}\t${lineOrNull(subTitle)}\t${linesOrNull(description)}\t` +
    `${list(categories)}\t${details === null ? '\\N' : line(JSON.stringify(details))}\n`
  )
}

/** What is stored has nothing to be swapped for: its times are not told. */
export function toChannelLine({ n, id, names, icon, first, last, place }: StagedChannel): string {
  const times = place === 'staged' ? `${first}\t${last}` : '0\t0'
  return `${n}\t${line(id)}\t${list(names)}\t${lineOrNull(icon)}\t${times}\n`
}
