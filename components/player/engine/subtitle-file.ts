import { type Cue, clean, cueFromSubrip } from '@/lib/kernel/cue'
import { cueFromAss } from '@/lib/kernel/cue-ass'
import { decodeText } from './decode-text'

/** Bytes; the subtitles of the longest film are a tenth of it. */
export const MAX_SUBTITLE_BYTES = 5 * 2 ** 20
const MAX_CUES = 20_000
const MAX_TEXT = 2_000

export type SubtitleFile = { cues: readonly Cue[] } | { problem: string }

const problems = {
  large: 'This file is larger than 5 MB, and subtitle files are much smaller. Choose another one.',
  unreadable: 'Your device could not open this file. Choose another one, or try again.',
  empty: 'This file is empty. Choose another one.',
  packed: 'This file is packed. Unpack it first, then choose the subtitle file inside.',
  foreign: 'We found no subtitles in this file. Files that end in .srt, .vtt, .ass or .ssa work.',
}

/** Reads a file of the viewer's device; one that is too large is not even opened. */
export async function openSubtitleFile(file: Blob): Promise<SubtitleFile> {
  if (file.size > MAX_SUBTITLE_BYTES) return { problem: problems.large }
  try {
    return readSubtitleFile(new Uint8Array(await file.arrayBuffer()))
  } catch {
    return { problem: problems.unreadable }
  }
}

/** The lines of a SubRip, WebVTT or Advanced SubStation file in their order, or a sentence that says why there are none. */
export function readSubtitleFile(bytes: Uint8Array): SubtitleFile {
  if (bytes.length > MAX_SUBTITLE_BYTES) return { problem: problems.large }
  if (bytes.length === 0) return { problem: problems.empty }
  if (isPacked(bytes)) return { problem: problems.packed }
  const text = decodeText(bytes)
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
  const cues = (/^\[(?:script info|events)\]/im.test(text) ? readSubStation(text) : readTimedBlocks(text)).slice(0, MAX_CUES)
  return cues.length === 0 ? { problem: problems.foreign } : { cues: cues.sort((a, b) => a.start - b.start) }
}

/** Zip, gzip, RAR, 7z. */
function isPacked(bytes: Uint8Array): boolean {
  const head = String.fromCharCode(...bytes.subarray(0, 4))
  return ['PK\x03\x04', 'Rar!', '7z\xbc\xaf'].includes(head) || head.startsWith('\x1f\x8b')
}

const time = String.raw`(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?`
const timing = new RegExp(String.raw`^\s*${time}\s*-->\s*${time}(.*)$`)

const seconds = ([hours = '0', minutes = '0', whole = '0', part = '0']: (string | undefined)[]): number =>
  Number(hours) * 3_600 + Number(minutes) * 60 + Number(whole) + Number(`0.${part}`)

/** SubRip and WebVTT differ in little: a line with two times, and text until the next empty line. */
function readTimedBlocks(text: string): Cue[] {
  const isWebVtt = text.startsWith('WEBVTT')
  const lines = text.split('\n')
  const cues: Cue[] = []
  for (let at = 0; at < lines.length; at++) {
    const found = timing.exec(lines[at] ?? '')
    if (found === null) continue
    const words: string[] = []
    // Some writers forget the empty line: the next times end the text, with the number before them.
    while (at + 1 < lines.length && lines[at + 1]?.trim() !== '' && !timing.test(lines[at + 1] ?? ''))
      words.push(lines[++at] ?? '')
    if (timing.test(lines[at + 1] ?? '') && /^\d+$/.test(words.at(-1)?.trim() ?? '')) words.pop()
    const times = { start: seconds(found.slice(1, 5)), end: seconds(found.slice(5, 9)) }
    const raw = words.join('\n').slice(0, MAX_TEXT)
    const cue = isWebVtt ? { ...times, text: clean(raw), settings: found[9]?.trimEnd() ?? '' } : cueFromSubrip(raw, times)
    if (cue !== null && cue.text !== '' && cue.end > cue.start) cues.push(cue)
  }
  return cues
}

function readSubStation(text: string): Cue[] {
  const [config = '', events = ''] = text.split(/^\[events\]/im)
  const usual = 'Layer,Start,End,Style,Name,MarginL,MarginR,MarginV,Effect,Text'
  const format = (/^Format:(.*)$/im.exec(events)?.[1] ?? usual).split(',').map(part => part.trim().toLowerCase())
  const cues: Cue[] = []
  for (const [, row = ''] of events.matchAll(/^Dialogue:(.*)$/gim)) {
    const fields = row.trim().split(',')
    const field = (name: string) => fields[format.indexOf(name)]?.trim() ?? ''
    const raw = fields
      .slice(format.length - 1)
      .join(',')
      .slice(0, MAX_TEXT)
    const [start, end] = [field('start'), field('end')].map(value =>
      seconds(new RegExp(`^${time}$`).exec(value)?.slice(1, 5) ?? []),
    )
    if (start === undefined || end === undefined || end <= start) continue
    const cue = cueFromAss(`0,0,${field('style')},,0,0,0,,${raw}`, { start, end, config })
    if (cue !== null) cues.push(cue)
  }
  return cues
}
