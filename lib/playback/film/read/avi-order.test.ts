import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { factsOfFilm } from '../facts-of-film'
import type { Film, FilmPacket, FilmTrack } from '../film'
import { type Layout, layOutByKeys, pictureOf, segmentCount } from '../layout'
import { copySegment } from '../make/copy'
import { writeInit } from '../make/fmp4'
import { describeForMp4 } from '../make/sample-entries'
import type { FilmBytes } from './film-bytes'
import { bytesOf } from './film-bytes.test-support'
import { findBox } from './mp4-boxes'
import { openFilm } from './open-film'

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'watchtheflix-avi-'))
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

const run = (...args: string[]) => execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { encoding: 'utf8' })

interface Example {
  film: Film
  bytes: FilmBytes
  track: FilmTrack
  layout: Layout
  /** The same stream in a file that has times. */
  timed: string
}

/** One stream in an AVI and in an MP4. */
async function make(parameters: string, { rate = '25', audio = true, isPrefixed = false } = {}): Promise<Example> {
  const [timed, untimed] = [join(work, 'timed.mp4'), join(work, 'untimed.avi')]
  run(
    ...['-f', 'lavfi', '-i', `testsrc2=size=160x96:rate=${rate}:duration=20`],
    ...(audio ? ['-f', 'lavfi', '-i', 'sine=440:duration=20', '-c:a', 'libmp3lame'] : []),
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-x264-params', parameters, timed],
  )
  run('-i', timed, '-c', 'copy', ...(isPrefixed ? [] : ['-bsf:v', 'h264_mp4toannexb', '-tag:v', 'H264']), untimed)
  const bytes = bytesOf(readFileSync(untimed))
  const film = await openFilm(bytes)
  if (film === null) throw new Error('no film')
  const track = pictureOf(film) as FilmTrack
  return { film, bytes, track, layout: layOutByKeys(film, 4), timed }
}

interface Made {
  /** In 1/90000 s, in the order of decoding: when each picture is decoded and shown. */
  times: { decoded: number; shown: number }[]
  /** Sums of the pictures that come out of a decoder, in the order of showing. */
  frames: { at: number; sum: string }[]
}

/** These segments behind the head, as a player would put them together. */
async function gather({ film, bytes, track, layout }: Example, numbers: readonly number[]): Promise<Made> {
  const codec = describeForMp4(track)
  if (codec === null) throw new Error('cannot be copied')
  const signal = AbortSignal.timeout(30_000)
  const segments: Buffer[] = []
  for (const number of numbers) segments.push(await copySegment({ film, bytes, layout, track, number, signal }))
  const file = join(work, 'made.mp4')
  writeFileSync(file, Buffer.concat([writeInit(track, codec), ...segments]))
  const times = segments.flatMap(timesOf)
  // FFmpeg moves all times of a file whose pictures are shown before they would be decoded: the last one is the same picture.
  const frames = framesOf(file)
  const moved = (frames.at(-1)?.at ?? 0) - Math.max(...times.map(({ shown }) => shown))
  return { times, frames: frames.map(({ at, sum }) => ({ at: at - moved, sum })) }
}

function timesOf(segment: Buffer): Made['times'] {
  const traf = findBox(findBox(segment, 'moof') ?? Buffer.alloc(0), 'traf') ?? Buffer.alloc(0)
  const run = findBox(traf, 'trun') ?? Buffer.alloc(0)
  let decoded = Number(findBox(traf, 'tfdt')?.readBigUInt64BE(4))
  return Array.from({ length: run.readUInt32BE(4) }, (_, index) => {
    const at = decoded
    decoded += run.readUInt32BE(12 + index * 16)
    return { decoded: at, shown: at + run.readInt32BE(12 + index * 16 + 12) }
  })
}

/** Each picture that comes out of a decoder: when (in 1/90000 s), and a sum of what it looks like. */
function framesOf(file: string): Made['frames'] {
  const rows = run(
    ...['-i', file, '-map', '0:v', '-fps_mode', 'passthrough', '-copyts', '-enc_time_base', '1:90000', '-f', 'framemd5', '-'],
  )
  return rows
    .split('\n')
    .filter(row => row !== '' && !row.startsWith('#'))
    .map(row => row.split(',').map(cell => cell.trim()))
    .map(([, , pts, , , sum = '']) => ({ at: Number(pts), sum }))
}

const ascending = (a: number, b: number) => a - b
const numbersOf = ({ layout }: Example) => Array.from({ length: segmentCount(layout) }, (_, number) => number)

const streams: [name: string, parameters: string, rate?: string][] = [
  ['pictures that look ahead', 'keyint=50:bframes=3:b-adapt=0:b-pyramid=none'],
  ['a pyramid of them', 'keyint=60:bframes=3:b-pyramid=normal'],
  ['sixteen in a row', 'keyint=100:bframes=16:b-adapt=0:b-pyramid=normal'],
  ['open groups', 'keyint=52:bframes=3:b-adapt=0:open-gop=1'],
  ['open groups of any length', 'keyint=70:bframes=8:b-adapt=1:open-gop=1'],
  ['the rate of cinemas', 'keyint=48:bframes=3', '24000/1001'],
  ['one group from the beginning to the end', 'keyint=infinite:bframes=3:b-adapt=0'],
]

