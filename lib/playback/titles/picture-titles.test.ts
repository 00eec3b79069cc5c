import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSup, type TitleBox } from '@/tests/fakes/provider/sup-file'
import { pictureTitlesOf, pictureTracksOf } from '../film/make/picture-titles'
import { bytesOf } from '../film/read/film-bytes.test-support'
import { openFilm } from '../film/read/open-film'
import { type Packing, packFilm } from '../film/read/packed-film.test-support'
import { DvbTitleDecoder } from './dvb'
import { PgsDecoder } from './pgs'
import { VobSubDecoder } from './vobsub'

const folder = mkdtempSync(join(tmpdir(), 'titles-'))
const white = { y: 235, cb: 128, cr: 128 }
const green = { y: 145, cb: 54, cr: 34 }
const boxes: TitleBox[] = [
  { start: 2, end: 6, x: 100, y: 140, width: 120, height: 30, colour: white },
  { start: 12, end: 15, x: 21, y: 20, width: 90, height: 25, colour: green },
]
const films = {
  'pgs.mkv': ['-c:s', 'copy'],
  'pgs.ts': ['-c:s', 'copy', '-mpegts_m2ts_mode', '1'],
  'dvb.mkv': ['-c:s', 'dvbsub'],
  'dvb.ts': ['-c:s', 'dvbsub'],
  'vobsub.mkv': ['-c:s', 'dvdsub'],
}
const ffmpeg = (args: string[], input?: Buffer) =>
  execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...args], { input, maxBuffer: 2 ** 26 })

/** What FFmpeg made, packed as other programs do. */
const packed: Record<string, Packing> = { 'vobsub-zlib.mkv': 'zlib', 'vobsub-header.mkv': 'header' }

async function packAgain(name: string, packing: Packing): Promise<void> {
  const bytes = bytesOf(readFileSync(join(folder, 'vobsub.mkv')))
  const film = await openFilm(bytes)
  const packets = []
  for await (const packet of film?.read(bytes, 0, new Set(film.tracks.map(({ id }) => id))) ?? []) packets.push(packet)
  writeFileSync(join(folder, name), packFilm({ tracks: film?.tracks ?? [], packets, packing }))
}

beforeAll(async () => {
  const sup = join(folder, 'titles.sup')
  writeFileSync(sup, makeSup(boxes))
  const black = ['-f', 'lavfi', '-i', 'color=black:s=320x180:r=25:d=24', '-fix_sub_duration', '-i', sup]
  const encode = [
    '-map',
    '0',
    '-map',
    '1',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-g',
    '50',
    '-metadata:s:s:0',
    'language=ger',
  ]
  for (const [name, more] of Object.entries(films)) ffmpeg([...black, ...encode, ...more, join(folder, name)])
  for (const [name, packing] of Object.entries(packed)) await packAgain(name, packing)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const FRAME_BYTES = 320 * 180 * 3
const moments = [1, 3, 5.8, 7, 13, 16]

/** What FFmpeg's own decoders draw on the black picture at the moments. */
function drawnByFfmpeg(name: string): Buffer[] {
  const chosen = moments.map(seconds => `eq(n,${Math.round(seconds * 25)})`).join('+')
  const overlay = ['-filter_complex', `[0:v][0:s]overlay,select='${chosen}',format=rgb24`, '-fps_mode', 'passthrough']
  const frames = ffmpeg(['-i', join(folder, name), ...overlay, '-f', 'rawvideo', '-'])
  return moments.map((_, at) => frames.subarray(at * FRAME_BYTES, (at + 1) * FRAME_BYTES))
}

async function drawnByUs(name: string, seconds: number): Promise<Buffer> {
  const bytes = bytesOf(readFileSync(join(folder, name)))
  const film = await openFilm(bytes)
  const [track] = film === null ? [] : pictureTracksOf(film)
  if (film === null || track === undefined) throw new Error('no picture subtitles were found')
  expect(track.language).toBe(name === 'pgs.ts' ? null : 'ger')
  const signal = AbortSignal.timeout(5_000)
  const { titles } = await pictureTitlesOf({ film, bytes, track, number: Math.floor(seconds / 10), signal })
  const shown = titles.filter(({ start, end }) => start <= seconds && (end === null || end > seconds)).at(-1)
  const canvas = Buffer.alloc(FRAME_BYTES)
  for (const { x, y, width, height, png } of shown?.images ?? []) {
    const pixels = ffmpeg(['-i', 'pipe:0', '-f', 'rawvideo', '-pix_fmt', 'rgba', '-'], Buffer.from(png, 'base64'))
    expect(pixels.length).toBe(width * height * 4)
    for (let at = 0; at < width * height; at++) {
      const to = (y + Math.floor(at / width)) * 320 + x + (at % width)
      if (pixels[at * 4 + 3] === 255) pixels.copy(canvas, to * 3, at * 4, at * 4 + 3)
    }
  }
  return canvas
}

const difference = (a: Buffer, b: Buffer) => a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length

test.each([...Object.keys(films), ...Object.keys(packed)])('%s is drawn as FFmpeg draws it, at the same times', async name => {
  const drawn = drawnByFfmpeg(name)
  for (const [at, seconds] of moments.entries()) {
    const theirs = drawn[at] ?? Buffer.alloc(0)
    const isShown = boxes.some(({ start, end }) => start < seconds && seconds < end)
    expect(theirs).toHaveLength(FRAME_BYTES)
    expect(
      theirs.some(value => value > 100),
      `FFmpeg at ${seconds}`,
    ).toBe(isShown)
    expect(difference(theirs, await drawnByUs(name, seconds)), `at ${seconds}`).toBeLessThan(2)
  }
})

test('packets of nonsense are no titles and no failure', () => {
  const nonsense = (seed: number) => Buffer.from(Array.from({ length: 3_000 }, (_, at) => (at * seed * 2_654_435_761) >>> 24))
  for (let seed = 1; seed < 60; seed++) {
    const noise = nonsense(seed)
    // With the marks of segments in front, so that their insides are read.
    for (const type of [0x10, 0x11, 0x12, 0x13, 0x14]) {
      noise.set([0x0f, type, 0, 1, 0x08, 0], 0)
      expect(new DvbTitleDecoder().push(1, noise).length).toBeLessThan(2)
    }
    for (const type of [0x14, 0x15, 0x16, 0x80]) {
      noise.set([type, 0x08, 0], 0)
      expect(new PgsDecoder().push(1, noise).length).toBeLessThan(200)
    }
    for (const at of [4, 60, 2_900]) {
      noise.set([0x0b, 0xb8, at >> 8, at & 255], 0)
      expect(new VobSubDecoder(noise).push(1, noise).length).toBeLessThan(2)
    }
  }
})
