import { expect, test } from 'vitest'
import { VideoFacts } from './facts'
import { encodedLimit, findUnplayable, isHigher, lowestLimit, smoothHeight } from './picture-fit'
import type { Capabilities, Decoder } from './schema'

const decoder = (codec: Decoder['codec'], bitDepth: 8 | 10, height: number, fastHeight = height): Decoder => ({
  codec,
  bitDepth,
  height,
  fastHeight,
})
const untold: Capabilities = { video: ['h264', 'hevc', 'vp9', 'av1'], audio: ['aac'], containers: ['mp4'] }
/** HEVC by hardware up to 2160 lines, but of eight bits only; VP9 of ten bits; an H.264 decoder that is slow. */
const told: Capabilities = {
  ...untold,
  decoders: [decoder('h264', 8, 1080, 720), decoder('hevc', 8, 2160), decoder('vp9', 8, 2160), decoder('vp9', 10, 1080)],
}
const video = (codec: string, more: Partial<VideoFacts> = {}): VideoFacts => VideoFacts.parse({ codec, ...more })

test.each<[name: string, VideoFacts, withoutWord: string | null, withDecoders: string | null]>([
  ['H.264 High', video('h264', { codecString: 'avc1.640028', bitDepth: 8 }), null, null],
  ['H.264 High 10', video('h264', { codecString: 'avc1.6E0028', bitDepth: 10 }), 'H.264 (High 10)', 'H.264 (High 10)'],
  [
    'H.264 4:2:2 of eight bits',
    video('h264', { codecString: 'avc1.7a0028', bitDepth: 8 }),
    'H.264 (High 4:2:2)',
    'H.264 (High 4:2:2)',
  ],
  ['H.264 4:4:4', video('h264', { codecString: 'avc1.F4001F', bitDepth: 8 }), 'H.264 (High 4:4:4)', 'H.264 (High 4:4:4)'],
  ['H.264 of ten bits, no profile known', video('h264', { bitDepth: 10 }), '10-bit H.264', '10-bit H.264'],
  ['HEVC Main', video('hevc', { codecString: 'hvc1.1.6.L120.90', bitDepth: 8 }), null, null],
  ['HEVC Main 10', video('hevc', { codecString: 'hvc1.2.4.L153.90', bitDepth: 10 }), null, '10-bit HEVC'],
  [
    'HEVC 4:2:2 of ten bits',
    video('hevc', { codecString: 'hvc1.4.10.L120.9D.8', bitDepth: 10 }),
    '10-bit HEVC (studio profile)',
    '10-bit HEVC (studio profile)',
  ],
  ['HEVC of twelve bits', video('hevc', { bitDepth: 12 }), '12-bit HEVC', '12-bit HEVC'],
  ['VP9 of ten bits', video('vp9', { bitDepth: 10 }), null, null],
  ['AV1 without a decoder', video('av1', { bitDepth: 8 }), null, 'AV1'],
  ['MPEG-2', video('mpeg2video'), 'MPEG-2', 'MPEG-2'],
])('%s', (_name, facts, withoutWord, withDecoders) => {
  expect([findUnplayable(facts, untold), findUnplayable(facts, told)]).toEqual([withoutWord, withDecoders])
})

test('a decoder for ten bits shows eight as well', () => {
  const only: Capabilities = { ...untold, decoders: [decoder('hevc', 10, 2160)] }
  expect(findUnplayable(video('hevc', { bitDepth: 8 }), only)).toBeNull()
  expect(smoothHeight(video('hevc', { bitDepth: 8 }), only)).toBe(2160)
})

test('what is shown smoothly depends on the codec, its depth and the speed', () => {
  const smooth = (facts: VideoFacts) => smoothHeight(facts, told)
  expect(smooth(video('h264', { frameRate: 25 }))).toBe(1080)
  expect(smooth(video('h264', { frameRate: 50 }))).toBe(720)
  expect(smooth(video('vp9', { bitDepth: 10 }))).toBe(1080)
  expect(smooth(video('vp8'))).toBeNull()
  expect(smoothHeight(video('h264'), untold)).toBeNull()
})

test('whole blocks are no higher picture, and what nobody knows is none', () => {
  expect(isHigher(video('h264', { height: 1088 }), 1080)).toBe(false)
  expect(isHigher(video('h264', { height: 1440 }), 1080)).toBe(true)
  expect(isHigher(video('h264'), 480)).toBe(false)
  expect(isHigher(video('h264', { height: 2160 }), null)).toBe(false)
})

test.each([
  [{}, null],
  [{ maxHeight: 480 }, { lines: 480, whose: 'viewer' }],
  [{ accountHeight: 720 }, { lines: 720, whose: 'account' }],
  [
    { maxHeight: 480, accountHeight: 720 },
    { lines: 480, whose: 'viewer' },
  ],
  [
    { maxHeight: 1080, accountHeight: 720 },
    { lines: 720, whose: 'account' },
  ],
  [{ maxHeight: null, accountHeight: null }, null],
] as const)('of the limits %o the lowest counts', (limits, lowest) => {
  expect(lowestLimit(limits)).toEqual(lowest)
})

test('an encoded picture is no higher than the limits and the device allow; a limit that changes nothing is none', () => {
  expect(encodedLimit({ maxHeight: 480 }, told, 25)).toBe(480)
  expect(encodedLimit({ accountHeight: 1080 }, told, 25)).toBeNull()
  expect(encodedLimit({ accountHeight: 1080 }, told, 50)).toBe(720)
  expect(encodedLimit({}, untold, 50)).toBeNull()
  expect(encodedLimit({ accountHeight: 480 }, null, null)).toBe(480)
})
