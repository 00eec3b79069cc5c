import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { printLivePlaylist } from './live-playlist'
import { Ring } from './ring'
import { sampleMedia } from './sample-media.test-support'
import { type Segment, Segmenter, type SegmenterOptions } from './segmenter'
import { type TsPacket, TsScanner } from './ts/scanner'

function segment(bytes: Buffer, options: Partial<SegmenterOptions> = {}) {
  const segments: Segment[] = []
  const segmenter: Segmenter = new Segmenter({ program: () => scanner.program, onSegment: each => segments.push(each), options })
  const scanner: TsScanner = new TsScanner(segmenter)
  for (let at = 0; at < bytes.length; at += 4_000) scanner.push(bytes.subarray(at, at + 4_000))
  return { segments, scanner, segmenter }
}

const durations = (segments: Segment[]) => segments.map(each => Math.round(each.duration * 100) / 100)

/** Decodes with FFmpeg; answers the frames of picture and sound, and what it complained about. */
function decode(bytes: Buffer): { frames: number; complaints: string } {
  const arguments_ = [
    '-hide_banner',
    '-loglevel',
    'warning',
    '-f',
    'mpegts',
    '-i',
    'pipe:0',
    '-map',
    '0:v?',
    '-map',
    '0:a?',
    '-f',
    'framecrc',
    'pipe:1',
  ]
  const child = execFileSync('ffmpeg', arguments_, { input: bytes, stdio: ['pipe', 'pipe', 'ignore'], maxBuffer: 1e8 })
  return {
    frames: child
      .toString()
      .split('\n')
      .filter(line => /^0,/.test(line)).length,
    complaints: '',
  }
}

test('cuts at key frames, two seconds apart, and every segment plays by itself', () => {
  const { segments } = segment(sampleMedia({ seconds: 9, keySeconds: 1 }), { warmUpSeconds: [] })
  expect(durations(segments)).toEqual([2, 2, 2, 2])
  for (const each of segments) {
    expect(each.isIndependent).toBe(true)
    expect([each.bytes[0], each.bytes.readUInt16BE(1) & 0x1fff]).toEqual([0x47, 0])
    expect(decode(each.bytes).frames).toBe(50)
  }
})

test('a cold start gives short segments between key frames, which carry the parameter sets', () => {
  const warmUpSeconds = [0.4, 0.6, 1]
  const { segments, scanner } = segment(sampleMedia({ seconds: 9, keySeconds: 2 }), { warmUpSeconds })
  expect(durations(segments)).toEqual([0.4, 0.6, 1, 2, 2, 2])
  expect(segments.map(each => each.isIndependent)).toEqual([true, false, false, true, true, true])
  const early = segment(sampleMedia({ seconds: 9, keySeconds: 2 }).subarray(0, 188 * 150), { warmUpSeconds })
  expect(early.segmenter.upcoming().slice(-1)).toEqual([{ sequence: 0, duration: 0.4, isDiscontinuous: false, offset: 0 }])
  const sps = scanner.program?.parameterSets[0] ?? Buffer.alloc(1)
  for (const each of segments) expect(each.bytes.includes(sps)).toBe(true)
})

test('segments grow no faster than a player that runs 7 % slower gathers time', () => {
  const { segments } = segment(sampleMedia({ seconds: 31, keySeconds: 2 }))
  // What a player has ahead when it starts with the first two tenths of a second.
  let held = 0.2
  for (const { duration } of segments.slice(0, -3)) {
    // One frame: segments are cut at whole ones.
    expect(held).toBeGreaterThanOrEqual(duration - 0.041)
    held += duration * 0.07
  }
  expect(durations(segments).slice(-3)).toEqual([1, 2, 2])
  // Every key frame begins a segment.
  expect(segments.filter(({ isIndependent }) => isIndependent)).toHaveLength(15)
  const early = segment(sampleMedia({ seconds: 9, keySeconds: 2 }).subarray(0, 188 * 150))
  expect(early.segmenter.upcoming().length).toBeGreaterThanOrEqual(3)
  expect(segments.length).toBeGreaterThan(40)
})

test.each(['libx264', 'libx265'] as const)('%s: the segments one after the other are the whole stream', video => {
  const bytes = sampleMedia({
    seconds: 9,
    keySeconds: 2,
    video,
    extra: video === 'libx265' ? ['-x265-params', 'keyint=50:min-keyint=50:scenecut=0:open-gop=0:log-level=error'] : [],
  })
  const { segments } = segment(bytes)
  expect(decode(Buffer.concat(segments.map(each => each.bytes))).frames).toBe(
    Math.round(segments.reduce((sum, { duration }) => sum + duration, 0) * 25),
  )
})

test('each audio packet lies whole in one segment', () => {
  const { segments, scanner } = segment(sampleMedia({ seconds: 9, keySeconds: 2 }))
  const audioPid = scanner.program?.audio[0]?.pid
  let found = 0
  for (const each of segments) {
    const packets: TsPacket[] = []
    const reader = new TsScanner({ onPacket: packet => packets.push(packet), onProgramChange: () => {} })
    reader.push(each.bytes)
    const sound = packets.find(packet => packet.pid === audioPid)
    if (sound === undefined) continue
    found++
    expect(sound.startsUnit).toBe(true)
  }
  // The shortest segments have none.
  expect(found).toBeGreaterThan(20)
})

