import { expect, test } from 'vitest'
import { findKeptRows } from './kept-rows'
import { windowQuery } from './queries'

const list = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at)
const rowsOf = (ids: number[], at: number) => ({ key: `{"n":${at}}`, at, view: { ids, more: false, archiveDays: 9 } })
const windowOf = (ids: number[], at: number) => ({
  key: JSON.stringify(windowQuery(ids, 0, 4).queryKey[2]),
  at,
  view: { from: 0, to: 0, channels: [] },
})

test('of the list seen last the blocks stay of which a window is kept, each as it was', () => {
  const ids = list(1, 70)
  const kept = { rows: [rowsOf(ids, 5), rowsOf(list(500, 3), 4)], windows: [windowOf(list(1, 30), 7), windowOf(list(61, 10), 9)] }
  expect(findKeptRows(kept)).toEqual({ ids: [...list(1, 30), ...list(61, 10)], archiveDays: 9, at: 9 })
})

test('a list of which nothing is kept gives way to the one before', () => {
  const kept = { rows: [rowsOf(list(1, 40), 3), rowsOf(list(500, 3), 2)], windows: [windowOf(list(500, 3), 1)] }
  expect(findKeptRows(kept)?.ids).toEqual([500, 501, 502])
  expect(findKeptRows({ rows: kept.rows, windows: [] })).toBeNull()
})
