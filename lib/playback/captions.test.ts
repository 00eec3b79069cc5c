import { expect, test } from 'vitest'
import { type CaptionEntry, captionData, captionUnit } from '@/tests/fakes/provider/captions'
import { mergeCaptions } from './captions'
import { printLiveMaster } from './live-master'
import { inspectAccessUnit } from './ts/access-unit'

const bytes = (...list: (number | Buffer)[]) => Buffer.concat(list.map(one => (typeof one === 'number' ? Buffer.of(one) : one)))
const start = Buffer.of(0, 0, 1)
/** A key frame with these messages before its first slice. */
const pictures = {
  h264: (messages: Buffer[]) => bytes(...messages.map(captionUnit), start, 0x65, 0x88, 0x84),
  hevc: (messages: Buffer[]) =>
    bytes(
      // The same message behind a head of two bytes.
      ...messages.flatMap(message => [start, 0x4e, 0x01, captionUnit(message).subarray(5)]),
      ...[start, 0x26, 0x01, 0xaf],
    ),
  mpeg2video: (messages: Buffer[]) =>
    bytes(
      ...[start, 0xb3, 0x14, 0x00, 0xb4, 0x13, start, 0x00, 0x00, 0x0f, 0xff, 0xf8],
      ...messages.flatMap(message => [start, 0xb2, message.subarray(3)]),
      ...[start, 0x01, 0x13, 0xf8],
    ),
}

const words: CaptionEntry = [0xfc, 0x94, 0x2c]
const filling: CaptionEntry = [0xfc, 0x80, 0x80]
const noWords: CaptionEntry = [0xf8, 0x80, 0x80]
const packet: CaptionEntry[] = [
  [0xff, 0x02, 0x22],
  [0xfe, 0x8c, 0xff],
]
const noPacket: CaptionEntry = [0xfa, 0, 0]

const rows: [string, CaptionEntry[][], string | undefined][] = [
  ['words of CEA-608', [[words]], '608'],
  ['fillings of CEA-608', [[filling, noPacket]], '608'],
  ['a packet of CEA-708 and an empty place for CEA-608', [[noWords, ...packet]], '708'],
  ['both', [[...packet, filling]], '608'],
  ['both, in messages of their own', [packet, [words]], '608'],
  ['a packet behind escaped nothing', [[noPacket, noPacket, noPacket, ...packet]], '708'],
  ['the second field of CEA-608 alone', [[[0xfd, 0x94, 0x2c]]], undefined],
  ['nothing that is valid', [[noWords, noPacket, noPacket]], undefined],
  ['no entries', [[]], undefined],
  ['no message', [], undefined],
]

test.each(rows)('%s', (_name, messages, kind) => {
  for (const codec of ['h264', 'hevc', 'mpeg2video'] as const) {
    const unit = inspectAccessUnit(codec, pictures[codec](messages.map(captionData)))
    expect([codec, unit?.isKey, unit?.captions]).toEqual([codec, true, kind])
  }
})

test('what is to be ignored, is something else or breaks off says nothing', () => {
  const of = (message: Buffer) => inspectAccessUnit('mpeg2video', pictures.mpeg2video([message]))?.captions
  const whole = captionData([words])
  expect(of(whole)).toBe('608')
  expect(of(Buffer.from(whole).fill(0x01, 8, 9))).toBeUndefined()
  expect(of(Buffer.from(whole).fill(6, 7, 8))).toBeUndefined()
  expect(inspectAccessUnit('mpeg2video', pictures.mpeg2video([]).subarray(0, -4))).toBeNull()
  for (let length = 8; length < 12; length++) expect(of(whole.subarray(0, length))).not.toBe('708')
})

test('the playlist names the first channel of the one and the first service of the other', () => {
  const variant = { codecs: ['avc1.42c01e'], width: 640, height: 360, address: 'live.m3u8' }
  const printed = (captions: '608' | '708' | null) => printLiveMaster([{ ...variant, captions }])
  expect(printed('608')).toMatch(
    /^#EXT-X-VERSION:3\n[\s\S]*TYPE=CLOSED-CAPTIONS.*INSTREAM-ID="CC1"\n#.*,CLOSED-CAPTIONS="captions"\n/m,
  )
  expect(printed('708')).toMatch(
    /^#EXT-X-VERSION:7\n[\s\S]*TYPE=CLOSED-CAPTIONS.*INSTREAM-ID="SERVICE1"\n#.*,CLOSED-CAPTIONS="captions"\n/m,
  )
  expect(printed(null)).not.toContain('CAPTIONS')
  expect(mergeCaptions(null, '708')).toBe('708')
})
