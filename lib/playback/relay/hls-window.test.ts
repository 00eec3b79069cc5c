import { expect, test } from 'vitest'
import type { Segment } from '../segmenter'
import { type Extent, HlsWindow, type SegmentFacts } from './hls-window'

const segment = (sequence: number, isDiscontinuous = false): Segment => ({
  sequence,
  bytes: Buffer.alloc(1_000),
  duration: 2,
  isDiscontinuous,
  isIndependent: true,
  start: sequence * 180_000,
  shownFrom: sequence * 180_000,
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

test('who asks again is told of the last minute, in the numbers of before', () => {
  const { text, ...changes } = read(channel(100), 'changes')
  expect(changes).toEqual({ first: 0, skipped: 70, breaks: 1, listed: upTo(70, 100) })
  expect(text).toMatch(
    /#EXT-X-VERSION:9\n[\s\S]*#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=60\n[\s\S]*#EXT-X-SKIP:SKIPPED-SEGMENTS=70\n#EXTINF/,
  )
  expect(read(channel(20), 'changes')).toMatchObject({ first: 0, skipped: 0, listed: upTo(0, 20) })
})

test('what is kept reaches back to the newest hole', () => {
  expect(read(channel(100, [40, 41, 60]), 'whole')).toMatchObject({ first: 61, breaks: 1, listed: upTo(61, 100) })
  expect(read(channel(100, upTo(0, 100)), 'whole')).toMatchObject({ first: 93, listed: upTo(93, 100) })
})
