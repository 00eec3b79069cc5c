import { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { Ring } from '../ring'
import { RawViewer } from './raw-viewer'
import { queueKeyOf } from './send-queues'

afterEach(() => void vi.useRealTimers())

/** A connection of which the kernel tells what the test says. */
function toldSocket() {
  const told = { written: 0, isReset: false }
  const socket = new Socket()
  Object.defineProperties(socket, {
    bytesWritten: { get: () => told.written },
    localPort: { value: 80 },
    remotePort: { value: 5_000 },
    remoteAddress: { value: '127.0.0.1' },
  })
  socket.resetAndDestroy = () => {
    told.isReset = true
    return socket
  }
  return { socket, told }
}

interface Told {
  /** Bytes that the kernel has been handed in whole writes, and that wait there, after so many seconds. */
  written: (seconds: number) => number
  waiting: (seconds: number) => number
}

/** Looks as the watch does: each five seconds, and each `doubtful` seconds while somebody is in doubt. Answers when the reader is given up. */
function lookAt({ written, waiting }: Told, { until = 120, doubtful = 2 } = {}): number | null {
  const { socket, told } = toldSocket()
  const viewer = new RawViewer(new Ring(1_000), socket, { evictAfterMs: 6_500, tables: () => Buffer.alloc(0) })
  const began = performance.now()
  const key = queueKeyOf(socket) ?? ''
  for (let at = 5; at <= until; ) {
    told.written = written(at)
    viewer.mark()
    const still = viewer.judge(new Map([[key, waiting(at)]]), began + at * 1_000)
    if (told.isReset) return at
    at += still > 1_000 ? doubtful : 5
  }
  return null
}

const RATE = 1_000_000
/** The kernel takes 4 MB for a reader; then writes are no longer finished. */
const MOST = 4_000_000

test.each([2, 3])('a reader that stops is gone within ten seconds, whenever that is between two looks each %i s', doubtful => {
  for (let stop = 0; stop < 12; stop += 0.25) {
    const taken = (at: number) => RATE * Math.min(at, stop)
    const written = (at: number) => Math.min(RATE * at, taken(at) + MOST)
    const gone = lookAt({ written, waiting: at => written(at) - taken(at) }, { doubtful }) ?? Number.POSITIVE_INFINITY
    expect(gone - stop, `stopped after ${stop} s`).toBeLessThan(10.1)
    expect(gone - stop, `stopped after ${stop} s`).toBeGreaterThan(6)
  }
})

test.each([20_000, 125_000, 900_000])('one that takes %i bytes a second is never given up', slow => {
  const taken = (at: number) => slow * at
  const accepted = (at: number) => Math.min(RATE * at, taken(at) + MOST)
  // Writes are finished as a whole.
  const written = (at: number) => Math.floor(accepted(at) / 65_536) * 65_536
  expect(lookAt({ written, waiting: at => accepted(at) - taken(at) })).toBeNull()
})

test('one with hardly anything under way is no case of doubt, and one to whom nothing is sent is left alone', () => {
  expect(lookAt({ written: at => RATE * at, waiting: () => 80_000 })).toBeNull()
  expect(lookAt({ written: () => 0, waiting: () => 0 })).toBeNull()
})

test('what the connection carried before does not count', () => {
  const before = 50_000_000
  const { socket, told } = toldSocket()
  told.written = before
  const viewer = new RawViewer(new Ring(1_000), socket, { evictAfterMs: 6_500, tables: () => Buffer.alloc(0) })
  told.written = before + 3_000_000
  viewer.mark()
  // It has taken nothing of what came.
  expect(viewer.judge(new Map([[queueKeyOf(socket) ?? '', 3_000_000]]), performance.now() + 5_000)).toBeGreaterThan(4_900)
})

/** The sizes of what a reader is handed that takes each write in so many milliseconds. */
async function sizesWhen(takesMs: number): Promise<number[]> {
  vi.useFakeTimers({ toFake: ['performance'] })
  const ring = new Ring(10_000_000)
  ring.append([Buffer.alloc(2_000_000, 1)], [0])
  const sizes: number[] = []
  const socket = new Socket()
  let finish = () => {}
  socket._write = (chunk: Buffer, _encoding, done) => {
    sizes.push(chunk.length)
    finish = done
  }
  const viewer = new RawViewer(ring, socket, { evictAfterMs: 6_500, tables: () => Buffer.alloc(376) })
  viewer.pump()
  const sum = () => sizes.reduce((total, size) => total + size, 0)
  for (let turns = 0; turns < 100 && sum() < 2_000_376; turns++) {
    vi.advanceTimersByTime(takesMs)
    finish()
    await nextTurn()
  }
  expect(sum()).toBe(2_000_376)
  return sizes
}

test('who is behind gets small pieces, one after the other, and in the end everything', async () => {
  const sizes = await sizesWhen(600)
  expect(sizes.slice(0, 2)).toEqual([376, 262_144])
  expect(sizes.slice(2).every(size => size <= 65_536)).toBe(true)
})

test('who keeps up gets what came meanwhile in few large pieces', async () => {
  const sizes = await sizesWhen(200)
  expect(sizes.length).toBeLessThan(12)
})
