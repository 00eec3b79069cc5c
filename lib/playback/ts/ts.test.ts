import { describe, expect, test } from 'vitest'
import { sampleMedia } from '../sample-media.test-support'
import { PACKET_SIZE, PacketAligner } from './packet-aligner'
import { TimestampUnwrapper } from './pes'
import { type Frame, type TsPacket, TsScanner } from './scanner'

function scan(bytes: Buffer, chunkSize = 1_316) {
  const packets: TsPacket[] = []
  let changes = 0
  const scanner = new TsScanner({ onPacket: packet => packets.push(packet), onProgramChange: () => changes++ })
  for (let at = 0; at < bytes.length; at += chunkSize) scanner.push(bytes.subarray(at, at + chunkSize))
  const frames = packets.flatMap(packet => (packet.frame === null ? [] : [packet.frame]))
  return { scanner, packets, frames, keys: frames.filter(frame => frame.isKey), changes: () => changes }
}

const seconds = (frames: Frame[]) => frames.map(frame => Math.round(((frame.dts - (frames[0]?.dts ?? 0)) / 90_000) * 100) / 100)

// Deterministic noise: a test that fails once in a hundred runs teaches nothing.
function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length)
  let state = seed
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}

describe('alignment', () => {
  const clean = sampleMedia({ seconds: 4, keySeconds: 1 })
  const align = (bytes: Buffer, size: number) => {
    const aligner = new PacketAligner()
    const runs: Buffer[] = []
    for (let at = 0; at < bytes.length; at += size) runs.push(aligner.push(bytes.subarray(at, at + size)))
    return { aligner, bytes: Buffer.concat(runs) }
  }

  test.each([1, 7, 187, 188, 189, 1_316, 65_536])('whole packets whatever the chunk size (%i bytes)', size => {
    const part = clean.subarray(0, 188 * 300)
    expect(align(part, size).bytes.equals(part)).toBe(true)
  })

  test('D5-102: text before the first packet is skipped and counted', () => {
    const junk = Buffer.from('<br />\n<b>Notice</b>: Undefined index: G in /home/xtream/live.php on line 8<br />G')
    const { aligner, bytes } = align(Buffer.concat([junk, clean]), 1_000)
    expect(bytes.equals(clean)).toBe(true)
    expect(aligner.skippedBytes).toBe(junk.length)
  })

  test('a megabyte of garbage inside costs at most 64 kB of good bytes (C7)', () => {
    const cut = Math.floor(clean.length / 2 / PACKET_SIZE) * PACKET_SIZE
    const garbage = noise(1_000_003)
    const { bytes } = align(Buffer.concat([clean.subarray(0, cut), garbage, clean.subarray(cut)]), 16_384)
    expect(bytes.subarray(0, cut).equals(clean.subarray(0, cut))).toBe(true)
    const end = bytes.subarray(-(clean.length - cut - 65_536))
    expect(end.equals(clean.subarray(-end.length))).toBe(true)
  })

  test('a packet cut short loses only itself', () => {
    const { bytes, aligner } = align(Buffer.concat([clean.subarray(0, 188 * 10 + 100), clean.subarray(188 * 11)]), 4_096)
    expect(aligner.resyncs).toBe(1)
    expect(clean.length - bytes.length).toBeLessThanOrEqual(188)
  })

  test.each([1, 100, 188, 1_000, 65_536])('padding is left out, and what it stood between lies together (%i bytes)', size => {
    const padding = Buffer.alloc(PACKET_SIZE, 0xff)
    padding.set([0x47, 0x1f, 0xff, 0x10])
    const packets = Array.from({ length: 600 }, (_, n) => clean.subarray(n * PACKET_SIZE, (n + 1) * PACKET_SIZE))
    const padded = Buffer.concat(packets.flatMap((packet, n) => [packet, ...Array.from({ length: n % 4 }, () => padding)]))
    const { aligner, bytes } = align(padded, size)
    expect(bytes.equals(clean.subarray(0, 600 * PACKET_SIZE))).toBe(true)
    expect([aligner.packets, aligner.skippedBytes, aligner.resyncs]).toEqual([padded.length / PACKET_SIZE, 0, 0])
    const [one, two] = [aligner.push(padded.subarray(0, 20_000)), aligner.push(padded.subarray(20_000, 30_000))]
    expect([two.buffer, two.byteOffset]).toEqual([one.buffer, one.byteOffset + one.length])
  })

  test('endless text without a packet keeps no memory', () => {
    const aligner = new PacketAligner()
    for (let at = 0; at < 200; at++) expect(aligner.push(Buffer.alloc(10_000, 0x20))).toHaveLength(0)
    expect(aligner.skippedBytes).toBe(2_000_000)
  })
})

