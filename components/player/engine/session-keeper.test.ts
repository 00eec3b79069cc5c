import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { PlaybackView, TouchInput } from '@/lib/playback/schema'
import { type PlaybackApi, playbackApi } from './playback-api'
import { createSessionKeeper } from './session-keeper'

const view = { sessionId: 'a', url: '/stream/file/one/film.mp4', touchSeconds: 10 } as PlaybackView
const where: TouchInput = { positionSeconds: 61, durationSeconds: 6_000 }
const beacons: { url: string; body: Blob }[] = []

beforeEach(() => {
  beacons.length = 0
  vi.stubGlobal('window', new EventTarget())
  vi.stubGlobal('navigator', { sendBeacon: (url: string, body: Blob) => beacons.push({ url, body }) })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const keep = (api: Partial<PlaybackApi>, onNews = vi.fn()) =>
  createSessionKeeper({ ...playbackApi, ...api }, { where: () => where, onNews, onOnline: () => {}, onReturn: () => {} })

test('a tab that closes takes the last position along, also of a session already on its way out', async () => {
  const keeper = keep({ touch: () => new Promise(() => {}) })
  keeper.hold(view)
  void keeper.release()
  keeper.hold({ ...view, sessionId: 'b' })
  window.dispatchEvent(new Event('pagehide'))
  await keeper.release()
  expect(beacons.map(({ url }) => url)).toEqual(['/api/playback/a/close', '/api/playback/b/close'])
  for (const { body } of beacons) {
    expect(body.type).toBe('application/json')
    expect(JSON.parse(await body.text())).toEqual(where)
  }
})

test('a fresh address is told once', async () => {
  const onNews = vi.fn()
  const keeper = keep({ touch: async () => ({ url: '/stream/file/two/film.mp4' }), close: async () => {} }, onNews)
  keeper.hold(view)
  for (let touches = 0; touches < 3; touches++) {
    keeper.touch()
    await new Promise(resolve => setImmediate(resolve))
  }
  expect(onNews.mock.calls).toEqual([['a', { url: '/stream/file/two/film.mp4' }]])
  await keeper.release()
})

test('how it plays is told when the server has learnt it, and only then', async () => {
  const onNews = vi.fn()
  const [first, later] = ['LIVE_UNKNOWN_CODECS', 'LIVE_PACKAGED'].map(code => ({
    mode: 'hls-package',
    code,
    message: '',
    reasons: [],
    cost: 0,
  }))
  const answers = [first, later, later]
  const keeper = keep({ touch: async () => ({ decision: answers.shift() }), close: async () => {} }, onNews)
  keeper.hold({ ...view, decision: first } as PlaybackView)
  for (let touches = 0; touches < 3; touches++) {
    keeper.touch()
    await new Promise(resolve => setImmediate(resolve))
  }
  expect(onNews.mock.calls).toEqual([['a', { decision: later }]])
  await keeper.release()
})
