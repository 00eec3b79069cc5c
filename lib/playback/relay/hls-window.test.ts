import { expect, test } from 'vitest'
import type { Segment } from '../segmenter'
import { type Extent, HlsWindow, type SegmentFacts } from './hls-window'

const segment = (sequence: number, isDiscontinuous = false): Segment => ({
  sequence,
  bytes: Buffer.alloc(1_000),
  size: 1_000,
  duration: 2,
  isDiscontinuous,
  isIndependent: true,
  start: sequence * 180_000,
  shownFrom: sequence * 180_000,
  offset: sequence * 2,
})

/** A channel whose segments so far are `count`, all of them kept but the `lost`; its source was away before 30 and 95. */
function channel(count: number, lost: readonly number[] = []): HlsWindow {
  const kept: SegmentFacts[] = []
  const window = new HlsWindow({ maxBytes: 2 ** 20, kept: () => kept })
  for (let sequence = 0; sequence < count; sequence++) {
    const made = segment(sequence, sequence === 30 || sequence === 95)
    window.add(made)
    if (!lost.includes(sequence)) kept.push(made)
  }
  return window
}

function read(window: HlsWindow, extent: Extent) {
  const text = window.playlist(extent)
  const number = (tag: string) => Number(new RegExp(`${tag}[:=](\\d+)`).exec(text)?.[1] ?? 0)
  return {
    first: number('#EXT-X-MEDIA-SEQUENCE'),
    skipped: number('SKIPPED-SEGMENTS'),
    breaks: number('#EXT-X-DISCONTINUITY-SEQUENCE'),
    listed: [...text.matchAll(/^(\d+)\.ts$/gm)].map(([, name]) => Number(name)),
    text,
  }
}
const upTo = (from: number, end: number) => Array.from({ length: end - from }, (_, index) => from + index)

test('players are told of all that is kept, apps of what they need', () => {
  const window = channel(100)
  expect(read(window, 'whole')).toMatchObject({ first: 0, skipped: 0, breaks: 0, listed: upTo(0, 100) })
  expect(read(window, 'whole').text.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(2)
  const newest = read(window, 'newest')
  expect(newest).toMatchObject({ first: 93, breaks: 1, listed: upTo(93, 100) })
  expect(newest.text).not.toContain('CAN-SKIP')
})

test('a segment has the same date in every list that tells of it, the one that is still in the making too', () => {
  const window = channel(100)
  const dateOf = (sequence: number, extent: Extent) => {
    const { first, skipped, text } = read(window, extent)
    const date = /#EXT-X-PROGRAM-DATE-TIME:(.*)\n#EXTINF/.exec(text)?.[1]
    return Date.parse(date ?? '') + (sequence - first - skipped) * 2_000
  }
  const whole = dateOf(95, 'whole')
  expect([dateOf(95, 'changes'), dateOf(95, 'newest')]).toEqual([whole, whole])
  expect(Math.abs(whole - 190_000 - Date.now())).toBeLessThan(5_000)
  window.add(segment(100))
  expect(dateOf(95, 'newest')).toBe(whole)
  const cold = new HlsWindow({
    maxBytes: 2 ** 20,
    upcoming: () => [{ sequence: 7, duration: 1, isDiscontinuous: false, offset: 3 }],
  })
  expect(Date.parse(/PROGRAM-DATE-TIME:(.*)/.exec(cold.playlist())?.[1] ?? '') - Date.now()).toBeGreaterThan(2_000)
})

test('who asks again is told of the last minute, in the numbers of before', () => {
  const { text, ...changes } = read(channel(100), 'changes')
  expect(changes).toEqual({ first: 0, skipped: 70, breaks: 1, listed: upTo(70, 100) })
  expect(text).toMatch(
    /#EXT-X-VERSION:9\n[\s\S]*#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=60\n[\s\S]*#EXT-X-SKIP:SKIPPED-SEGMENTS=70\n#EXT-X-PROGRAM-DATE-TIME:.*\n#EXTINF/,
  )
  expect(read(channel(20), 'changes')).toMatchObject({ first: 0, skipped: 0, listed: upTo(0, 20) })
})

test('who comes to a young channel begins with a key frame that players do not wait before', () => {
  const startOf = (length: number, keys: readonly number[]) => {
    const upcoming = [{ sequence: length, duration: 0.8, isDiscontinuous: false, offset: 0 }]
    const window = new HlsWindow({ maxBytes: 2 ** 20, upcoming: () => upcoming })
    for (let sequence = 0; sequence < length; sequence++)
      window.add({ ...segment(sequence), duration: 0.5, isIndependent: keys.includes(sequence) })
    return Number(/TIME-OFFSET=([\d.]+)/.exec(window.playlist())?.[1]) - 0.01
  }
  expect(startOf(20, [0, 4, 8, 12, 16])).toBe(6)
  expect(startOf(3, [0])).toBe(0)
  expect(startOf(6, [3])).toBe(1.5)
  expect(startOf(3, [])).toBe(0)
})

test('what is kept reaches back to the newest hole', () => {
  expect(read(channel(100, [40, 41, 60]), 'whole')).toMatchObject({ first: 61, breaks: 1, listed: upTo(61, 100) })
  expect(read(channel(100, upTo(0, 100)), 'whole')).toMatchObject({ first: 93, listed: upTo(93, 100) })
})
