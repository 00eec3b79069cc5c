import { expect, test } from 'vitest'
import { chooseReplaced } from './line-cap'

const home = { address: '192.0.2.1', app: 'TiviMate' }
const wanted = { itemId: 7, ...home }
const open = [
  { id: 'oldest', itemId: 1, address: '198.51.100.1', app: 'VLC' },
  { id: 'same-address', itemId: 7, address: '192.0.2.1', app: 'VLC' },
  { id: 'same-device', itemId: 2, ...home },
  { id: 'same-thing', itemId: 7, ...home },
]

test.each([
  ['below the cap nothing goes', open.slice(0, 2), 3, []],
  ['what the same device watches of the same channel goes first', open, 4, ['same-thing']],
  ['then what the same device watches', open.slice(0, 3), 3, ['same-device']],
  ['then what the same address watches', open.slice(0, 2), 2, ['same-address']],
  ['then the oldest', open.slice(0, 1), 1, ['oldest']],
  ['a cap that was lowered meanwhile ends as many as it must', open, 2, ['same-thing', 'same-device', 'same-address']],
])('%s', (_name, running, maxConnections, replaced) => {
  expect(chooseReplaced(running, wanted, { maxConnections, whenFull: 'replace' })).toEqual(replaced)
})

test('a line that refuses ends nothing', () => {
  expect(() => chooseReplaced(open, wanted, { maxConnections: 4, whenFull: 'refuse' })).toThrow(
    expect.objectContaining({ code: 'LINE_FULL' }),
  )
})
