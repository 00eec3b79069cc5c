import { type Cue, cueFromSubrip, escapeMarkup, settingsOf } from '@/lib/kernel/cue'
import { cueFromAss } from '@/lib/kernel/cue-ass'
import { TeletextDecoder, type TeletextTitle } from '../../titles/teletext'
import type { Film, FilmPacket, FilmTrack } from '../film'
import type { Layout } from '../layout'
import type { FilmBytes } from '../read/film-bytes'

interface Wanted {
  film: Film
  bytes: FilmBytes
  layout: Layout
  track: FilmTrack
  number: number
  signal: AbortSignal
}

interface Stretch extends Omit<Wanted, 'layout' | 'number'> {
  /** Seconds. */
  start: number
  end: number
}

/** Shown when the file does not say how long, in seconds. */
const USUAL_SECONDS = 4
/** A page of teletext that nothing has taken away by then, in seconds. */
const LONGEST_PAGE = 8
/** No line of text is longer; what is claims to be one. */
const MAX_TEXT_BYTES = 16 * 1_024
/** In one segment. */
const MAX_CUES = 2_000

/** Packets of a track of subtitles from one moment to another, and with them those before that may still be read. */
export async function* readTitlePackets(stretch: Stretch): AsyncGenerator<FilmPacket> {
  const { film, bytes, track, start, end, signal } = stretch
  // The picture is watched besides, to know when no more can come.
  const picture = film.tracks.find(({ kind }) => kind === 'video')
  const isScanned = film.container !== 'mp4' && film.container !== 'avi'
  const tracks = new Set([track.id, ...(isScanned && picture !== undefined ? [picture.id] : [])])
  for await (const packet of film.read(bytes, start, tracks)) {
    signal.throwIfAborted()
    if (packet.pts >= end + (packet.track === track.id ? 0 : 1)) return
    if (packet.track === track.id) yield packet
  }
}

/** The lines of text that begin in a segment, and with them those of the one before that are still to be read. */
export async function cuesOf({ film, bytes, layout, track, number, signal }: Wanted): Promise<Cue[]> {
  const start = number === 0 ? 0 : (layout.bounds[number] ?? 0)
  const end = layout.bounds[number + 1] ?? film.duration
  if (track.codec === 'dvb_teletext') return teletextCues({ film, bytes, track, start, end, signal })
  const cues: Cue[] = []
  for await (const packet of readTitlePackets({ film, bytes, track, start, end, signal })) {
    if (packet.data.length > MAX_TEXT_BYTES) continue
    if (cues.length >= MAX_CUES) break
    const cue = toCue(track, packet)
    if (cue !== null && cue.end > start) cues.push(cue)
  }
  return cues
}

/** A page stays until the next, which may come well behind the segment. */
async function teletextCues(stretch: Stretch): Promise<Cue[]> {
  const { track, start, end } = stretch
  const decoder = new TeletextDecoder(track.matroska.config?.readUInt32BE(0) ?? 0)
  const titles: TeletextTitle[] = []
  for await (const { pts, data } of readTitlePackets({ ...stretch, end: end + LONGEST_PAGE })) {
    titles.push(...decoder.push(pts, data))
    if (titles.length >= MAX_CUES || (titles.at(-1)?.pts ?? 0) >= end) break
  }
  titles.push(...decoder.flush())
  return titles.flatMap(({ pts, text, row }, index): Cue[] => {
    if (text === '' || pts >= end) return []
    const until = Math.min(titles[index + 1]?.pts ?? Number.POSITIVE_INFINITY, pts + LONGEST_PAGE)
    if (until <= start) return []
    return [{ start: pts, end: until, text: escapeMarkup(text), settings: settingsOf(row < 12 ? 8 : 2) }]
  })
}

function toCue(track: FilmTrack, { pts, duration, data }: FilmPacket): Cue | null {
  const end = pts + (duration ?? USUAL_SECONDS)
  if (track.codec === 'ass')
    return cueFromAss(data.toString('utf8'), { start: pts, end, config: track.matroska.config?.toString('utf8') ?? '' })
  if (track.codec !== 'mov_text') return cueFromSubrip(data.toString('utf8'), { start: pts, end })
  const text = escapeMarkup(readMovText(data))
  return text.trim() === '' ? null : { start: pts, end, text, settings: '' }
}

/** QuickTime's text: a length, the text, and boxes of style that nobody needs. */
function readMovText(data: Buffer): string {
  const length = data.length >= 2 ? data.readUInt16BE(0) : 0
  return data.toString('utf8', 2, 2 + length).replace(/\r\n?/g, '\n')
}
