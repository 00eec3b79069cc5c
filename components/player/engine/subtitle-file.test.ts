import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { decodeText } from './decode-text'
import { MAX_SUBTITLE_BYTES, readSubtitleFile } from './subtitle-file'

const srt = `1
00:00:01,000 --> 00:00:05,000
{\\an8}Hello <font color="#fff">there</font>

2
00:00:12,500 --> 00:00:15,000
<i>Second</i> line
of two
3
00:00:20,000 --> 00:00:22,000
no gap before it
`
const read = (text: string | Uint8Array) => readSubtitleFile(typeof text === 'string' ? new TextEncoder().encode(text) : text)
const told = (start: number, end: number, text: string, settings = '') => ({ start, end, text, settings })
const expected = [
  told(1, 5, 'Hello there', ' line:5%'),
  told(12.5, 15, '<i>Second</i> line\nof two'),
  told(20, 22, 'no gap before it'),
]

test('SubRip, with any line ends', () => {
  expect(read(srt)).toEqual({ cues: expected })
  expect(read(srt.replaceAll('\n', '\r\n'))).toEqual({ cues: expected })
})

test('WebVTT: times without hours, settings, notes and styles', () => {
  const file = `WEBVTT - title

STYLE
::cue { color: red }

NOTE nothing

intro
00:01.000 --> 00:02.500 line:10% align:left
<v Ann>Hi &amp; bye</v>
`
  expect(read(file)).toEqual({ cues: [told(1, 2.5, 'Hi &amp; bye', ' line:10% align:left')] })
})

// FFmpeg writes the other formats from the same lines: what it writes is what is found in the wild.
test.each(['ass', 'ssa', 'webvtt'])('%s as FFmpeg writes it', format => {
  const args = ['-loglevel', 'error', '-f', 'srt', '-i', '-', '-f', format === 'ssa' ? 'ass' : format, '-']
  const cues = read(execFileSync('ffmpeg', args, { input: srt.replace('{\\an8}', '') }))
  expect(cues).toMatchObject({ cues: [{ start: 1, end: 5 }, { start: 12.5, text: '<i>Second</i> line\nof two' }, { start: 20 }] })
})

test('the lines come in the order of their times', () => {
  const rows = ['0:00:05.00,0:00:06.00,Default,,0,0,0,,later', '0:00:01.00,0:00:02.00,Default,,0,0,0,,earlier, with a comma']
  const file = `[Script Info]\nPlayResX: 640\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n${rows.map(row => `Dialogue: 0,${row}`).join('\n')}\n`
  expect(read(file)).toMatchObject({ cues: [{ text: 'earlier, with a comma' }, { text: 'later' }] })
})

const spoken: [string, string][] = [
  ['windows-1252', '¿Dónde está la niña? — Où êtes-vous, ça c’est l’été! Größe über alles.'],
  ['windows-1250', 'Zażółć gęślą jaźń, proszę. Příliš žluťoučký kůň úpěl ďábelské ódy.'],
  ['windows-1251', 'Съешь же ещё этих мягких французских булок, да выпей чаю. Я не знаю, где он сейчас.'],
  ['windows-1253', 'Δεν ξέρω πού είναι τώρα, αλλά θα τον βρούμε.'],
  ['windows-1254', 'Şu an nerede olduğunu bilmiyorum ama onu bulacağız.'],
  ['windows-1255', 'אני לא יודע איפה הוא עכשיו אבל נמצא אותו'],
  ['windows-1256', 'لا أعرف أين هو الآن لكننا سنجده'],
]
test.each(spoken)('text in %s', (page, text) => {
  const bytes = execFileSync('iconv', ['-f', 'UTF-8', '-t', page], { input: text })
  expect(decodeText(bytes)).toBe(text)
})

test.each(['UTF-16LE', 'UTF-16BE', 'UTF-16', 'UTF-8'])('text in %s', encoding => {
  const bytes = execFileSync('iconv', ['-f', 'UTF-8', '-t', encoding], { input: srt })
  expect(read(bytes)).toEqual({ cues: expected })
})

test.each([
  ['nothing', '', /empty/],
  ['prose', 'Dear Ann,\nnothing was said at 10:00.\n', /no subtitles/],
  ['a web page', '<html><body>00:00 --> soon</body></html>', /no subtitles/],
  ['noise', Uint8Array.from({ length: 4_000 }, (_, n) => (n * 7_919) % 251), /no subtitles/],
  ['a packed file', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), /Unpack/],
  ['a file too large', new Uint8Array(MAX_SUBTITLE_BYTES + 1), /larger than 5 MB/],
])('%s is told apart', (_, content, sentence) => {
  expect(read(content)).toMatchObject({ problem: expect.stringMatching(sentence) })
})
