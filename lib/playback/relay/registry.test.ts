import { afterEach, expect, test } from 'vitest'
import { closeAllRelays, firstSequence, openRelay } from './registry'

afterEach(() => closeAllRelays())

test('numbers follow the clock, and never go back to those of the relay before', () => {
  const ended = new Map([['ahead', 5_000]])
  expect(firstSequence(ended, 'new', 100_000)).toBe(1_000)
  expect(firstSequence(ended, 'ahead', 100_000)).toBe(5_010)
  expect(firstSequence(ended, 'ahead', 100_000)).toBe(1_000)
  // Once in years they begin anew, but not for whoever is watching.
  const turn = 2 ** 30 * 100
  expect(firstSequence(ended, 'new', turn + 300)).toBe(3)
  ended.set('watched', 2 ** 30 - 1)
  expect(firstSequence(ended, 'watched', turn + 300)).toBe(2 ** 30 + 9)
})

test('a relay is shared until it ends', () => {
  const request = { key: 'a', sources: [{ id: '1', connect: () => Promise.reject(new Error('nobody')) }] }
  const relay = openRelay(request)
  expect(openRelay(request)).toBe(relay)
  relay.close()
  expect(openRelay(request)).not.toBe(relay)
})
