import { expect, test } from 'vitest'
import { addTeletext } from '@/tests/fakes/provider/teletext-stream'
import { asTextPlaylist, printLiveMaster } from './live-master'
import { printLivePlaylist } from './live-playlist'
import { LiveTextReader } from './live-text'
import { sampleMedia } from './sample-media.test-support'
import { type Segment, Segmenter } from './segmenter'
import { TsScanner } from './ts/scanner'

const lines = [
  { start: 1, end: 5.2, text: 'Over two segments & more', row: 21 },
  { start: 7, end: 7.6, text: 'Short', row: 2 },
]

function channel(): { segments: Segment[]; scanner: TsScanner } {
  const bytes = addTeletext(sampleMedia({ seconds: 12 }), { pid: 0x200, page: 888, language: 0, code: 'eng', lines })
  const segments: Segment[] = []
  const segmenter: Segmenter = new Segmenter({
    program: () => scanner.program,
    onSegment: each => segments.push(each),
    options: { warmUpSeconds: [] },
  })
  const scanner: TsScanner = new TsScanner(segmenter)
  scanner.push(bytes)
  return { segments, scanner }
}

/** Cues on the clock of the channel: a segment's own time and its beginning. */
function cuesOf(printed: string, segment: Segment, first: Segment) {
  const base = (segment.shownFrom - first.shownFrom) / 90_000
  const seconds = (time = '') => time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return [...printed.matchAll(/^([\d:.]+) --> ([\d:.]+)(.*)\n(.*)$/gm)].map(([, from, to, settings, text]) => ({
    ...{ from: base + seconds(from), to: base + seconds(to) },
    ...{ text, settings },
  }))
}

test('the page of a channel is text on the clock of each segment, and goes on where a segment ends', () => {
  const { segments, scanner } = channel()
  const [first] = segments
  const [text] = scanner.program?.texts ?? []
  if (first === undefined || text === undefined) throw new Error('no teletext was found')
  expect(text).toEqual({ codec: 'dvb_teletext', pid: 0x200, page: 888, language: 'eng', isForDeaf: false })
  const reader = new LiveTextReader()
  const cues = segments.flatMap(segment => cuesOf(reader.print(text, segment, []), segment, first))
  const joined = cues.filter(
    (cue, at) => at === 0 || cue.text !== cues[at - 1]?.text || cue.from - (cues[at - 1]?.to ?? 0) > 0.01,
  )
  expect(cues.length).toBeGreaterThan(joined.length)
  expect(joined.map(cue => [Math.round(cue.from * 10) / 10, cue.text, cue.settings])).toEqual([
    [1, 'Over two segments &amp; more', ''],
    [7, 'Short', ' line:5%'],
  ])
  expect(Math.max(...cues.filter(cue => cue.text?.startsWith('Over')).map(cue => cue.to))).toBeCloseTo(5.2, 1)
  expect(cues.at(-1)?.to).toBeCloseTo(7.6, 1)
})

test('who begins in the middle sees what stands there already, and does not disturb the others', () => {
  const { segments, scanner } = channel()
  const [text] = scanner.program?.texts ?? []
  const [first, second, third] = segments
  if (text === undefined || first === undefined || second === undefined || third === undefined) throw new Error('too short')
  const reader = new LiveTextReader()
  expect(reader.print(text, third, [first, second])).toContain('Over two segments')
  expect(reader.print(text, second, [first])).toContain('Over two segments')
  expect(reader.print({ ...text, page: 889 }, third, [first, second])).toBe('WEBVTT\n\n')
})

test('the playlist names each page by its language; its own playlist has the numbers of the channel', () => {
  const variant = { codecs: ['avc1.42c01e'], width: 640, height: 360, address: 'live.m3u8' }
  const page = { codec: 'dvb_teletext' as const, pid: 1, page: 888, language: 'deu', isForDeaf: false }
  const master = printLiveMaster([variant], [], [page, { ...page, page: 889, isForDeaf: true }])
  expect(master.match(/TYPE=SUBTITLES.*/g)).toEqual([
    'TYPE=SUBTITLES,GROUP-ID="text",NAME="Deutsch",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,URI="t0/live.m3u8"',
    'TYPE=SUBTITLES,GROUP-ID="text",NAME="Deutsch 2 (hard of hearing)",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,URI="t1/live.m3u8"',
  ])
  expect(master).toMatch(/^#EXT-X-STREAM-INF:.*,SUBTITLES="text"$/m)
  expect(printLiveMaster([variant])).not.toContain('SUBTITLES')
  const segments = [7, 8].map(sequence => ({ sequence, duration: 2, isDiscontinuous: false }))
  const playlist = printLivePlaylist({
    segments,
    startsAt: new Date(0),
    discontinuitySequence: 0,
    targetDuration: 2,
    isEnded: false,
  })
  expect(asTextPlaylist(playlist).match(/^\d+\..*/gm)).toEqual(['7.vtt', '8.vtt'])
})
