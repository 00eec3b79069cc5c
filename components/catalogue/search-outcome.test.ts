import { expect, test } from 'vitest'
import { outcomeOf } from './search-outcome'

const here = (...found: string[]) => ({ data: { found }, isError: false, isPlaceholderData: false, fetchStatus: 'idle' as const })
const before = (...found: string[]) => ({ ...here(...found), isPlaceholderData: true })
const pending = { data: undefined, isError: false, isPlaceholderData: false, fetchStatus: 'fetching' as const }
const failed = { ...pending, isError: true }

test('results of both are counted together', () => {
  expect(outcomeOf(here('a'), here('b', 'c'))).toEqual({ isStale: false, programmes: 'known', count: 3 })
})

test('a failed search for programmes is not one that found nothing', () => {
  expect(outcomeOf(here(), failed)).toEqual({ isStale: false, programmes: 'failed', count: 0 })
  expect(outcomeOf(here('a'), { ...here('b'), isError: true }).programmes).toBe('known')
})

test('without a network programmes are not waited for', () => {
  expect(outcomeOf(here('a'), { ...pending, fetchStatus: 'paused' }).programmes).toBe('failed')
})

test('while programmes are looked for, nothing is counted', () => {
  expect(outcomeOf(here('a'), pending)).toEqual({ isStale: false, programmes: 'pending', count: null })
})

test.each([
  [before('a'), here('b')],
  [here('a'), before('b')],
])('results of the words before are neither new nor counted', (titles, programmes) => {
  expect(outcomeOf(titles, programmes)).toMatchObject({ isStale: true, count: null })
})
