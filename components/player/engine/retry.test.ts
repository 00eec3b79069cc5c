import { expect, test } from 'vitest'
import { MOST_TRIES, retryDelay } from './retry'

test('each new try waits longer, and the tries end', () => {
  const delays = Array.from({ length: MOST_TRIES }, (_, tried) => retryDelay(tried) ?? 0)
  expect(delays).toEqual([...delays].sort((a, b) => a - b))
  expect(delays[0]).toBe(500)
  expect(retryDelay(MOST_TRIES)).toBeNull()
})
