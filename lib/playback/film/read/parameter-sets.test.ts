import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { blankTrack, type FilmPacket, type FilmTrack } from '../film'
import { pictureOf } from '../layout'
import { writeInit, writeSegment } from '../make/fmp4'
import { describeForMp4 } from '../make/sample-entries'
import { buildConfig, setsOfAvc, splitPrefixed, splitUnits, toLengthPrefixed } from './annex-b'
import { AviPackets, describeShown } from './avi-packets'
import { bytesOf } from './film-bytes.test-support'
import { openTs } from './ts-film'

const run = (input: Buffer | null, ...args: string[]) =>
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...args], { maxBuffer: 2 ** 25, ...(input === null ? {} : { input }) })

/** Two seconds of a picture from this second on, with these parameters of x264. */
const scene = (source: string, second: number, parameters: string) =>
  run(
    null,
    ...['-f', 'lavfi', '-i', `${source}=size=160x96:rate=25:duration=2`, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-bf', '2'],
    ...['-x264-params', `keyint=50:scenecut=0:${parameters}`, '-output_ts_offset', String(second), '-f', 'mpegts', 'pipe:1'],
  )
const toUnits = (stream: Buffer) => splitUnits(run(stream, '-i', 'pipe:0', '-c', 'copy', '-f', 'h264', 'pipe:1'))

const typeOf = (unit: Buffer) => (unit[0] ?? 0) & 0x1f
const isSet = (unit: Buffer) => typeOf(unit) === 7 || typeOf(unit) === 8

/** A stream as a mixer makes it: each encoder's pictures name sets of their own. */
const scenes = () => [
  scene('testsrc2', 0, 'sps-id=0:weightp=0'),
  scene('smptebars', 2, 'sps-id=1:weightp=2'),
  scene('testsrc', 4, 'sps-id=5:cabac=0'),
]

async function open(stream: Buffer) {
  const bytes = bytesOf(stream)
  const film = await openTs(bytes)
  const track = film === null ? null : pictureOf(film)
  if (film === null || track === null) throw new Error('not opened')
  return { track, packets: await Array.fromAsync(film.read(bytes, 0, new Set([track.id]))) }
}

/** The pictures that a decoder makes of these packets when it knows no other sets than those of the head. */
function decode(track: FilmTrack, packets: readonly FilmPacket[]): number {
  const codec = describeForMp4(track)
  if (codec === null) throw new Error('no MP4')
  const bare = packets.map(packet => {
    const units = splitPrefixed(packet.data, 4).filter(unit => !isSet(unit))
    return { ...packet, data: toLengthPrefixed('h264', units) }
  })
  const end = Math.max(...packets.map(({ pts }) => pts)) + 0.04
  const file = Buffer.concat([writeInit(track, codec), writeSegment({ number: 0, track, packets: bare, end })])
  return run(file, '-err_detect', 'explode', '-i', 'pipe:0', '-fps_mode', 'passthrough', '-f', 'framemd5', 'pipe:1')
    .toString()
    .split('\n')
    .filter(line => line.startsWith('0,')).length
}

test('a transport stream whose pictures name several sets: all are in its head', async () => {
  const { track, packets } = await open(Buffer.concat(scenes()))
  expect(packets).toHaveLength(150)
  expect(setsOfAvc(track.matroska.config as Buffer).map(typeOf)).toEqual([7, 7, 7, 8, 8, 8])
  expect(decode(track, packets)).toBe(150)
})

test('of sets that are replaced under their number the head has the first, and the pictures bring the others along', async () => {
  const [before, after] = [scene('testsrc2', 0, 'weightp=0'), scene('testsrc2', 2, 'cabac=0:weightp=2')]
  const { track, packets } = await open(Buffer.concat([before, after]))
  expect(setsOfAvc(track.matroska.config as Buffer)).toEqual(toUnits(before).filter(isSet))
  const carried = packets.flatMap(({ data }) => splitPrefixed(data, 4).filter(isSet))
  const replacing = toUnits(after).filter(isSet)
  expect(replacing.length).toBeGreaterThan(0)
  for (const unit of replacing) expect(carried.some(each => each.equals(unit))).toBe(true)
})

test('an AVI whose header lists several sets keeps them all, and its pictures are told apart by them', () => {
  const units = scenes().flatMap(toUnits)
  const sets = units.filter(isSet)
  const counted = (unit: Buffer) => Buffer.concat([Buffer.from([unit.length >> 8, unit.length & 0xff]), unit])
  const listed = (type: number) => sets.filter(unit => typeOf(unit) === type).map(counted)
  const head = Buffer.from([1, 100, 0, 10, 0xff, 0xe3])
  const config = Buffer.concat([Buffer.alloc(40), head, ...listed(7), Buffer.from([3]), ...listed(8)])
  const track: FilmTrack = { ...blankTrack, id: 1, kind: 'video', codec: 'h264', matroska: { id: 'V_MS/VFW/FOURCC', config } }
  const pictures = units.filter(unit => typeOf(unit) === 1 || typeOf(unit) === 5)
  const pieces = pictures.map((unit, at) => {
    return { seconds: at / 25, isKey: typeOf(unit) === 5, data: toLengthPrefixed('h264', [unit]) }
  })
  const shown = describeShown(track, pieces[0]?.data as Buffer)
  if (shown === null) throw new Error('would be encoded')
  expect(setsOfAvc(shown.track.matroska.config as Buffer)).toEqual([
    ...sets.filter(u => typeOf(u) === 7),
    ...sets.filter(u => typeOf(u) === 8),
  ])
  const sorted = new AviPackets({ ...shown.track, width: 160, height: 96 }, shown.split)
  const packets = [...pieces.flatMap(piece => sorted.push(piece)), ...sorted.end()]
  expect(decode({ ...shown.track, width: 160, height: 96 }, packets)).toBe(pictures.length)
})

test('damage that looks like a set stays out of the head', () => {
  const sets = toUnits(scene('testsrc2', 0, 'sps-id=0'))
    .filter(isSet)
    .slice(0, 2)
  const cut = Buffer.from([0x67, 0x64, 0x00])
  // Number 8,190, where 31 is the highest.
  const wild = Buffer.from([0x67, 0x64, 0x00, 0x1e, 0x00, 0x0f, 0xff, 0x80, 0x80])
  const lone = Buffer.from([0x68])
  expect(setsOfAvc(buildConfig('h264', [...sets, cut, wild, lone]) ?? Buffer.alloc(0))).toEqual(sets)
})
