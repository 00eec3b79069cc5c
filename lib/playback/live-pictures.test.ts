import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSup, type TitleBox } from '@/tests/fakes/provider/sup-file'
import { LiveTextReader } from './live-text'
import { sampleMedia } from './sample-media.test-support'
import { PICTURES_CUE, Pictures } from './schema'
import { type Segment, Segmenter } from './segmenter'
import { type LiveText, TsScanner } from './ts/scanner'

const colour = { y: 235, cb: 128, cr: 128 }
const boxes: TitleBox[] = [
  { start: 1, end: 5.2, x: 100, y: 140, width: 120, height: 30, colour },
  { start: 6.4, end: 7.6, x: 20, y: 20, width: 90, height: 24, colour },
]
const PACKET = 188
const folder = mkdtempSync(join(tmpdir(), 'live-pictures-'))
let stream = Buffer.alloc(0)

beforeAll(() => {
  const [bare, titles, made] = ['bare.ts', 'titles.sup', 'made.ts'].map(name => join(folder, name)) as [string, string, string]
  writeFileSync(bare, sampleMedia({ seconds: 12 }))
  writeFileSync(titles, makeSup(boxes))
  const inputs = ['-i', bare, '-fix_sub_duration', '-f', 'sup', '-i', titles]
  const maps = ['-map', '0', '-map', '1', '-c', 'copy', '-c:s', 'dvbsub', '-metadata:s:s:0', 'language=fra', '-f', 'mpegts']
  execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...inputs, ...maps, made])
  stream = readFileSync(made)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Cut as the server cuts it. Broadcasts send pictures sooner than they are due: by so many packets. */
function cut(sooner = 0): { segments: Segment[]; text: LiveText } {
  const segments: Segment[] = []
  const options = { warmUpSeconds: [] }
  const onSegment = (each: Segment) => segments.push(each)
  const segmenter: Segmenter = new Segmenter({ program: () => scanner.program, onSegment, options })
  const scanner: TsScanner = new TsScanner(segmenter)
  const packets = Array.from({ length: stream.length / PACKET }, (_, at) => stream.subarray(at * PACKET, (at + 1) * PACKET))
  scanner.push(stream.subarray(0, 40 * PACKET))
  const [text] = scanner.program?.texts ?? []
  if (text === undefined) throw new Error('no picture subtitles were found')
  const pidOf = (packet: Buffer) => packet.readUInt16BE(1) & 0x1fff
  const moved = packets.map((packet, at) => ({ packet, at: pidOf(packet) === text.pid ? Math.max(39.5, at - sooner) : at }))
  const rest = moved.sort((a, b) => a.at - b.at).filter(({ at }) => at >= 40)
  for (const { packet } of rest) scanner.push(packet)
  return { segments, text }
}

interface Shown {
  from: number
  to: number
  pictures: Pictures
}

/** On the clock of the channel, counted from its first segment; what goes on over a seam is one. */
function shownIn(printed: string, segment: Segment, first: Segment): Shown[] {
  const base = (segment.shownFrom - first.shownFrom) / 90_000
  const seconds = (time = '') => base + time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return [...printed.matchAll(/^pictures:(.*)\n([\d:.]+) --> ([\d:.]+)\n(.*)$/gm)].map(([, json = '', from, to, words]) => {
    expect(words).toBe('')
    return { from: seconds(from), to: seconds(to), pictures: Pictures.parse(JSON.parse(json)) }
  })
}

function joined(all: readonly Shown[]): Shown[] {
  const known: Shown[] = []
  for (const one of all) {
    const last = known.at(-1)
    const goesOn = last !== undefined && one.from - last.to < 0.01 && last.pictures.images[0]?.png === one.pictures.images[0]?.png
    if (goesOn) last.to = one.to
    else known.push({ ...one })
  }
  return known
}

const tenths = (seconds: number) => Math.round(seconds * 10) / 10

test.each([0, 300])('pictures that come %d packets sooner stand where and when they should, over the seams', sooner => {
  const { segments, text } = cut(sooner)
  const [first] = segments
  if (first === undefined) throw new Error('no segments')
  expect(text).toMatchObject({ codec: 'dvb_subtitle', language: 'fra', isForDeaf: false })
  expect(text.page).not.toBe(0)
  const reader = new LiveTextReader()
  const pieces = segments.flatMap(segment => shownIn(reader.print(text, segment, []), segment, first))
  const shown = joined(pieces)
  expect(pieces.length).toBeGreaterThan(shown.length)
  expect(shown.map(({ from, to }) => [tenths(from), tenths(to)])).toEqual(boxes.map(({ start, end }) => [start, end]))
  for (const [at, { pictures }] of shown.entries()) {
    const { x = 0, y = 0, width = 0, height = 0 } = boxes[at] ?? {}
    expect(pictures).toMatchObject({ width: 320, height: 180 })
    const [image] = pictures.images
    // The encoder rounds a box's edges to even places.
    for (const [ours, theirs] of [
      [image?.x, x],
      [image?.y, y],
      [image?.width, width],
      [image?.height, height],
    ] as const)
      expect(Math.abs((ours ?? 0) - theirs)).toBeLessThanOrEqual(2)
  }
})

test('who begins in the middle sees what stands there already, when what came before is kept', () => {
  const { segments, text } = cut()
  const [first, second, third] = segments
  if (first === undefined || second === undefined || third === undefined) throw new Error('too short')
  expect(new LiveTextReader().print(text, third, [first, second])).toContain(`\n${PICTURES_CUE}`)
  expect(new LiveTextReader().print(text, third, [])).not.toContain('0.000 --> ')
  expect(new LiveTextReader().print({ ...text, page: 0x00630063 }, third, [first, second])).toBe('WEBVTT\n\n')
})

test('a clock that begins anew takes nothing over from the one before', () => {
  const { segments, text } = cut()
  const reader = new LiveTextReader()
  const [first, second] = segments
  if (first === undefined || second === undefined) throw new Error('too short')
  expect(reader.print(text, first, [])).toContain(PICTURES_CUE)
  expect(reader.print(text, { ...second, isDiscontinuous: true }, [first])).not.toContain(PICTURES_CUE)
  const other = new LiveTextReader()
  other.print(text, first, [])
  expect(other.print(text, second, [first])).toContain(PICTURES_CUE)
})
