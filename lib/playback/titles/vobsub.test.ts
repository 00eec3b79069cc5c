import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { blankTrack, type FilmTrack } from '../film/film'
import { pictureTitlesOf, pictureTracksOf } from '../film/make/picture-titles'
import { bytesOf } from '../film/read/film-bytes.test-support'
import { openFilm } from '../film/read/open-film'
import { type Packing, packFilm } from '../film/read/packed-film.test-support'
import { VobSubDecoder } from './vobsub'

const head = `# VobSub index file, v7 (do not modify this line!)
size: 720x576
org: 0, 0
alpha: 100%
palette: 000000, 0000ff, 00ff00, ff0000, ffff00, 123456, 00ffff, ffffff, 808000, 8080ff, 800080, 80ff80, 008080, ff8080, 555555, aaaaaa
custom colors: OFF, tridx: 0000, colors: 000000, 000000, 000000, 000000
`
const config = Buffer.from(head.replaceAll('\n', '\r\n'))
const word = (value: number) => [value >> 8, value & 255]

interface Parts {
  pixels?: number[]
  /** Each with its time and what it says. */
  sequences?: { date: number; commands: number[] }[]
}

/** Six pixels a row. The upper field ends its first row with half a byte to spare. */
const upper = [0x61, 0x50, 0x1b]
const lower = [0xde, 0x00, 0x00]
const drawn = [
  [2, 1, 1, 1, 1, 1],
  [1, 1, 1, 2, 2, 2],
  [3, 3, 3, 3, 3, 3],
  [0, 0, 0, 0, 0, 0],
].flat()
const place = [5, 0x06, 0x40, 0x69, 0x1f, 0x41, 0xf7]
const look = [3, 0x75, 0x10, 4, 0xf8, 0xf0]
const fields = (even = 4, odd = 7) => [6, ...word(even), ...word(odd)]

/** A packet whose sequences of commands follow its pixels. */
function packetOf({ pixels = [...upper, ...lower], sequences }: Parts = {}): Buffer {
  const list = sequences ?? [
    { date: 88, commands: [...look, ...place, ...fields(), 1, 0xff] },
    { date: 264, commands: [2, 0xff] },
  ]
  let at = 4 + pixels.length
  const bodies = list.map(({ date, commands }, index) => {
    const next = index === list.length - 1 ? at : at + 4 + commands.length
    const body = [...word(date), ...word(next), ...commands]
    at += body.length
    return body
  })
  return Buffer.from([...word(at), ...word(4 + pixels.length), ...pixels, ...bodies.flat()])
}

const shown = (packet: Buffer) => new VobSubDecoder(config).push(10, packet)
const commands = (...more: number[]) => ({ sequences: [{ date: 0, commands: [...look, ...place, ...fields(), 1, ...more] }] })

describe('a packet of a DVD', () => {
  test('is a picture of two fields in the colours of the film, at its place and time', () => {
    const [title, ...others] = shown(packetOf())
    expect(others).toEqual([])
    expect(title?.start).toBeCloseTo(11.001, 3)
    expect(title?.end).toBeCloseTo(13.004, 3)
    expect(title?.plane).toEqual({ width: 720, height: 576 })
    const [bitmap, ...rest] = title?.bitmaps ?? []
    expect(rest).toEqual([])
    expect(bitmap).toMatchObject({ x: 100, y: 500, width: 6, height: 4 })
    expect([...(bitmap?.pixels ?? [])]).toEqual(drawn)
    const colours = [0, 0, 0, 0, 0, 0, 255, 255, 0x12, 0x34, 0x56, 136, 255, 255, 255, 255]
    expect([...(bitmap?.palette.subarray(0, 16) ?? [])]).toEqual(colours)
  })

  test('may be one that nobody can switch off, may have changes inside of it and nothing that ends it', () => {
    const changes = [7, 0, 8, 1, 2, 3, 4, 5, 6]
    const forced = { date: 0, commands: [...look, ...place, ...fields(), ...changes, 0, 0xff] }
    expect(shown(packetOf({ sequences: [forced] }))).toMatchObject([{ start: 10, end: null, bitmaps: [{ x: 100 }] }])
  })

  test('that comes in and goes out by degrees is drawn as it is in between', () => {
    const alpha = (date: number, level: number, ...more: number[]) => ({
      date,
      commands: [4, level, level & 0xf0, ...more, 0xff],
    })
    const first = { date: 0, commands: [3, 0x75, 0x10, 4, 0, 0, ...place, ...fields(), 1, 0xff] }
    const sequences = [first, alpha(9, 0x55), alpha(18, 0xff), alpha(90, 0x33, 2)]
    const [title] = shown(packetOf({ sequences }))
    expect(title?.end).toBeCloseTo(11.024, 3)
    expect([3, 7, 11, 15].map(at => title?.bitmaps[0]?.palette[at])).toEqual([0, 255, 255, 255])
  })

  test('of which nothing is to be seen takes away what stood there', () => {
    const clear = { date: 0, commands: [3, 0x75, 0x10, 4, 0, 0, ...place, ...fields(), 1, 0xff] }
    expect(shown(packetOf({ sequences: [clear] }))).toMatchObject([{ start: 10, bitmaps: [] }])
  })

  test('without the head of the film is white on black, on a picture of the usual size', () => {
    for (const none of [null, Buffer.from('size: 0x99999\npalette: red, green')]) {
      const [title] = new VobSubDecoder(none).push(10, packetOf())
      expect(title?.plane).toEqual({ width: 720, height: 576 })
      expect([...(title?.bitmaps[0]?.palette.subarray(4, 8) ?? [])]).toEqual([255, 255, 255, 255])
    }
  })
})

