import { expect, test } from 'vitest'
import { NewsLog } from './news-log'

function logOf(count: number, kept: number) {
  const log = new NewsLog<number>('e', kept)
  for (let n = 1; n <= count; n++) log.add(n)
  return log
}
const itemsSince = (log: NewsLog<number>, cursor: string) => log.since(cursor)?.map(({ item }) => item) ?? null

test('what came after a cursor is told once and in order, and its ids go on from it', () => {
  const log = logOf(5, 10)
  expect(itemsSince(log, 'e.3')).toEqual([4, 5])
  expect(log.since('e.3')?.map(({ id }) => id)).toEqual(['e.4', 'e.5'])
  expect(itemsSince(log, log.cursor)).toEqual([])
  expect(itemsSince(log, 'e.0')).toEqual([1, 2, 3, 4, 5])
})

test.each([5, 9, 10, 19, 20, 21, 200])('of %i pieces the last ten are kept, and older cursors are too old', count => {
  const log = logOf(count, 10)
  const oldest = Math.max(0, count - 10)
  expect(itemsSince(log, `e.${oldest}`)).toEqual(Array.from({ length: count - oldest }, (_, at) => oldest + at + 1))
  if (oldest > 0) expect(log.since(`e.${oldest - 1}`)).toBeNull()
})

test.each(['f.3', 'e.6', 'e.-1', 'e.x', 'e', '', 'e.1e1', '.3'])('%j is no place in it', cursor => {
  expect(logOf(5, 10).since(cursor)).toBeNull()
})
