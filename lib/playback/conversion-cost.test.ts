import { expect, test } from 'vitest'
import { conversionCost } from './conversion-cost'
import type { VideoFacts } from './facts'

const picture = (shape: Partial<VideoFacts>): VideoFacts => ({
  codec: 'hevc',
  codecString: null,
  width: 1920,
  height: 1080,
  frameRate: 25,
  interlaced: false,
  bitDepth: 8,
  isHdr: null,
  openGroups: null,
  ...shape,
})

test('a larger picture costs more, and several qualities more than one', () => {
  const one = conversionCost(picture({}), 'transcode')
  expect(conversionCost(picture({ width: 3840, height: 2160 }), 'transcode')).toBeGreaterThan(one)
  expect(conversionCost(picture({}), 'ladder')).toBeGreaterThan(one)
  const fewer = conversionCost(picture({}), 'ladder', { qualities: [1080, 240].map(height => ({ height, kilobits: 400 })) })
  expect(fewer).toBeGreaterThan(one)
  expect(fewer).toBeLessThan(conversionCost(picture({}), 'ladder'))
  const lower = { qualities: [{ height: 720, kilobits: 2_800 }] }
  expect(conversionCost(picture({}), 'transcode', lower)).toBe(conversionCost(picture({}), 'transcode', { maxHeight: 720 }))
})

test('making SDR of HDR costs the same for one quality as for several, whatever the size it comes in', () => {
  const extra = (shape: Partial<VideoFacts>, mode: 'transcode' | 'ladder') =>
    conversionCost(picture({ ...shape, isHdr: true }), mode) - conversionCost(picture(shape), mode)
  expect(extra({}, 'transcode')).toBeGreaterThan(0.3)
  expect(extra({}, 'ladder')).toBeCloseTo(extra({}, 'transcode'))
  expect(extra({ width: 3840, height: 2160 }, 'transcode')).toBeCloseTo(extra({}, 'transcode'))
  expect(conversionCost(picture({ isHdr: true }), 'audio')).toBe(conversionCost(picture({}), 'audio'))
})

test.each([{ height: 0 }, { width: 0 }, { width: -1920 }, { frameRate: 0 }, { frameRate: Number.POSITIVE_INFINITY }])(
  'a file that claims %o costs what an honest one would',
  claim => {
    expect(conversionCost(picture(claim), 'transcode')).toBeCloseTo(conversionCost(picture({}), 'transcode'))
  },
)
