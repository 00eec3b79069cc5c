import { type Cue, escapeMarkup, printCues, settingsOf } from '@/lib/kernel/cue'
import { TsDemuxer } from './film/read/ts-demuxer'
import { PICTURES_CUE } from './schema'
import type { Segment } from './segmenter'
import { printPictures } from './titles/bitmap'
import { DvbTitleDecoder } from './titles/dvb'
import { TeletextDecoder, type TeletextTitle } from './titles/teletext'
import { TICKS_PER_SECOND, WRAP } from './ts/pes'
import type { LiveText } from './ts/scanner'

/** A page that nothing has taken away by then has lost its end on the way; seconds. */
const LONGEST_PAGE = 30
/** What is to be shown later than so many seconds after its segment tells the time by another clock. */
const FURTHEST = 10

/** In one segment: more than anybody can read. */
const MAX_TITLES = 200
const MAX_BYTES = 4 * 2 ** 20

/** What stands there from a moment on; an empty cue takes away what stood there. */
interface Title extends Omit<Cue, 'start' | 'end'> {
  /** Ticks. */
  pts: number
  /** At most so many seconds. */
  lasts: number
}

interface TitleReader {
  push(pts: number, data: Buffer): Title[]
  flush(): Title[]
}

/** A channel's subtitles as they were read up to the end of a segment. */
interface Reading {
  sequence: number
  reader: TitleReader
  /** What stood there at the end, and since when (seconds before the end). */
  shown: (Title & { age: number }) | null
  /** What had come already but is to be shown later. */
  early: Title[]
}

/**
 * Reads the subtitles of a channel, segment by segment: pages of its teletext, or pictures. What stands when a segment ends goes on
 * in the next, so each is read behind the one before where that is known.
 */
export class LiveTextReader {
  readonly #readings = new Map<string, Reading>()
  readonly #printed = new WeakMap<Segment, Map<string, string>>()

  /** A segment's subtitles as WebVTT, counted from its beginning. `before` are the segments that it continues, the oldest first. */
  print(text: LiveText, segment: Segment, before: readonly Segment[]): string {
    const known = this.#printed.get(segment) ?? new Map<string, string>()
    this.#printed.set(segment, known)
    const printed = known.get(nameOf(text)) ?? printCues(this.#cuesOf(text, segment, before))
    known.set(nameOf(text), printed)
    return printed
  }

  #cuesOf(text: LiveText, segment: Segment, before: readonly Segment[]): Cue[] {
    const last = this.#readings.get(nameOf(text))
    const goesOn = last !== undefined && last.sequence === segment.sequence - 1 && !segment.isDiscontinuous
    const reading = goesOn ? last : { sequence: -1, reader: readerOf(text), shown: null, early: [] }
    if (!goesOn && !segment.isDiscontinuous) for (const each of before) readSegment(reading, text, each)
    const cues = readSegment(reading, text, segment)
    // Somebody who watches from further back does not take the place of those who watch now.
    if (last === undefined || goesOn || segment.sequence > last.sequence) this.#readings.set(nameOf(text), reading)
    return cues
  }
}

const nameOf = ({ pid, page }: LiveText): string => `${pid}/${page}`

function readerOf({ codec, page }: LiveText): TitleReader {
  if (codec === 'dvb_subtitle') return readPictures(page)
  const decoder = new TeletextDecoder(page)
  const worded = ({ pts, text, row }: TeletextTitle): Title => {
    return { pts, lasts: LONGEST_PAGE, text: escapeMarkup(text), settings: settingsOf(row < 12 ? 8 : 2) }
  }
  return { push: (pts, data) => decoder.push(pts, data).map(worded), flush: () => decoder.flush().map(worded) }
}

function readPictures(page: number): TitleReader {
  const config = Buffer.alloc(4)
  config.writeUInt32BE(page)
  const decoder = new DvbTitleDecoder(config)
  const push = (pts: number, data: Buffer) =>
    decoder.push(0, data).map((title): Title => {
      const name = title.bitmaps.length === 0 ? {} : { name: `${PICTURES_CUE}${JSON.stringify(printPictures(title))}` }
      return { pts, lasts: title.end ?? LONGEST_PAGE, text: '', settings: '', ...name }
    })
  return { push, flush: () => [] }
}

function readSegment(reading: Reading, { codec, pid }: LiveText, segment: Segment): Cue[] {
  const { sequence, shownFrom, duration } = segment
  const titles = [...reading.early, ...readTitles(reading.reader, { codec, pid }, segment)].map(title => ({
    title,
    start: Math.max(0, secondsFrom(shownFrom, title.pts)),
  }))
  const isEarly = (start: number) => start > duration && start < duration + FURTHEST
  reading.early = titles
    .filter(({ start }) => isEarly(start))
    .map(({ title }) => title)
    .slice(0, MAX_TITLES)
  const cues: Cue[] = []
  let now = reading.shown === null ? null : { ...reading.shown, start: 0 }
  const close = (until: number) => {
    if (now === null || (now.text === '' && now.name === undefined)) return
    const { text, settings, name, start } = now
    const end = Math.min(until, start + now.lasts - now.age)
    if (end > start) cues.push({ start, end, text, settings, ...(name === undefined ? {} : { name }) })
  }
  for (const { title, start: due } of titles.filter(({ start }) => !isEarly(start))) {
    const start = Math.min(duration, due)
    close(start)
    now = { ...title, start, age: 0 }
  }
  close(duration)
  reading.shown = now === null ? null : { ...now, age: now.age + duration - now.start }
  reading.sequence = sequence
  return cues
}

function readTitles(
  reader: TitleReader,
  { codec, pid }: Pick<LiveText, 'codec' | 'pid'>,
  { bytes, shownFrom }: Segment,
): Title[] {
  const service = { language: null, page: 0, isForDeaf: false }
  const demuxer = new TsDemuxer([{ pid, kind: 'other', codec: null, language: null, text: { codec, services: [service] } }])
  const titles: Title[] = []
  let size = 0
  for (const { pts, data } of [...demuxer.push(bytes), ...demuxer.flush()]) {
    const read = reader.push(pts ?? shownFrom, data)
    titles.push(...read)
    size += read.reduce((sum, { name = '' }) => sum + name.length, 0)
    if (size > MAX_BYTES || titles.length >= MAX_TITLES) break
  }
  return [...titles, ...reader.flush()]
}

/** Across the wrap of the clock, and with a segment's own time that counts on beyond it. */
function secondsFrom(base: number, pts: number): number {
  const ticks = (((pts - base) % WRAP) + WRAP) % WRAP
  return (ticks > WRAP / 2 ? ticks - WRAP : ticks) / TICKS_PER_SECOND
}
