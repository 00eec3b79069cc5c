import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { splitUnits } from '../film/read/annex-b'
import { isInstant, PictureOrder, readSequenceOrder } from './h264-order'

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'watchtheflix-order-'))
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

const moving = ['-f', 'lavfi', '-i', 'testsrc2=size=160x96:rate=25:duration=6', '-pix_fmt', 'yuv420p', '-c:v', 'libx264']

/** The same pictures twice: their units, and the moments that an independent writer of MP4 gave them, both in the order of decoding. */
function encode(parameters: string, ...options: string[]) {
  const file = join(work, 'a.mp4')
  const how = [...moving, ...options, '-x264-params', parameters]
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...how, file])
  const raw = execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', file, '-c', 'copy', '-f', 'h264', '-'], {
    maxBuffer: 2 ** 26,
  })
  const asked = ['-v', 'error', '-show_entries', 'packet=pts,flags', '-of', 'csv=p=0', file]
  const packets = execFileSync('ffprobe', asked, { encoding: 'utf8' }).trim().split('\n')
  const pictures: Buffer[][] = [[]]
  for (const unit of splitUnits(raw)) {
    pictures.at(-1)?.push(unit)
    if (typeOf(unit) === 1 || typeOf(unit) === 5) pictures.push([])
  }
  pictures.pop()
  return { pictures, times: packets.map(row => Number(row.split(',')[0])), keys: packets.map(row => row.includes('K')) }
}

const typeOf = (unit: Buffer) => (unit[0] ?? 0) & 0x1f
const spsOf = (units: readonly Buffer[]) => units.find(unit => typeOf(unit) === 7) as Buffer

test.each([
  ['three that look ahead', 'keyint=50:bframes=3:b-adapt=0:b-pyramid=none', true],
  ['a pyramid of them', 'keyint=50:bframes=7:b-adapt=0:b-pyramid=normal:ref=4', true],
  ['a strict pyramid', 'keyint=50:bframes=3:b-adapt=0:b-pyramid=strict', true],
  ['open groups', 'keyint=25:bframes=3:b-adapt=0:open-gop=1', true],
  ['weights for every reference', 'keyint=50:bframes=3:weightp=2:weightb=1:ref=5', true],
  ['one key frame only, so that the count runs over many times', 'keyint=infinite:bframes=2:b-adapt=0', true],
  ['no entropy coding', 'keyint=50:bframes=3:cabac=0', true],
  ['none that look ahead', 'keyint=50:bframes=0', false],
])('the pictures of a stream with %s are counted as they are shown', (_name, parameters, looksAhead) => {
  const { pictures, times, keys } = encode(parameters)
  expect(pictures).toHaveLength(150)
  const order = new PictureOrder([])
  const groups: { count: number; time: number }[][] = []
  for (const [index, units] of pictures.entries()) {
    const place = order.read(units, keys[index] === true)
    if (place?.isBorder === true) groups.push([])
    groups.at(-1)?.push({ count: place?.count ?? Number.NaN, time: times[index] ?? 0 })
  }
  const shown = groups.flatMap(group => group.sort((a, b) => a.count - b.count).map(({ time }) => time))
  expect(shown).toEqual([...times].sort((a, b) => a - b))
  expect(times.join() !== shown.join()).toBe(looksAhead)
  for (const group of groups) expect(new Set(group.map(({ count }) => count)).size).toBe(group.length)
})

test('a key frame that others reach across is told from one that they do not', () => {
  const keysOf = (parameters: string) => {
    const { pictures, keys } = encode(parameters)
    return pictures.filter((_, index) => keys[index]).map(isInstant)
  }
  expect(keysOf('keyint=50:bframes=3:scenecut=0')).toEqual([true, true, true])
  expect(keysOf('keyint=50:bframes=3:scenecut=0:open-gop=1')).toEqual([true, false, false])
})

test('half frames are not counted, pictures in order need not be', () => {
  const order = (parameters: string, ...options: string[]) =>
    readSequenceOrder(spsOf(encode(parameters, ...options).pictures[0] ?? []))
  expect(order('interlaced=1:bframes=2')).toBeNull()
  expect(order('bframes=0')).toMatchObject({ countBits: null })
  expect(order('keyint=50', '-profile:v', 'baseline')).toMatchObject({ countBits: null })
  expect(order('bframes=3')).toMatchObject({ countBits: expect.any(Number), hasColour: true })
})

/** The bits of a slice of a picture between others that refers to some and is referred to. */
function sliceOf(bits: string): Buffer {
  const whole = `${bits}1`.padEnd(Math.ceil((bits.length + 1) / 8) * 8, '0')
  return Buffer.from([0x61, ...(whole.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2))])
}
const unsigned = (value: number) => (value + 1).toString(2).padStart((value + 1).toString(2).length * 2 - 1, '0')

test('a picture that forgets all references begins a new count', () => {
  const { pictures } = encode('keyint=50:bframes=3:weightp=0:weightb=0:b-pyramid=none')
  const [first = []] = pictures
  const { frameNumberBits, countBits } = readSequenceOrder(spsOf(first)) ?? { frameNumberBits: 0, countBits: 0 }
  const order = new PictureOrder([])
  expect(order.read(first, true)).toEqual({ count: 0, isBorder: true })
  const slice = (count: number, ...operations: number[]) =>
    sliceOf(
      [
        ...[unsigned(0), unsigned(5), unsigned(0), '1'.padStart(frameNumberBits, '0')],
        // Neither other numbers nor another order of references; then what to forget.
        ...[count.toString(2).padStart(countBits ?? 0, '0'), '0', '0'],
        ...(operations.length === 0 ? ['0'] : ['1', ...operations.map(unsigned)]),
      ].join(''),
    )
  expect(order.read([slice(8)], false)).toEqual({ count: 8, isBorder: false })
  expect(order.read([slice(10, 1, 0, 0)], false)).toEqual({ count: 10, isBorder: false })
  expect(order.read([slice(12, 3, 0, 0, 5, 0)], false)).toEqual({ count: 0, isBorder: true })
  expect(order.read([slice(2)], false)).toEqual({ count: 2, isBorder: false })
})

test('what holds no picture has no place, and a damaged head is shown behind the picture before', () => {
  const { pictures } = encode('keyint=50:bframes=3')
  const [first = [], second = []] = pictures
  const order = new PictureOrder([])
  expect(order.read([], true)).toBeNull()
  expect(order.read([Buffer.from([0x7f])], false)).toBeNull()
  expect(order.read(second, false)).toEqual({ count: 0, isBorder: false })
  order.read(first, true)
  const place = order.read(second, false)
  expect(order.read([Buffer.from([0x41, 0xff])], false)?.count).toBeGreaterThanOrEqual(0)
  expect(order.read([Buffer.from([0x41, 0, 0])], false)).toEqual({ count: expect.any(Number), isBorder: false })
  expect(place?.count).toBeGreaterThan(0)
})