test('a packet of sound or subtitles is there as soon as it is whole, not when the next one comes', () => {
  const bytes = sampleMedia({ seconds: 9, keySeconds: 2 })
  const pidAt = (at: number) => bytes.readUInt16BE(at + 1) & 0x1fff
  const audioPid = segment(bytes).scanner.program?.audio[0]?.pid ?? 0
  const places = Array.from({ length: bytes.length / 188 }, (_, n) => n * 188).filter(at => pidAt(at) === audioPid)
  const next = places.findLastIndex(at => at < bytes.length / 2 && bytes.readUInt16BE(at + 1) & 0x4000)
  const { segmenter, segments } = segment(bytes.subarray(0, (places[next - 1] ?? 0) + 188))
  segmenter.breakOff()
  let found = 0
  const reader = new TsScanner({ onPacket: ({ pid }) => (found += pid === audioPid ? 1 : 0), onProgramChange: () => {} })
  for (const each of segments) reader.push(each.bytes)
  const first = places.findIndex(at => at > bytes.indexOf(segments[0]?.bytes.subarray(188 * 2, 188 * 3) ?? bytes))
  expect(found).toBeGreaterThan(20)
  expect(found).toBe(next - first)
})

test('rare key frames: cut at the longest length all the same', () => {
  const { segments } = segment(sampleMedia({ seconds: 14, keySeconds: 12 }), { warmUpSeconds: [], maxSeconds: 4 })
  expect(durations(segments)).toEqual([4, 4, 4])
})

test('radio is cut by time', () => {
  const { segments } = segment(sampleMedia({ seconds: 9, video: null }), { warmUpSeconds: [] })
  expect(segments.length).toBeGreaterThanOrEqual(3)
  for (const each of segments) expect(each.duration).toBeLessThan(2.6)
})

test('another clock, another program and a break become discontinuities', () => {
  const first = sampleMedia({ seconds: 4, keySeconds: 1 })
  const clock = segment(Buffer.concat([first, first]))
  expect(clock.segments.filter(each => each.isDiscontinuous)).toHaveLength(1)
  const other = segment(Buffer.concat([first, sampleMedia({ seconds: 4, video: 'libx265' })]))
  expect(other.segments.filter(each => each.isDiscontinuous)).toHaveLength(1)
  const { segments, segmenter, scanner } = segment(first)
  const before = segments.length
  segmenter.breakOff()
  scanner.push(first)
  expect(segments[before + 1]?.isDiscontinuous).toBe(true)
  expect(segments.map(each => each.sequence)).toEqual(segments.map((_each, index) => index))
})

test('segments to come are announced, and the player told to begin at the beginning', () => {
  const text = printLivePlaylist({
    segments: [{ sequence: 0, duration: 0.4, isDiscontinuous: false }],
    startsAt: new Date('2026-01-01T20:15:00.120Z'),
    upcoming: [
      { sequence: 1, duration: 0.6, isDiscontinuous: true },
      { sequence: 2, duration: 1, isDiscontinuous: false },
    ],
    discontinuitySequence: 0,
    targetDuration: 1,
    isEnded: false,
  })
  expect(text.split('\n').slice(4)).toEqual([
    '#EXT-X-DISCONTINUITY-SEQUENCE:0',
    '#EXT-X-START:TIME-OFFSET=0.010,PRECISE=YES',
    '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T20:15:00.120Z',
    '#EXTINF:0.400,',
    '0.ts',
    '#EXT-X-DISCONTINUITY',
    '#EXTINF:0.600,',
    '1.ts',
    '#EXTINF:1.000,',
    '2.ts',
    '',
  ])
})

test('prints a live playlist', () => {
  const segments = [
    { sequence: 7, duration: 2, isDiscontinuous: false },
    { sequence: 8, duration: 1.96, isDiscontinuous: true },
  ]
  const startsAt = new Date('2026-01-01T20:15:00Z')
  const text = printLivePlaylist({ segments, startsAt, discontinuitySequence: 1, targetDuration: 2, isEnded: false })
  expect(text).toBe(
    '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-DISCONTINUITY-SEQUENCE:1\n' +
      '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T20:15:00.000Z\n#EXTINF:2.000,\n7.ts\n#EXT-X-DISCONTINUITY\n#EXTINF:1.960,\n8.ts\n',
  )
  expect(printLivePlaylist({ segments: [], startsAt, discontinuitySequence: 0, targetDuration: 0, isEnded: true })).toContain(
    '#EXT-X-ENDLIST',
  )
})

test('the ring keeps the newest bytes, knows the newest key frame and reads from any offset', () => {
  const ring = new Ring(100)
  for (let index = 0; index < 10; index++) ring.append([Buffer.alloc(30, index)], index % 2 === 0 ? [10] : [])
  expect([ring.head, ring.tail, ring.newestKeyframe()]).toEqual([300, 210, 250])
  expect(Buffer.concat(ring.read(250))).toEqual(Buffer.concat([Buffer.alloc(20, 8), Buffer.alloc(30, 9)]))
  expect(ring.read(300)).toEqual([])
  ring.clear()
  expect([ring.head, ring.tail, ring.newestKeyframe()]).toEqual([300, 300, null])
})
