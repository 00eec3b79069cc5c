import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { QualityReport } from '@/lib/analytics/schema'
import type { PlaybackView } from '@/lib/playback/schema'
import { initialSnapshot } from './player-snapshot'
import { reportQuality } from './quality-report'
import { createStore } from './store'

const session = (sessionId: string) =>
  ({ sessionId, live: true, decision: { code: 'LIVE_PACKAGED', message: '' } }) as PlaybackView

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', new EventTarget())
  vi.stubGlobal('navigator', {})
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function world(post: (reports: readonly QualityReport[]) => Promise<void>) {
  const store = createStore(initialSnapshot)
  const beacons: QualityReport[][] = []
  const player = { subscribe: store.subscribe, getSnapshot: store.get, controls: { figures: () => null } }
  const stop = reportQuality(player, { post, beacon: reports => beacons.push([...reports]) })
  return { store, beacons, stop }
}

test('the running session is told every half minute, and at the end by beacon', async () => {
  const posted: (readonly QualityReport[])[] = []
  const { store, beacons, stop } = world(async reports => void posted.push(reports))
  store.set({ phase: 'playing', itemId: 1, session: session('a'), firstFrameMs: 300 })
  await vi.advanceTimersByTimeAsync(31_000)
  expect(posted.map(reports => reports.map(({ sessionId, startMs }) => [sessionId, startMs]))).toEqual([[['a', 300]]])
  stop()
  expect(beacons.map(reports => reports.map(({ sessionId }) => sessionId))).toEqual([['a']])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(posted).toHaveLength(1)
})

test('a channel that cannot be opened is no failure of the one before, and the next one counts as a zap', async () => {
  const { store, beacons, stop } = world(async () => {})
  store.set({ phase: 'playing', itemId: 1, session: session('a'), firstFrameMs: 300 })
  store.set({ phase: 'loading', itemId: 2, firstFrameMs: null })
  store.set({ phase: 'failed' })
  store.set({ phase: 'playing', itemId: 3, session: session('c'), firstFrameMs: 200 })
  stop()
  expect(beacons[0]?.map(({ sessionId, failed, zap, startMs }) => [sessionId, failed, zap, startMs])).toEqual([
    ['a', false, false, 300],
    ['c', false, true, 200],
  ])
})

test('what did not arrive goes along with the next word', async () => {
  const post = vi.fn(async (_reports: readonly QualityReport[]) => {})
  post.mockRejectedValueOnce(new Error('away'))
  const { store } = world(post)
  store.set({ phase: 'playing', itemId: 1, session: session('a') })
  store.set({ phase: 'playing', itemId: 2, session: session('b') })
  await vi.advanceTimersByTimeAsync(31_000)
  await vi.advanceTimersByTimeAsync(31_000)
  await vi.advanceTimersByTimeAsync(31_000)
  const ids = post.mock.calls.map(([reports]) => reports.map(({ sessionId }) => sessionId))
  expect(ids).toEqual([['a', 'b'], ['a', 'b'], ['b']])
})
