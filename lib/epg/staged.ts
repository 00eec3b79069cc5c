import type { XmltvChannel, XmltvProgramme } from './xmltv-programme'

/** One channel of the guide that is being read. */
export interface StagedChannel extends XmltvChannel {
  /** Number of the channel within this import. */
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
  /** Programmes that ended before this are not kept; epoch seconds. */
  keepFrom: number
}

/** Columns of the staging tables, in the order of the lines below. */
export const programmeColumns = 'n, start, stop, title, sub_title, description, categories, details'
export const channelColumns = 'n, xmltv_id, names, icon, first, last'

const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '' }

// COPY text format. What the reader gives has been cleaned: one line has nothing special but a backslash in it, and lines have
// line feeds beside.
const escaped = (value: string) => value.replace(/[\\\n\r\t\0]/g, char => escapes[char] ?? '')
const line = (value: string) => (value.includes('\\') ? escaped(value) : value)
const lineOrNull = (value: string | null) => (value === null ? '\\N' : line(value))
const linesOrNull = (value: string | null) => (value === null ? '\\N' : value.includes('\n') ? escaped(value) : line(value))
const list = (values: readonly string[]) =>
  values.length === 0 ? '{}' : line(`{${values.map(value => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`)

/** One line of a COPY; `start` and `stop` are epoch seconds. */
export function toProgrammeLine(n: number, programme: XmltvProgramme, times: { start: number; stop: number | null }): string {
  const { title, subTitle, description, categories, details } = programme
  return (
    `${n}\t${times.start}\t${times.stop ?? '\\N'}\t${line(title)}\t${lineOrNull(subTitle)}\t${linesOrNull(description)}\t` +
    `${list(categories)}\t${details === null ? '\\N' : line(JSON.stringify(details))}\n`
  )
}

export function toChannelLine({ n, id, names, icon, first, last }: StagedChannel): string {
  return `${n}\t${line(id)}\t${list(names)}\t${lineOrNull(icon)}\t${first}\t${last}\n`
}
