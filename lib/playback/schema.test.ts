import { expect, test } from 'vitest'
import { readMoment } from './schema'

test('a moment in an address: none is live, and one that cannot be read is in no archive', () => {
  const moment = '2026-11-20T20:15:00Z'
  expect([readMoment(undefined), readMoment(moment)]).toEqual([null, moment])
  const unreadable = ['', 'yesterday', '2026-11-20', '2026-13-45T99:99:00Z', [moment, moment]]
  expect(unreadable.map(readMoment)).toEqual(unreadable.map(() => '1970-01-01T00:00:00.000Z'))
})
