import { expect, test } from 'vitest'
import type { PlaybackView } from '@/lib/playback/schema'
import { toFailure } from './failure'
import { initialSnapshot, type PlayerSnapshot } from './player-snapshot'
import { beginRecord, observe, type QualityRecord, withFigures } from './quality-record'
import type { Supply } from './supply'

const session = { sessionId: 'one', live: true, decision: { code: 'LIVE_PACKAGED', message: '' } } as PlaybackView
const snapshot = (change: Partial<PlayerSnapshot>): PlayerSnapshot => ({ ...initialSnapshot, session, ...change })

/** Plays the story: what the player was at which ms, and what it waited for. */
function tell(story: readonly (readonly [number, Partial<PlayerSnapshot>, (Supply | null)?])[]): QualityRecord {
  const [first] = story
  const begin = beginRecord(snapshot(first?.[1] ?? {}), { zap: true, connection: '4g' }, first?.[0] ?? 0)
  return story.reduce((record, [at, change, supply = null]) => observe(record, snapshot(change), { at, supply }), begin)
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

const thin = [{ start: 0, end: 10.1 }]
const film = { session: { ...session, live: false } as PlaybackView }
const passedOn = { session: { ...session, decision: { ...session.decision, mode: 'hls-proxy' } } as PlaybackView }

test.each([
  ['network', 'a segment that is on its way', { buffered: thin }, 'arriving'],
  ['network', 'a segment that was there before it was asked for', { buffered: thin }, 'awaited'],
  ['network', 'a server of which nothing is heard', { buffered: thin }, 'silent'],
  ['network', 'something that nobody knows', { buffered: thin }, null],
  ['source', 'a list that does not grow', { buffered: thin }, 'used-up'],
  ['source', 'a film that the server is still fetching', { buffered: thin, ...film }, 'awaited'],
  ['source', 'a segment that the provider is asked for', { buffered: thin, ...passedOn }, 'awaited'],
  ['network', 'a film on its way', { buffered: thin, ...film }, 'arriving'],
  ['decode', 'a picture that is in hand', { buffered: [{ start: 0, end: 30 }] }, 'used-up'],
  ['switch', 'another source', { buffered: [{ start: 0, end: 30 }], switching: true }, null],
] as const)('the %s is blamed for %s', (cause, _what, change, supply) => {
  const { report } = tell([
    [0, { phase: 'playing' }],
    [10_000, { phase: 'buffering', position: 10, ...change }, supply],
    [11_500, { phase: 'playing', position: 10 }],
  ])
  expect([report.stalls, report.stalledMs[cause]]).toEqual([1, 1_500])
})

test('a halt whose cause changes is one halt, and each has its part; what has lasted so far is told before it ends', () => {
  const waiting = { phase: 'buffering', position: 10, buffered: thin } as const
  const story = [
    [0, { phase: 'playing' }],
    [10_000, waiting, 'used-up'],
    [14_000, waiting, 'arriving'],
  ] as const
  expect(tell(story).report).toMatchObject({ stalls: 1, stalledMs: { source: 4_000, network: 0 } })
  const { report } = tell([...story, [14_600, { phase: 'playing', position: 10 }]])
  expect(report).toMatchObject({ stalls: 1, stalledMs: { source: 4_000, network: 600 } })
})

test('waiting after a jump is told apart and is no halt, and one too short to see is nothing', () => {
  const { report } = tell([
    [0, { phase: 'playing' }],
    [5_000, { phase: 'playing', position: 5 }],
    [5_100, { phase: 'buffering', position: 300 }],
    [6_900, { phase: 'playing', position: 300 }],
    [20_000, { phase: 'buffering', position: 313 }],
    [20_100, { phase: 'playing', position: 313 }],
  ])
  expect(report).toMatchObject({ stalls: 0, stalledMs: { network: 0, seek: 1_800 } })
})

test('who waits long after a jump waits for something else', () => {
  const { report } = tell([
    [0, { phase: 'playing' }],
    [5_000, { phase: 'buffering', position: 300 }],
    [8_500, { phase: 'buffering', position: 300, buffered: [{ start: 299, end: 300.1 }] }, 'arriving'],
    [12_500, { phase: 'playing', position: 300 }],
  ])
  expect(report).toMatchObject({ stalls: 1, stalledMs: { seek: 3_500, network: 4_000 } })
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
    supply: null,
  }
  expect(withFigures(report, figures)).toMatchObject({ bitrate: 2_500, height: 480, droppedFrames: 3, decodedFrames: 90 })
})
