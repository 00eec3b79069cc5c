import { expect, test } from 'vitest'
import type { PlaybackView } from '@/lib/playback/schema'
import { toFailure } from './failure'
import { initialSnapshot, type PlayerSnapshot } from './player-snapshot'
import { beginRecord, observe, type QualityRecord, withFigures } from './quality-record'

const session = { sessionId: 'one', live: true, decision: { code: 'LIVE_PACKAGED', message: '' } } as PlaybackView
const snapshot = (change: Partial<PlayerSnapshot>): PlayerSnapshot => ({ ...initialSnapshot, session, ...change })

/** Plays the story: what the player was at which ms. */
function tell(story: readonly (readonly [number, Partial<PlayerSnapshot>])[]): QualityRecord {
  const [first] = story
  const begin = beginRecord(snapshot(first?.[1] ?? {}), { zap: true, connection: '4g' }, first?.[0] ?? 0)
  return story.reduce((record, [at, change]) => observe(record, snapshot(change), at), begin)
}

test('the start and what was watched are counted, pauses are not', () => {
  const { report } = tell([
    [0, { phase: 'loading' }],
    [400, { phase: 'playing', firstFrameMs: 400 }],
    [10_400, { phase: 'paused', position: 10, firstFrameMs: 400 }],
    [60_400, { phase: 'playing', position: 10, firstFrameMs: 400 }],
    [62_400, { phase: 'playing', position: 12, firstFrameMs: 400 }],
  ])
  expect(report).toMatchObject({
    startMs: 400,
    watchedMs: 12_000,
    stalls: 0,
    zap: true,
    decision: 'LIVE_PACKAGED',
    failed: false,
  })
})

test.each([
  ['network', [{ start: 0, end: 10.1 }], {}],
  ['decode', [{ start: 0, end: 30 }], {}],
  ['switch', [{ start: 0, end: 30 }], { switching: true }],
] as const)('a halt with the buffer at hand is blamed on %s', (cause, buffered, change) => {
  const { report } = tell([
    [0, { phase: 'playing' }],
    [10_000, { phase: 'buffering', position: 10, buffered, ...change }],
    [11_500, { phase: 'playing', position: 10 }],
  ])
  expect([report.stalls, report.stalledMs[cause]]).toEqual([1, 1_500])
})

test('waiting after a jump is nobody’s fault, nor is a halt too short to see', () => {
  const { report } = tell([
    [0, { phase: 'playing' }],
    [5_000, { phase: 'playing', position: 5 }],
    [5_100, { phase: 'buffering', position: 300 }],
    [6_900, { phase: 'playing', position: 300 }],
    [20_000, { phase: 'buffering', position: 313 }],
    [20_100, { phase: 'playing', position: 313 }],
  ])
  expect(report.stalls).toBe(0)
})

test('errors are named once, and a failure stays one', () => {
  const failure = toFailure('UPSTREAM_STALLED', '')
  const { report } = tell([
    [0, { phase: 'playing' }],
    [1_000, { phase: 'buffering', position: 1, failure }],
    [2_000, { phase: 'failed', position: 1, failure }],
    [3_000, { phase: 'loading', position: 1 }],
  ])
  expect(report).toMatchObject({ errors: ['UPSTREAM_STALLED'], failed: true })
})

test('changes of quality are counted and the decoder is asked', () => {
  const quality = (key: string) => ({ ...initialSnapshot.choices, qualities: [{ key, label: key, active: true }] })
  const { report } = tell([
    [0, { phase: 'playing', choices: quality('720') }],
    [1_000, { phase: 'playing', position: 1, choices: quality('480') }],
    [2_000, { phase: 'playing', position: 2, choices: quality('480') }],
  ])
  expect(report.bitrateSwitches).toBe(1)
  const figures = {
    codecs: '',
    width: 1,
    height: 480,
    bandwidth: 1,
    streamBandwidth: 2_500_000,
    droppedFrames: 3,
    decodedFrames: 90,
    stalls: 0,
    latency: null,
  }
  expect(withFigures(report, figures)).toMatchObject({ bitrate: 2_500, height: 480, droppedFrames: 3, decodedFrames: 90 })
})
