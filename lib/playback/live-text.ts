import { type Cue, escapeMarkup, printCues, settingsOf } from '@/lib/kernel/cue'
import { TsDemuxer } from './film/read/ts-demuxer'
import type { Segment } from './segmenter'
import { TeletextDecoder, type TeletextTitle } from './titles/teletext'
import { TICKS_PER_SECOND, WRAP } from './ts/pes'
import type { LiveText } from './ts/scanner'

/** A page that nothing has taken away by then has lost its end on the way; seconds. */
const LONGEST_PAGE = 30

/** A page as it was read up to the end of a segment. */
interface Reading {
  sequence: number
  decoder: TeletextDecoder
  /** What stood there at the end, and since when (seconds before the end). */
  shown: (Pick<TeletextTitle, 'text' | 'row'> & { age: number }) | null
}

/**
 * Reads the subtitle pages of a channel's teletext, segment by segment. What stands when a segment ends goes on in the next, so each
 * is read behind the one before where that is known.
 */
export class LiveTextReader {
  readonly #readings = new Map<number, Reading>()
  readonly #printed = new WeakMap<Segment, Map<number, string>>()

  /** A segment's text as WebVTT, counted from its beginning. `before` are the segments that it continues, the oldest first. */
  print(text: LiveText, segment: Segment, before: readonly Segment[]): string {
    const known = this.#printed.get(segment) ?? new Map<number, string>()
    this.#printed.set(segment, known)
    const printed = known.get(text.page) ?? printCues(this.#cuesOf(text, segment, before))
    known.set(text.page, printed)
    return printed
  }

  #cuesOf(text: LiveText, segment: Segment, before: readonly Segment[]): Cue[] {
    const last = this.#readings.get(text.page)
    const goesOn = last !== undefined && last.sequence === segment.sequence - 1 && !segment.isDiscontinuous
    const reading = goesOn ? last : { sequence: -1, decoder: new TeletextDecoder(text.page), shown: null }
    if (!goesOn && !segment.isDiscontinuous) for (const each of before) readSegment(reading, text, each)
    const cues = readSegment(reading, text, segment)
    // Somebody who watches from further back does not take the place of those who watch now.
    if (last === undefined || goesOn || segment.sequence > last.sequence) this.#readings.set(text.page, reading)
    return cues
  }
}

function readSegment(reading: Reading, { pid }: LiveText, { sequence, bytes, shownFrom, duration }: Segment): Cue[] {
  const service = { language: null, page: 0, isForDeaf: false }
  const demuxer = new TsDemuxer([
    { pid, kind: 'other', codec: null, language: null, text: { codec: 'dvb_teletext', services: [service] } },
  ])
  const titles = [...demuxer.push(bytes), ...demuxer.flush()].flatMap(({ pts, data }) =>
    reading.decoder.push(pts ?? shownFrom, data),
  )
  titles.push(...reading.decoder.flush())
  const cues: Cue[] = []
  let now = reading.shown === null ? null : { ...reading.shown, start: 0 }
  const close = (end: number) => {
    if (now !== null && now.text !== '' && end > now.start && now.age < LONGEST_PAGE) {
      const settings = settingsOf(now.row < 12 ? 8 : 2)
      cues.push({ start: now.start, end, text: escapeMarkup(now.text), settings })
    }
  }
  for (const { pts, text, row } of titles) {
    const start = Math.min(duration, Math.max(0, secondsFrom(shownFrom, pts)))
    close(start)
    now = { text, row, start, age: 0 }
  }
  close(duration)
  reading.shown = now === null ? null : { text: now.text, row: now.row, age: now.age + duration - now.start }
  reading.sequence = sequence
  return cues
}

/** Across the wrap of the clock, and with a segment's own time that counts on beyond it. */
function secondsFrom(base: number, pts: number): number {
  const ticks = (((pts - base) % WRAP) + WRAP) % WRAP
  return (ticks > WRAP / 2 ? ticks - WRAP : ticks) / TICKS_PER_SECOND
}