test.each(streams)('H.264 in AVI with %s: each picture comes once, as it was, at its moment', async (_name, parameters, rate) => {
  const example = await make(parameters, rate === undefined ? {} : { rate })
  // Where a jump would end among pictures that lack others, none of them is sent as it is.
  const isCopyable = !parameters.includes('open-gop')
  expect(example.film.isCopyable).toBe(isCopyable)
  const { video } = factsOfFilm(example.film, 1_000_000)
  expect(video?.codecString ?? null).toEqual(isCopyable ? expect.stringMatching(/^avc1\./) : null)
  const { times, frames } = await gather(example, numbersOf(example))
  const meant = framesOf(example.timed)
  expect(frames.map(({ sum }) => sum)).toEqual(meant.map(({ sum }) => sum))
  // An MP4 counts in its own unit.
  const shown = times.map(each => each.shown).sort(ascending)
  expect(Math.max(...shown.map((time, index) => Math.abs(time - (meant[index]?.at ?? Number.NaN))))).toBeLessThanOrEqual(8)
  expect(times.map(({ decoded }) => decoded)).toEqual(shown)
})

test.each(streams.slice(0, 5))('a viewer who jumps within %s gets the pictures of that moment', async (_name, parameters) => {
  const example = await make(parameters)
  const meant = new Map(framesOf(example.timed).map(({ at, sum }) => [at, sum]))
  for (const number of numbersOf(example).slice(1)) {
    const { times, frames } = await gather(example, [number])
    // It fills its own time, from its first moment to the last, with no picture of another.
    const [start = 0, end = 0] = example.layout.bounds.slice(number, number + 2).map(bound => Math.round(bound * 25) * 3_600)
    const shown = times.map(each => each.shown).sort(ascending)
    expect(shown).toEqual(Array.from({ length: (end - start) / 3_600 }, (_, index) => start + index * 3_600))
    // Those that look back beyond its beginning cannot be drawn; all others are.
    const key = times[0]?.shown ?? 0
    expect(key - start).toBeLessThanOrEqual(parameters.includes('open-gop') ? 16 * 3_600 : 0)
    const drawn = frames.filter(({ at }) => at >= key)
    expect(drawn).toHaveLength((end - key) / 3_600)
    for (const { at, sum } of drawn) expect(sum).toBe(meant.get(at))
  }
})

test('H.264 as it was in an MP4, with every second place empty, is repacked too', async () => {
  const example = await make('keyint=50:bframes=3', { isPrefixed: true })
  expect(example.track.frameRate).toBe(25)
  const { frames } = await gather(example, numbersOf(example))
  expect(frames).toEqual(framesOf(example.timed))
})

test('where pictures are shown before their key frame, reading begins a group earlier', async () => {
  const { film, bytes, track } = await make('keyint=52:bframes=3:b-adapt=0:open-gop=1')
  const begins = async (from: number): Promise<FilmPacket> => {
    for await (const packet of film.read(bytes, from, new Set([track.id]))) return packet
    throw new Error('nothing')
  }
  const [, second = 0, third = 0] = film.keyTimes ?? []
  expect((await begins(third)).pts).toBeGreaterThanOrEqual(third)
  expect(await begins(third + 0.08)).toEqual(await begins(second))
  expect((await begins(third + 1.5)).pts).toBeGreaterThanOrEqual(third)
  expect((await begins(third + 1.5)).isKey).toBe(true)
})

test('half frames are encoded, as they were', async () => {
  const { film } = await make('keyint=50:bframes=3:interlaced=1', { audio: false })
  expect(film.isCopyable).toBe(false)
  expect(factsOfFilm(film, 1_000_000).video?.codecString).toBeNull()
})

test('a file that was cut off plays to its last whole picture', async () => {
  const example = await make('keyint=50:bframes=3:b-adapt=0')
  const whole = readFileSync(join(work, 'untimed.avi'))
  // The index stays where it is; what it names is not there any more.
  const bytes = bytesOf(whole)
  const read = bytes.read.bind(bytes)
  const edge = Math.floor(whole.length * 0.7)
  bytes.read = async (at, length) => (at + length > edge ? Buffer.alloc(0) : read(at, length))
  const packets: FilmPacket[] = []
  for await (const packet of example.film.read(bytes, 0, new Set([example.track.id]))) packets.push(packet)
  const shown = packets.map(({ pts }) => Math.round(pts * 25)).sort((a, b) => a - b)
  expect(packets.length).toBeGreaterThan(250)
  expect(shown).toEqual(shown.map((_, index) => index))
})
