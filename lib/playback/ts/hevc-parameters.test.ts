import { expect, test } from 'vitest'
import { sampleMedia } from '../sample-media.test-support'
import { describeVideo } from './codec-strings'
import { TsScanner } from './scanner'

const PQ = ['colorprim=bt2020', 'transfer=smpte2084', 'colormatrix=bt2020nc']
const HLG = ['colorprim=bt2020', 'transfer=arib-std-b67', 'colormatrix=bt2020nc']
const SDR = ['colorprim=bt709', 'transfer=bt709', 'colormatrix=bt709']

function sample(settings: readonly string[], extra: readonly string[] = []) {
  const all = ['keyint=25', 'min-keyint=25', 'scenecut=0', 'log-level=error', ...settings]
  const options = ['-pix_fmt', 'yuv420p10le', '-x265-params', all.join(':'), ...extra]
  const scanner = new TsScanner({ onPacket: () => {}, onProgramChange: () => {} })
  scanner.push(sampleMedia({ seconds: 1, audio: null, video: 'libx265', extra: options }))
  return scanner.program
}
const spsOf = (settings: readonly string[]) =>
  sample(settings)?.parameterSets.find(set => (((set[0] ?? 0) >> 1) & 0x3f) === 33) ?? Buffer.alloc(0)

test.each([
  ['nothing said', [], [], { isHdr: null, frameRate: 25 }],
  ['the colours of HD', SDR, [], { isHdr: false, width: 320, height: 180 }],
  ['PQ', PQ, [], { isHdr: true, frameRate: 25, bitDepth: 10 }],
  ['the light of PQ and no colours', ['transfer=smpte2084'], [], { isHdr: null }],
  ['HLG', HLG, [], { isHdr: true, frameRate: 25 }],
  ['HLG at 50 a second', HLG, ['-r', '50'], { isHdr: true, frameRate: 50 }],
  ['PQ at 59.94', PQ, ['-r', '60000/1001'], { isHdr: true, frameRate: 59.94 }],
  ['a size that needs a window', PQ, ['-s', '322x178'], { isHdr: true, width: 322, height: 178, frameRate: 25 }],
  ['more colour', PQ, ['-pix_fmt', 'yuv422p10le', '-s', '642x362'], { isHdr: true, width: 642, height: 362 }],
  ['its usual scaling lists', [...PQ, 'scaling-list=default'], [], { isHdr: true, frameRate: 25 }],
  ['no frames between', [...HLG, 'bframes=0', 'amp=1', 'rect=1', 'ref=1'], [], { isHdr: true, frameRate: 25 }],
  ['many references', [...HLG, 'bframes=8', 'rc-lookahead=20', 'ref=6', 'b-pyramid=1'], [], { isHdr: true, frameRate: 25 }],
  ['layers of time', [...PQ, 'temporal-layers=1', 'bframes=3'], [], { isHdr: true, frameRate: 25 }],
  ['pixels that are not square', [...PQ, 'sar=12\\:11', 'overscan=crop'], [], { isHdr: true, frameRate: 25 }],
  ['half frames', [...HLG, 'interlace=tff'], ['-s', '320x192'], { isHdr: true }],
] as const)('HEVC with %s says what it is', (_, settings, extra, facts) => {
  expect(sample(settings, extra)?.video).toMatchObject({ codec: 'hevc', ...facts })
})

/** Writes what the encoders here never do. */
class BitWriter {
  #bits = ''

  bits(...fields: [value: number, count: number][]): this {
    for (const [value, count] of fields) this.#bits += value.toString(2).padStart(count, '0')
    return this
  }

  flags(...values: number[]): this {
    return this.bits(...values.map((value): [number, number] => [value, 1]))
  }

  unsigned(...values: number[]): this {
    for (const value of values) {
      const code = (value + 1).toString(2)
      this.#bits += code.padStart(code.length * 2 - 1, '0')
    }
    return this
  }

  /** With the stop bit, and escaped. */
  nal(): Buffer {
    const bits = `${this.#bits}1`
    const raw = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? []
    const bytes: number[] = []
    for (const byte of raw.map(text => Number.parseInt(text, 2))) {
      if (byte <= 3 && bytes.length >= 2 && bytes.at(-1) === 0 && bytes.at(-2) === 0) bytes.push(3)
      bytes.push(byte)
    }
    return Buffer.from(bytes)
  }
}

