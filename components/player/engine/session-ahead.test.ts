import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { PlaybackView } from '@/lib/playback/schema'
import type { PlaybackApi } from './playback-api'
import { createSessionAhead } from './session-ahead'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const view = (sessionId: string) => ({ sessionId }) as PlaybackView
const input = (itemId: number) => ({ itemId, capabilities: { video: [], audio: [], containers: [] } })
const yes = () => true

function make() {
  const closed: string[] = []
  const close = async (id: string) => void closed.push(id)
  let opened = 0
  const prewarm = async () => ({ warm: true, session: view('abc'.charAt(opened++)) })
  return { closed, ahead: createSessionAhead({ close, prewarm } as Partial<PlaybackApi> as PlaybackApi) }
}

test('a session is taken once, by the plain wish for its channel', async () => {
  const { ahead, closed } = make()
  await ahead.ask(input(7), yes)
  expect(ahead.take({ itemId: 8 })).toBeNull()
  expect(ahead.take({ itemId: 7, sourceId: 3 })).toBeNull()
  expect(ahead.take({ itemId: 7 })).toEqual(view('a'))
  expect(ahead.take({ itemId: 7 })).toBeNull()
  vi.advanceTimersByTime(120_000)
  expect(closed).toEqual([])
})

test('what nobody takes is given back: for the next one, in the end, and after a minute', async () => {
  const { ahead, closed } = make()
  await ahead.ask(input(7), yes)
  await ahead.ask(input(8), yes)
  expect(closed).toEqual(['a'])
  ahead.drop()
  expect(closed).toEqual(['a', 'b'])
  await ahead.ask(input(9), yes)
  vi.advanceTimersByTime(61_000)
  expect(closed).toEqual(['a', 'b', 'c'])
  expect(ahead.take({ itemId: 9 })).toBeNull()
})

test('what comes too late to be wanted is given back at once', async () => {
  const { ahead, closed } = make()
  await ahead.ask(input(7), () => false)
  expect(closed).toEqual(['a'])
  expect(ahead.take({ itemId: 7 })).toBeNull()
})
