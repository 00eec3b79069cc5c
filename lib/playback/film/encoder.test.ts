import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AppError } from '@/lib/kernel/errors'
import { sleep } from '@/lib/kernel/time'
import { forget } from '@/lib/platform/shared'
import { Encoder } from './encoder'
import { keep, readKept } from './segment-disk'
import type { Make } from './segment-jobs'

/** For what is waited for, on any machine. */
const PATIENCE = { timeout: 20_000 }

const dataDir = mkdtempSync(join(tmpdir(), 'watchtheflix-encoder-'))
vi.stubEnv('DATABASE_URL', 'postgresql://nowhere.invalid/none')
vi.stubEnv('DATA_DIR', dataDir)
vi.stubEnv('LOG_LEVEL', 'silent')

beforeEach(() => {
  // A piece that the test before has left may still be on its way to the disk.
  rmSync(join(dataDir, 'segments'), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  forget('segment-disk')
})
/** Whoever stays goes on making pieces, also anew those that the next test has cleared away. */
const connections: AbortController[] = []
afterEach(() => {
  for (const over of connections.splice(0)) over.abort(new AppError('STREAM_ENDED'))
})
afterAll(() => rmSync(dataDir, { recursive: true, maxRetries: 10, retryDelay: 50 }))

const soon = () => AbortSignal.timeout(10_000)
const kept = () =>
  existsSync(join(dataDir, 'segments', 'film'))
    ? readdirSync(join(dataDir, 'segments', 'film'))
        .map(name => Number(/-(\d+)\.m4s$/.exec(name)?.[1]))
        .sort((a, b) => a - b)
    : []

/** A viewer whose segments take `ms` each, for as long as his connection is there. */
function viewer({ ms = 5, ahead = 7, busy = (): boolean => false, seconds = 60 } = {}) {
  const over = new AbortController()
  connections.push(over)
  const runs: number[][] = []
  const make: Make = async ({ first, count, isUrgent, signal }) => {
    if (!isUrgent() && busy()) throw new AppError('TRANSCODE_BUSY')
    runs.push(Array.from({ length: count }, (_, index) => first + index))
    await sleep(ms * count, AbortSignal.any([signal, over.signal]))
    return Array.from({ length: count }, (_, index) => Buffer.from(`segment ${first + index}`))
  }
  const encoder = new Encoder('film/720', { count: seconds, ahead, make, over: over.signal })
  return {
    encoder,
    runs,
    over,
    get made() {
      return runs.flat()
    },
  }
}

test('one request makes all that is to lie ahead, a few at a time, and nothing beyond', async () => {
  const { encoder, runs } = viewer()
  expect((await encoder.segment(3, soon())).toString()).toBe('segment 3')
  await vi.waitFor(() => expect(kept()).toEqual([3, 4, 5, 6, 7, 8, 9, 10]), PATIENCE)
  await sleep(60)
  expect(runs).toEqual([[3], [4], [5, 6], [7, 8, 9], [10]])
})

test('what is made ahead follows a viewer who goes elsewhere meanwhile', async () => {
  const { encoder } = viewer({ ms: 40 })
  await encoder.segment(0, soon())
  await encoder.segment(30, soon())
  await vi.waitFor(() => expect(kept().filter(number => number >= 30)).toEqual([30, 31, 32, 33, 34, 35, 36, 37]), PATIENCE)
  expect(kept().filter(number => number > 7 && number < 30)).toEqual([])
})

test('two viewers at one place share what is being made', async () => {
  const [one, other] = [viewer({ ms: 30 }), viewer({ ms: 30 })]
  const answers = await Promise.all([one.encoder.segment(0, soon()), other.encoder.segment(0, soon())])
  expect(answers.map(String)).toEqual(['segment 0', 'segment 0'])
  await vi.waitFor(() => expect(kept()).toHaveLength(8), PATIENCE)
  const all = [...one.made, ...other.made].sort((a, b) => a - b)
  expect(all).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
})

test('a viewer who goes elsewhere or leaves does not end what another waits for', async () => {
  const [one, other] = [viewer({ ms: 300, ahead: 0 }), viewer({ ms: 20, ahead: 0 })]
  const gone = new AbortController()
  const left = one.encoder.segment(5, gone.signal).catch(() => null)
  await vi.waitFor(() => expect(one.made).toEqual([5]), PATIENCE)
  const shared = other.encoder.segment(5, soon())
  await sleep(20)
  gone.abort()
  await left
  await one.encoder.segment(40, soon())
  expect((await shared).toString()).toBe('segment 5')
  expect(other.made).toEqual([])
  // With the connection of the first goes his run; the other makes it himself.
  const taken = one.encoder.segment(50, soon()).catch(() => null)
  await vi.waitFor(() => expect(one.made).toContain(50), PATIENCE)
  const second = other.encoder.segment(50, soon())
  await sleep(20)
  one.over.abort(new AppError('STREAM_ENDED'))
  expect(await taken).toBeNull()
  expect((await second).toString()).toBe('segment 50')
  expect(other.made).toEqual([50])
})

test('a run that nobody needs any more ends', async () => {
  const { encoder, over } = viewer({ ms: 10_000 })
  const asked = encoder.segment(0, soon())
  await sleep(20)
  over.abort(new AppError('STREAM_ENDED'))
  await expect(asked).rejects.toMatchObject({ code: 'STREAM_ENDED' })
})

test('without cores to spare nothing is made ahead, and what is asked for comes', async () => {
  const { encoder, made } = viewer({ busy: () => true })
  await encoder.segment(0, soon())
  await sleep(50)
  expect([made, kept()]).toEqual([[], [0]])
})

const small = join(dataDir, 'small')
test('on a disk that is nearly full nothing more is kept, every segment still comes, and old pieces make room', async context => {
  mkdirSync(small)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', small], { stdio: 'ignore' })
  } catch {
    // Only who may mount has a small disk.
    return context.skip()
  }
  try {
    const { env } = await import('@/lib/platform/env')
    env().DATA_DIR = small
    writeFileSync(join(small, 'database'), Buffer.alloc(19.3 * 2 ** 20))
    const { encoder, runs } = viewer()
    expect((await encoder.segment(0, soon())).toString()).toBe('segment 0')
    await sleep(50)
    expect([runs, await readKept('film/720-0.m4s')]).toEqual([[[0], [1]], null])

    writeFileSync(join(small, 'database'), Buffer.alloc(14 * 2 ** 20))
    for (const number of [1, 2, 3, 4]) expect(await keep(`old/${number}`, Buffer.alloc(2 ** 20))).toBe(true)
    writeFileSync(join(small, 'database'), Buffer.alloc(15.4 * 2 ** 20))
    forget('segment-disk')
    expect(await keep('old/5', Buffer.alloc(1_000))).toBe(false)
    const there = async (name: string) => (await readKept(name)) !== null
    expect(await Promise.all(['old/1', 'old/2', 'old/3', 'old/4', 'old/5'].map(there))).toEqual([false, true, true, true, false])
    expect(await keep('old/5', Buffer.alloc(1_000))).toBe(true)
  } finally {
    const { env } = await import('@/lib/platform/env')
    env().DATA_DIR = dataDir
    execFileSync('umount', ['-l', small])
  }
})
