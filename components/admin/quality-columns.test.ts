import { expect, test } from 'vitest'
import type { QualityRow } from '@/lib/analytics/schema'
import { nextOrder, type QualityOrder, sortQuality } from './quality-columns'

const rows = [
  { key: 'a', failed: 0.5, zapP95: null },
  { key: 'b', failed: 0.1, zapP95: 900 },
  { key: 'c', failed: 0.2, zapP95: 300 },
] as QualityRow[]
const sorted = (order: QualityOrder | null) =>
  sortQuality(rows, order)
    .map(({ key }) => key)
    .join('')

test('rows are sorted by a column, those that told nothing last', () => {
  expect(sorted({ head: 'Failed', falling: true })).toBe('acb')
  expect(sorted({ head: 'Zap p50 · p95', falling: true })).toBe('bca')
  expect(sorted({ head: 'Zap p50 · p95', falling: false })).toBe('cba')
  expect(sorted(null)).toBe('abc')
})

test('the same column three times is the order of before', () => {
  const once = nextOrder(null, 'Failed')
  const twice = nextOrder(once, 'Failed')
  expect([once, twice, nextOrder(twice, 'Failed')]).toEqual([
    { head: 'Failed', falling: true },
    { head: 'Failed', falling: false },
    null,
  ])
})
