import { expect, test } from 'vitest'
import { CellCache } from './cell-cache'
import type { GuideCell } from './schema'

const cells = (title: string): GuideCell[] => [[0, 3_600, title, 0, 0]]

test('what was read is there for its version only', () => {
  const cache = new CellCache(100_000, 60_000)
  cache.put('a', 'v1', cells('News'))
  expect(cache.get('a', 'v1')).toEqual(cells('News'))
  expect(cache.get('a', 'v2')).toBeNull()
  expect(cache.get('b', 'v1')).toBeNull()
  cache.put('a', 'v2', cells('Film'))
  expect([cache.get('a', 'v1'), cache.get('a', 'v2')]).toEqual([null, cells('Film')])
})

test('what was read too long ago is read again, however often it was asked for', () => {
  const cache = new CellCache(100_000, 1_000)
  cache.put('a', 'v1', cells('News'), 5_000)
  expect(cache.get('a', 'v1', 5_999)).toEqual(cells('News'))
  expect(cache.get('a', 'v1', 6_000)).toBeNull()
  cache.put('a', 'v1', cells('Film'), 6_000)
  expect(cache.get('a', 'v1', 6_999)).toEqual(cells('Film'))
})

test('it never holds more than its budget: what was used longest ago goes, and what alone is too much does not come in', () => {
  const cache = new CellCache(4_000, 60_000)
  for (let n = 0; n < 100; n += 1) {
    cache.put(`key ${n}`, 'v1', cells(`Programme ${n}`))
    cache.get('key 0', 'v1')
    expect(cache.bytes).toBeLessThanOrEqual(4_000)
  }
  expect(cache.get('key 0', 'v1')).not.toBeNull()
  expect(cache.get('key 1', 'v1')).toBeNull()
  expect(cache.get('key 99', 'v1')).not.toBeNull()
  const before = cache.bytes
  cache.put('huge', 'v1', cells('x'.repeat(3_000)))
  expect([cache.get('huge', 'v1'), cache.bytes]).toEqual([null, before])
})
