import { expect, test } from 'vitest'
import { captionData } from '@/tests/fakes/provider/captions'
import { type SampleOptions, sampleMedia } from '../sample-media.test-support'
import { TsScanner } from './scanner'

function videoOf(options: Partial<SampleOptions>) {
  const scanner = new TsScanner({ onPacket: () => {}, onProgramChange: () => {} })
  scanner.push(sampleMedia({ seconds: 2, audio: null, ...options }))
  return scanner.program?.video
}

const whole = { width: 320, height: 180, frameRate: 25, interlaced: false, bitDepth: 8 }

test.each([
  ['H.264', { video: 'libx264' }, { codec: 'h264', ...whole }],
  ['H.264 in half frames', { video: 'libx264', extra: ['-x264-params', 'tff=1'] }, { codec: 'h264', ...whole, interlaced: true }],
  ['H.264 of ten bits', { video: 'libx264', extra: ['-pix_fmt', 'yuv420p10le'] }, { codec: 'h264', ...whole, bitDepth: 10 }],
  ['H.264 at 50 a second', { video: 'libx264', extra: ['-r', '50'] }, { codec: 'h264', ...whole, frameRate: 50 }],
  ['H.264 at 29.97', { video: 'libx264', extra: ['-r', '30000/1001'] }, { codec: 'h264', ...whole, frameRate: 29.97 }],
  ['H.264 that says no colours', { video: 'libx264' }, { isHdr: null }],
  [
    'H.264 of HD',
    { video: 'libx264', extra: ['-x264-params', 'colorprim=bt709:transfer=bt709:colormatrix=bt709'] },
    { isHdr: false },
  ],
  [
    'H.264 in HLG',
    { video: 'libx264', extra: ['-x264-params', 'colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc'] },
    { isHdr: true, frameRate: 25 },
  ],
  ['HEVC', { video: 'libx265' }, { codec: 'hevc', ...whole, interlaced: null }],
  ['HEVC of ten bits', { video: 'libx265', extra: ['-pix_fmt', 'yuv420p10le'] }, { codec: 'hevc', bitDepth: 10 }],
  ['MPEG-2', { video: 'mpeg2video' }, { codec: 'mpeg2video', codecString: 'mp4v.61', ...whole }],
  [
    'MPEG-2 in half frames',
    { video: 'mpeg2video', extra: ['-flags', '+ilme+ildct'] },
    { codec: 'mpeg2video', ...whole, interlaced: true },
  ],
] as const)('%s says what it is', (_, options, facts) => {
  expect(videoOf({ ...options, extra: [...('extra' in options ? options.extra : [])] })).toMatchObject(facts)
})

test('captions in the picture are noticed; those of CEA-608 count for more than those of CEA-708', () => {
  const plain = sampleMedia({ seconds: 2, audio: null })
  const scan = (bytes: Buffer) => {
    const scanner = new TsScanner({ onPacket: () => {}, onProgramChange: () => {} })
    scanner.push(bytes)
    return scanner.program?.captions
  }
  expect(scan(plain)).toBeNull()
  // The encoder's own note of what made it stands where captions would: user data before the first slice.
  const at = plain.indexOf('x264')
  expect(at).toBeGreaterThan(0)
  const marked = (...entry: [number, number, number]) => {
    const bytes = Buffer.from(plain)
    captionData([entry]).copy(bytes, at)
    return bytes
  }
  expect(scan(marked(0xfa, 0, 0))).toBeNull()
  expect(scan(marked(0xff, 1, 0))).toBe('708')
  expect(scan(Buffer.concat([marked(0xff, 1, 0), marked(0xfc, 0x80, 0x80), marked(0xff, 1, 0)]))).toBe('608')
})
