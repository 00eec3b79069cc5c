import { expect, test } from 'vitest'
import { mainCause, sayDecision, sayError, sayLong } from './quality-words'

const still = { network: 0, source: 0, decode: 0, switch: 0, seek: 0 }

test.each([
  [still, null],
  [{ ...still, seek: 90_000 }, null],
  [{ ...still, seek: 90_000, network: 200, source: 3_000 }, 'source'],
])('most of %j is because of %s', (stalledMs, cause) => expect(mainCause(stalledMs)).toBe(cause))

test.each([
  [400, '0.4 s'],
  [35_000, '35 s'],
  [720_000, '12 min'],
  [12_600_000, '3.5 h'],
])('%i ms are %s', (ms, words) => expect(sayLong(ms)).toBe(words))

test('codes that are not known yet are shown as they are', () => {
  expect([sayDecision('LADDER'), sayDecision('NEW_WAY')]).toEqual(['Converted into several qualities', 'NEW_WAY'])
  expect([sayError('STREAM_ENDED')?.length, sayError('NEW_FAULT')]).toEqual([expect.any(Number), null])
})
