import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { Ring } from '../ring'
import { RelayViewers } from './relay-viewers'

const READERS = 250
let viewers: RelayViewers | null = null
afterEach(() => {
  viewers?.end()
  vi.useRealTimers()
})

function textOf(output: PassThrough): string {
  let text = ''
  for (let chunk = output.read(); chunk !== null; chunk = output.read()) text += chunk
  return text
}

function watched() {
  const ring = new Ring(2 ** 20)
  viewers = new RelayViewers({ ring, tables: () => Buffer.alloc(0), evictAfterMs: 5_000, hlsViewerMs: 5_000, onEmpty: () => {} })
  ring.append([Buffer.from('key')], [0])
  const outputs = Array.from({ length: READERS }, () => new PassThrough())
  for (const output of outputs) viewers.addRaw(output)
  const seen = () => outputs.map(textOf)
  return { ring, viewers, outputs, seen }
}

test('many readers are served a part at a time, each with all of it, in order', async () => {
  const { ring, viewers, outputs, seen } = watched()
  viewers.pump()
  expect(outputs.filter(({ readableLength }) => readableLength > 0).length).toBe(100)
  for (const part of [' one', ' two']) {
    ring.append([Buffer.from(part)])
    viewers.pump()
    await nextTurn()
  }
  for (let turn = 0; turn < 10; turn++) await nextTurn()
  expect(new Set(seen())).toEqual(new Set(['key one two']))
})

test('before the ring forgets, all of them are served', () => {
  const { ring, viewers, seen } = watched()
  viewers.pump()
  viewers.pumpNow()
  ring.clear()
  expect(new Set(seen())).toEqual(new Set(['key']))
})

test('the end comes after what was left', async () => {
  const { viewers, outputs, seen } = watched()
  viewers.pump()
  viewers.end()
  await nextTurn()
  expect(new Set(seen())).toEqual(new Set(['key']))
  expect(outputs.every(({ writableEnded }) => writableEnded)).toBe(true)
})

test('for apps alone a source is read half as often, and for players that begin twice as often', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  viewers = new RelayViewers({
    ring: new Ring(1_000),
    tables: () => Buffer.alloc(0),
    evictAfterMs: 5_000,
    hlsViewerMs: 5_000,
    onEmpty: () => {},
  })
  const app = new ServerResponse(new IncomingMessage(new Socket()))
  viewers.addRaw(app)
  expect(viewers.readEveryMs).toBe(400)
  viewers.touchHls('page')
  expect(viewers.readEveryMs).toBe(100)
  vi.advanceTimersByTime(9_000)
  viewers.touchHls('page')
  vi.advanceTimersByTime(1_001)
  expect(viewers.readEveryMs).toBe(200)
  viewers.noteBreak()
  expect(viewers.readEveryMs).toBe(100)
  vi.advanceTimersByTime(10_001)
  viewers.leaveHls('page')
  const letGo = viewers.hold()
  expect(viewers.readEveryMs).toBe(200)
  letGo()
  const inside = new PassThrough()
  viewers.addRaw(inside)
  expect(viewers.readEveryMs).toBe(200)
  inside.destroy()
  await nextTurn()
  expect(viewers.readEveryMs).toBe(400)
})