describe('frames', () => {
  test.each([
    ['libx264', 'h264', /^avc1\.[0-9a-f]{6}$/],
    ['libx265', 'hevc', /^hvc1\.1\.6\.L\d+(\.[0-9A-F]+)*$/],
    ['mpeg2video', 'mpeg2video', null],
  ] as const)('%s: key frames, codec and size', (encoder, codec, pattern) => {
    const { scanner, frames, keys } = scan(sampleMedia({ seconds: 4, keySeconds: 1, video: encoder }))
    expect(frames.length).toBe(100)
    expect(seconds(keys)).toEqual([0, 1, 2, 3])
    const video = scanner.program?.video
    expect(video?.codec).toBe(codec)
    if (pattern !== null)
      expect([video?.codecString, video?.width, video?.height]).toEqual([expect.stringMatching(pattern), 320, 180])
    expect(scanner.continuity.errors).toBe(0)
  })

  test('broadcast style: groups open with an I slice and a recovery point instead of an IDR, with B frames', () => {
    const { keys } = scan(
      sampleMedia({
        seconds: 4,
        keySeconds: 1,
        extra: ['-preset', 'veryfast', '-x264-params', 'open-gop=1:bframes=3:keyint=25:min-keyint=25:scenecut=0'],
      }),
    )
    expect(keys.length).toBe(4)
  })

  test.each([
    ['aac', 'aac', 'mp4a.40.2'],
    ['mp2', 'mp2', 'mp4a.40.33'],
    ['libmp3lame', 'mp3', 'mp4a.40.34'],
    ['ac3', 'ac3', 'ac-3'],
  ] as const)('audio %s', (encoder, codec, codecString) => {
    const { scanner } = scan(sampleMedia({ seconds: 4, audio: encoder }))
    expect(scanner.program?.audio[0]).toMatchObject({ codec, codecString })
  })

  test('radio has a frame per audio packet, all of them key', () => {
    const { scanner, frames, keys } = scan(sampleMedia({ seconds: 4, video: null }))
    expect(scanner.program?.video).toBeNull()
    expect(frames.length).toBeGreaterThan(10)
    expect(keys.length).toBe(frames.length)
  })

  test('a picture that stays unfinished does not hold the sound back for ever', () => {
    const { packets, scanner } = scan(sampleMedia({ seconds: 4 }))
    const video = packets.find(({ frame }) => frame !== null)?.bytes ?? Buffer.alloc(0)
    const sound = packets.find(({ role }) => role === 'audio')?.bytes ?? Buffer.alloc(0)
    const stream = Buffer.concat([scanner.program?.tables ?? Buffer.alloc(0), video, ...Array<Buffer>(10_000).fill(sound)])
    const heard = scan(stream).packets.filter(({ role }) => role === 'audio')
    expect(heard.length).toBeGreaterThan(8_000)
  })

  test('chunk borders change nothing', () => {
    const bytes = sampleMedia({ seconds: 4 })
    const [small, large] = [scan(bytes, 61), scan(bytes, 100_000)]
    expect(small.frames).toEqual(large.frames)
    const join = ({ packets }: typeof large) => Buffer.concat(packets.map(packet => packet.bytes))
    expect(join(small).equals(join(large))).toBe(true)
  })

  test('the middle of a picture comes in one piece, and nothing of the stream is lost by that', () => {
    const bytes = sampleMedia({ seconds: 4, extra: ['-preset', 'ultrafast', '-qp', '4'] })
    const { packets, scanner, frames } = scan(bytes, 65_536)
    expect(packets.length).toBeLessThan(bytes.length / PACKET_SIZE / 3)
    const pids = new Set(packets.map(({ pid }) => pid))
    const named: Buffer[] = []
    for (let at = 0; at < bytes.length; at += PACKET_SIZE)
      if (pids.has(bytes.readUInt16BE(at + 1) & 0x1fff)) named.push(bytes.subarray(at, at + PACKET_SIZE))
    const first = named.findIndex(packet => packet.equals(packets[0]?.bytes.subarray(0, PACKET_SIZE) ?? packet))
    expect(Buffer.concat(packets.map(packet => packet.bytes)).equals(Buffer.concat(named.slice(first)))).toBe(true)
    expect([frames.length, scanner.continuity.errors]).toEqual([100, 0])
    // What carries a clock comes alone, because clocks are read and moved.
    const hasMore = (packet: Buffer) => ((packet[3] ?? 0) & 0x20) !== 0
    const joined = packets.filter(packet => packet.bytes.length > PACKET_SIZE).map(packet => packet.bytes)
    for (const each of joined)
      for (let at = 0; at < each.length; at += PACKET_SIZE) expect(hasMore(each.subarray(at, at + PACKET_SIZE))).toBe(false)
    expect(
      packets.filter(packet => packet.role === 'video' && !packet.startsUnit && hasMore(packet.bytes)).length,
    ).toBeGreaterThan(10)
    const middle = packets.find(packet => packet.bytes.length > 8 * PACKET_SIZE)?.bytes ?? Buffer.alloc(0)
    const at = bytes.indexOf(middle) + 3 * PACKET_SIZE
    const holed = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + PACKET_SIZE)])
    expect(scan(holed, 65_536).scanner.continuity.errors).toBe(1)
  })

  test('two programs one after the other: the change is told once, lost packets are counted', () => {
    const first = sampleMedia({ seconds: 4 })
    const second = sampleMedia({ seconds: 4, video: 'libx265' })
    const { changes, scanner } = scan(Buffer.concat([first, second]))
    expect(changes()).toBe(1)
    expect(scanner.program?.video?.codec).toBe('hevc')
    const holed = scan(Buffer.concat([first.subarray(0, 188 * 100), first.subarray(188 * 104)]))
    expect(holed.scanner.continuity.errors).toBeGreaterThan(0)
  })

  test('noise never throws', () => {
    const bytes = noise(400_000, 7)
    for (let at = 0; at < bytes.length; at += 188) bytes[at] = 0x47
    expect(() => scan(bytes)).not.toThrow()
    const broken = Buffer.from(sampleMedia({ seconds: 4 }))
    for (let at = 0; at < broken.length; at += 97) if (at % 188 !== 0) broken[at] = (broken[at] ?? 0) ^ 0xff
    expect(() => scan(broken)).not.toThrow()
  })
})

test('timestamps go on growing over the wrap at 26.5 hours, and may step back', () => {
  const clock = new TimestampUnwrapper()
  const top = 2 ** 33
  expect([top - 3_600, 0, 3_600, top - 90, 7_200].map(value => clock.unwrap(value) - top)).toEqual([-3_600, 0, 3_600, -90, 7_200])
})
