import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type BookEntry, MAX_SESSIONS, QualityBook, WRITE_MS } from './quality-book'

const written: { at: number; entries: BookEntry[] }[] = []
let fails = false
// The logger reads the configuration.
vi.stubEnv('DATABASE_URL', 'postgres://nobody@127.0.0.1:9/none')
vi.stubEnv('LOG_LEVEL', 'silent')
let book: QualityBook

beforeEach(() => {
  vi.useFakeTimers()
  written.length = 0
  fails = false
  book = new QualityBook(async entries => {
    written.push({ at: performance.now(), entries })
    if (fails) throw new Error('the database is away')
  })
})
afterEach(() => void vi.useRealTimers())

function play(id: string) {
  const over = new AbortController()
  return { over, playing: { id, accountId: 'a', profileId: 'p', app: '', over: over.signal } }
}
const segment = { ot: 'av', d: 4000, br: 3000 }

test('a session that tells without end is written every ten seconds, in totals, and once more when it ends', async () => {
  const { playing, over } = play('one')
  for (let n = 0; n <= 100; n++) {
    book.note(playing, segment)
    await vi.advanceTimersByTimeAsync(500)
  }
  expect(written).toHaveLength(5)
  for (const [n, { at }] of written.entries()) if (n > 0) expect(at - (written[n - 1]?.at ?? 0)).toBeGreaterThanOrEqual(WRITE_MS)
  const totals = written.map(({ entries }) => entries[0]?.watchedMs ?? 0)
  expect(totals).toEqual(totals.toSorted((a, b) => a - b))
  over.abort()
  await vi.advanceTimersByTimeAsync(0)
  expect(written.at(-1)?.entries).toMatchObject([{ playing: { id: 'one' }, watchedMs: 50_000, bitrate: 3000 }])
  expect(vi.getTimerCount()).toBe(0)
  // Over is over: a request that was still on its way begins nothing anew.
  book.note(playing, segment)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(written).toHaveLength(6)
  expect(vi.getTimerCount()).toBe(0)
})

test('silence is not written and holds no timer', async () => {
  const { playing, over } = play('one')
  book.note(playing, { ot: 'm', sid: 'x' })
  expect(vi.getTimerCount()).toBe(0)
  book.note(playing, segment)
  await vi.advanceTimersByTimeAsync(120_000)
  expect([written.length, vi.getTimerCount()]).toEqual([1, 0])
  over.abort()
  await vi.advanceTimersByTimeAsync(0)
  expect(written).toHaveLength(1)
})

test('the end of one session leaves the others their time', async () => {
  const [one, two] = [play('one'), play('two')]
  book.note(one.playing, segment)
  book.note(two.playing, segment)
  one.over.abort()
  await vi.advanceTimersByTimeAsync(WRITE_MS)
  expect(written.map(({ entries }) => entries.map(({ playing }) => playing.id))).toEqual([['one'], ['two']])
})

test('what could not be written is written later', async () => {
  const { playing } = play('one')
  fails = true
  book.note(playing, segment)
  await vi.advanceTimersByTimeAsync(WRITE_MS)
  fails = false
  await vi.advanceTimersByTimeAsync(WRITE_MS)
  expect(written).toHaveLength(2)
  expect(vi.getTimerCount()).toBe(0)
})

test('only so many sessions are kept; an end makes room', async () => {
  const all = Array.from({ length: MAX_SESSIONS }, (_, n) => play(`${n}`))
  for (const { playing } of all) book.note(playing, segment)
  book.note(play('late').playing, segment)
  await book.flush()
  expect(written[0]?.entries).toHaveLength(MAX_SESSIONS)
  all[0]?.over.abort()
  book.note(play('later').playing, segment)
  await book.flush()
  expect(written.at(-1)?.entries.map(({ playing }) => playing.id)).toEqual(['later'])
})