const good = packetOf()
const withWord = (at: number, value: number) => Buffer.from(good).fill(Buffer.from(word(value)), at, at + 2)
const areas = { backwards: [5, 0x06, 0x90, 0x64, 0x1f, 0x41, 0xf7], huge: [5, 0, 0x0f, 0xff, 0, 0x0f, 0xff] }
const bad: Record<string, Buffer> = {
  nothing: Buffer.alloc(0),
  'three bytes': Buffer.from([0, 3, 0]),
  'a size beyond its end': withWord(0, good.length + 1),
  'a size of nothing': withWord(0, 0),
  'commands beyond its end': withWord(2, good.length - 3),
  'commands far away': withWord(2, 0xffff),
  'commands that go in a circle': withWord(good.length - 4, 4),
  'commands without an end': packetOf(commands()),
  'a command that is cut': packetOf(commands(5, 1, 2)),
  'changes of no length': packetOf(commands(7, 0, 0, 0xff)),
  'changes beyond its end': packetOf(commands(7, 0xff, 0xff, 0xff)),
  'changes without a length': packetOf(commands(7)),
  'an area that ends before it begins': packetOf(commands(...areas.backwards, 0xff)),
  'an area of sixteen million pixels': packetOf(commands(...areas.huge, 0xff)),
  'fields beyond its end': packetOf(commands(...fields(0x200, 0x300), 0xff)),
  'no fields': packetOf({ sequences: [{ date: 0, commands: [...look, ...place, 1, 0xff] }] }),
  'no place': packetOf({ sequences: [{ date: 0, commands: [...look, ...fields(), 1, 0xff] }] }),
  'no beginning': packetOf({ sequences: [{ date: 0, commands: [...look, ...place, ...fields(), 0xff] }] }),
  'a run over the edge': packetOf({ pixels: [0x61, 0x90, 0x1b, ...lower] }),
}

describe('a packet that is none', () => {
  test('differs by one thing from one that is drawn', () => {
    for (const packet of [good, packetOf(commands(0xff)), packetOf({ pixels: [0x61, 0x50, 0x1b, ...lower] })])
      expect(shown(packet)).toMatchObject([{ bitmaps: [{ width: 6 }] }])
  })

  test.each(Object.entries(bad))('has no picture: %s', (_, packet) => {
    expect(shown(packet)).toEqual([])
  })

  test('wherever it is cut', () => {
    for (let length = 0; length < good.length; length++) {
      const cut = good.subarray(0, length)
      expect(shown(cut)).toEqual([])
      if (length < 4) continue
      // Also when it says so itself.
      const honest = Buffer.from(cut)
      honest.writeUInt16BE(length)
      expect(shown(honest)).toEqual([])
    }
  })

  test('costs little, however large it claims to be', () => {
    const large = packetOf(commands(5, 0, 0x07, 0x7f, 0, 0x04, 0x3f, 0xff))
    const startedAt = performance.now()
    for (let count = 0; count < 20_000; count++) if (shown(large).length > 0) throw new Error('a picture')
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })
})

const track: FilmTrack = {
  ...blankTrack,
  ...{ id: 1, kind: 'subtitle', codec: 'dvd_subtitle', matroska: { id: 'S_VOBSUB', config } },
}

async function titlesIn(file: Buffer) {
  const bytes = bytesOf(file)
  const film = await openFilm(bytes)
  const [found] = film === null ? [] : pictureTracksOf(film)
  if (film === null || found === undefined) throw new Error('no picture subtitles were found')
  return pictureTitlesOf({ film, bytes, track: found, number: 0, signal: AbortSignal.timeout(10_000) })
}

describe('packets in a film', () => {
  test.each<Packing>(['none', 'zlib', 'header'])('are found when they are packed: %s', async packing => {
    const packets = [2, 5].map(pts => ({ track: 1, pts, duration: 1.5, data: packetOf() }))
    const { isSquare, titles } = await titlesIn(packFilm({ tracks: [track], packets, packing }))
    expect(isSquare).toBe(false)
    expect(titles).toHaveLength(2)
    expect(titles[1]).toMatchObject({ end: 6.5, width: 720, height: 576, images: [{ x: 100, y: 500, width: 6, height: 4 }] })
    expect(titles[1]?.start).toBeCloseTo(6.001, 3)
  })

  test('that cannot be unpacked, or would fill the memory, are lost alone', async () => {
    const bomb = deflateSync(Buffer.alloc(64 * 2 ** 20))
    const cut = deflateSync(packetOf()).subarray(0, -6)
    const data = [bomb, cut, Buffer.alloc(0), Buffer.from('no zlib at all'), deflateSync(packetOf())]
    const packets = data.map((frame, at) => ({ track: 1, pts: at + 1, data: frame }))
    const { titles } = await titlesIn(packFilm({ tracks: [track], packets, packing: 'zlib', isDone: true }))
    expect(titles).toHaveLength(1)
    expect(titles[0]?.start).toBeCloseTo(6.001, 3)
  })
})
