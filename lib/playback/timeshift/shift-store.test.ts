import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { forget } from '@/lib/platform/shared'
import { paced, startPacedProvider, until } from '../relay/paced-provider.test-support'
import { Relay } from '../relay/relay'
import { sampleMedia } from '../sample-media.test-support'
import type { Segment } from '../segmenter'
import { shiftBudget } from './shift-budget'
import { ShiftStore } from './shift-store'

const dataDir = mkdtempSync(join(tmpdir(), 'watchtheflix-shift-'))
const leftovers = join(dataDir, 'timeshift', '999999999')
vi.stubEnv('DATABASE_URL', 'postgresql://nowhere.invalid/none')
vi.stubEnv('DATA_DIR', dataDir)
vi.stubEnv('LOG_LEVEL', 'silent')
vi.stubEnv('TIMESHIFT_MB', '1')
mkdirSync(leftovers, { recursive: true })
writeFileSync(join(leftovers, '1.ts'), 'old')

const folder = () => join(dataDir, 'timeshift', String(process.pid))
const filesIn = (path: string): string[] => (existsSync(path) ? readdirSync(path).toSorted() : [])

function segment(sequence: number, size = 300_000): Segment {
  const times = { duration: 2, offset: sequence * 2, start: sequence * 180_000, shownFrom: sequence * 180_000 }
  return { sequence, bytes: Buffer.alloc(size, sequence), size, isDiscontinuous: false, isIndependent: true, ...times }
}

const stores: ShiftStore[] = []
function newStore(): ShiftStore {
  const store = new ShiftStore()
  stores.push(store)
  return store
}

afterEach(async () => {
  await Promise.all(stores.splice(0).map(store => store.close()))
  expect(shiftBudget().bytes).toBe(0)
  expect(filesIn(folder())).toEqual([])
})
afterAll(() => rmSync(dataDir, { recursive: true }))

test('what was kept comes back; what is beyond the budget goes, the oldest first, whosever it is', async () => {
  const [one, other] = [newStore(), newStore()]
  expect(existsSync(leftovers)).toBe(false)
  for (const sequence of [1, 2]) one.add(segment(sequence))
  await until(() => one.seconds === 4)
  for (const sequence of [7, 8]) other.add(segment(sequence))
  await until(() => other.seconds === 4 && one.seconds === 2)
  expect(await one.find(1)).toBeNull()
  const found = await one.find(2)
  expect([found?.bytes.equals(segment(2).bytes), found?.duration, found?.shownFrom]).toEqual([true, 2, 360_000])
  expect(shiftBudget().bytes).toBe(900_000)
})

test('a channel goes back to what has left its memory, and takes it away with its last viewer', async () => {
  const provider = await startPacedProvider({
    '/1': paced(sampleMedia({ seconds: 20, kilobits: 200 }), { seconds: 20, speed: 10 }),
  })
  const store = newStore()
  const relay = new Relay([provider.source('/1')], { segmentBytes: 100_000 }, { shelf: store })
  relay.touchHls('viewer')
  await until(() => store.seconds > 8, 15_000)
  const first = [...relay.hls.playlist().matchAll(/^(\d+)\.ts$/gm)].map(([, number]) => Number(number))[0] ?? 0
  expect(relay.hls.find(first - 3)).toBeNull()
  expect((await relay.findSegment(first - 3))?.bytes[0]).toBe(0x47)
  const whole = [...relay.hls.playlist('whole').matchAll(/^(\d+)\.ts$/gm)].map(([, number]) => Number(number))
  const begin = whole[0] ?? 0
  expect(begin).toBeLessThan(first - 3)
  expect(whole).toEqual(whole.map((_, index) => begin + index))
  relay.leaveHls('viewer')
  await until(() => filesIn(folder()).length === 0)
  await provider.close()
})

const small = join(dataDir, 'small')
function mountSmallDisk(): boolean {
  try {
    mkdirSync(small, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test('a disk that is full costs the past, and what comes later is kept again', async context => {
  // Only who may mount has a small disk.
  if (!mountSmallDisk()) return context.skip()
  vi.stubEnv('TIMESHIFT_MB', '100')
  try {
    const { env } = await import('@/lib/platform/env')
    env().TIMESHIFT_MB = 100
    env().DATA_DIR = small
    forget('timeshift')
    const store = new ShiftStore()
    for (const sequence of [1, 2, 3]) store.add(segment(sequence))
    await until(() => store.seconds === 6)
    store.add(segment(4, 400_000))
    await until(() => store.seconds === 2)
    expect([await store.find(4), (await store.find(3))?.bytes.length]).toEqual([null, 300_000])
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 11_000)
    store.add(segment(5, 400_000))
    vi.restoreAllMocks()
    await until(() => store.seconds === 4)
    await store.close()
  } finally {
    execFileSync('umount', [small])
    forget('timeshift')
  }
})