/** A set of 1920 x 1080 with ten bits, up to where its lists begin. */
function begin(): BitWriter {
  const writer = new BitWriter().bits([0x4201, 16], [0, 4], [0, 3], [1, 1])
  writer.bits([2, 8], [0x20000000, 32], [0x90, 8], [0, 32], [0, 8], [123, 8])
  writer.unsigned(0, 1, 1920, 1088).flags(1).unsigned(0, 0, 0, 4)
  return writer.unsigned(2, 2, 4).flags(1).unsigned(4, 2, 0).unsigned(0, 3, 0, 3, 1, 1)
}

function withEverything(): Buffer {
  const writer = begin().flags(1, 1)
  for (let list = 0; list < 20; list++) {
    if (list % 3 !== 0) writer.flags(0).unsigned(0)
    else {
      const size = list < 6 ? 16 : 64
      writer.flags(1).unsigned(...Array.from({ length: size + (list >= 12 ? 1 : 0) }, () => 8))
    }
  }
  // Whole blocks of raw samples.
  writer.flags(1, 1, 1).bits([9, 4], [9, 4]).unsigned(0, 2).flags(0)
  writer.unsigned(4)
  // -1, -3 and 2; then each by the one before: all moved by -1; moved by 1, where one vanishes and one is dropped; moved by 1.
  writer.unsigned(2, 1).unsigned(0).flags(1).unsigned(1).flags(1).unsigned(1).flags(1)
  writer.flags(1, 1).unsigned(0).flags(1, 1, 1, 1)
  writer.flags(1, 0).unsigned(0).flags(1).flags(0, 0).flags(1, 1, 1)
  writer.flags(1, 0).unsigned(0).flags(0, 1, 1, 1, 1)
  // Two of long term, of eight bits.
  writer.flags(1).unsigned(2).bits([5, 8], [1, 1], [200, 8], [0, 1])
  writer.flags(1, 1)
  // Usability: shape and colours, a window, 50 a second.
  writer.flags(1, 1).bits([255, 8], [4, 16], [3, 16]).flags(1, 0)
  writer.flags(1).bits([5, 3], [0, 1], [1, 1], [9, 8], [18, 8], [9, 8])
  writer.flags(1).unsigned(2, 2).flags(0, 0, 0, 1).unsigned(0, 0, 0, 0)
  return writer.flags(1).bits([1, 32], [50, 32]).flags(0, 0, 0, 0).nal()
}

test('a set with scaling lists, raw samples, references told by others and long ones is read to its end', () => {
  const facts = { width: 1920, height: 1080, bitDepth: 10, isHdr: true, frameRate: 50 }
  expect(describeVideo('hevc', [withEverything()])).toMatchObject(facts)
})

test('a set cut short anywhere says what it can and nothing wrong', () => {
  const hdr = [spsOf(PQ), spsOf([...HLG, 'scaling-list=default']), withEverything()]
  for (const sps of hdr) {
    for (let length = 0; length <= sps.length; length++) {
      const { isHdr, frameRate } = describeVideo('hevc', [sps.subarray(0, length)])
      expect([null, true]).toContain(isHdr)
      expect([null, 25, 50]).toContain(frameRate)
    }
  }
})

test('sets that claim impossible numbers are read no further', () => {
  const claims = [
    (writer: BitWriter) => writer.flags(0, 0, 0, 0).unsigned(65),
    (writer: BitWriter) =>
      writer
        .flags(0, 0, 0, 0)
        .unsigned(1)
        .unsigned(2 ** 31 - 1, 0),
    (writer: BitWriter) =>
      writer
        .flags(0, 0, 0, 0)
        .unsigned(0)
        .flags(1)
        .unsigned(2 ** 31 - 1),
  ]
  for (const claim of claims) {
    const sps = Buffer.concat([claim(begin()).nal(), Buffer.alloc(64, 0xff)])
    expect(describeVideo('hevc', [sps])).toMatchObject({ width: 1920, isHdr: null, frameRate: null })
  }
})

test('bytes of anybody are read to an end', () => {
  let seed = 11
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed & 0xff
  }
  const startedAt = performance.now()
  for (let round = 0; round < 3_000; round++) {
    const bytes = Buffer.from(Array.from({ length: 1 + (round % 120) }, (_, at) => (at === 0 ? 0x42 : random())))
    describeVideo('hevc', [bytes])
    describeVideo('h264', [Buffer.concat([Buffer.from([0x67, 100]), bytes])])
  }
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})
