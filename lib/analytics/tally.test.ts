import { expect, test } from 'vitest'
import type { ClientData } from './cmcd'
import { addRequest, type Tally, watchedIn } from './tally'

type Asked = readonly [at: number, data: ClientData]

function told(...requests: readonly Asked[]): Tally | null {
  return requests.reduce<Tally | null>((tally, [at, data]) => addRequest(tally, data, at), null)
}
const watched = (...requests: readonly Asked[]) => watchedIn(told(...requests) as Tally)

test('playing time adds up, and never runs ahead of the clock', () => {
  expect(watched([0, { ot: 'av', d: 4000 }])).toBe(0)
  expect(watched([0, { ot: 'av', d: 4000 }], [10, { ot: 'av', d: 4000 }], [20, { ot: 'av', d: 600_000 }])).toBe(20)
  expect(watched([0, { ot: 'v', d: 4000 }], [4000, { ot: 'v', d: 4000 }], [8000, { ot: 'v', d: 4000 }])).toBe(8000)
  // A break in the middle is not watched.
  expect(watched([0, { d: 4000 }], [4000, { d: 4000 }], [3_600_000, { d: 4000 }])).toBe(12_000)
})

test('picture and sound asked for apart are one viewer', () => {
  const apart = [0, 10_000, 20_000].flatMap(
    at =>
      [
        [at, { ot: 'v', d: 4000, br: 3000 }],
        [at, { ot: 'a', d: 4000, br: 128 }],
      ] as const,
  )
  expect(watched(...apart)).toBe(12_000)
  expect(told(...apart)).toMatchObject({ bitrate: 3000, bitrateSwitches: 0 })
  expect(told([0, { ot: 'a', d: 4000, br: 96 }], [9, { ot: 'a', d: 4000, br: 128 }])).toMatchObject({
    bitrate: 128,
    bitrateSwitches: 1,
  })
})

test('each starved request is a halt, both halves of one are one', () => {
  const stalls = told([0, { bs: true, ot: 'v', d: 1 }], [5, { bs: true, ot: 'a' }], [2000, { bs: true }])?.stalls
  expect(stalls).toBe(2)
})

test('a start lasts until requests are no longer urgent, and is unknown when its beginning was not told', () => {
  const urgent = (at: number): Asked => [at, { ot: 'av', d: 2000, su: true }]
  const calm = (at: number): Asked => [at, { ot: 'av', d: 2000 }]
  expect(told(urgent(100), urgent(300), calm(900), urgent(5000), calm(9000))?.startMs).toBe(800)
  expect(told(urgent(100), urgent(300))?.startMs).toBeNull()
  expect(told(calm(100), urgent(300), calm(900))?.startMs).toBeNull()
})

test('the last throughput and name told stand', () => {
  const asked = [{ mtp: 9000, sid: 'one' }, { mtp: 4000 }, {}].map((more, n): Asked => [n, { d: 2000, ...more }])
  expect(told(...asked)).toMatchObject({ throughput: 4000, session: 'one' })
  expect(told([0, { d: 2000 }])).toMatchObject({ throughput: null, session: null })
})

test('what says nothing that counts changes nothing', () => {
  const words: ClientData[] = [
    { sid: 'x', ot: 'm', su: true, bl: 0 },
    { ot: 'c', d: 4000, br: 1 },
    { ot: 'i', d: 4000 },
    { ot: 'v', mtp: 9 },
  ]
  for (const word of words) expect(told([0, word])).toBeNull()
  const before = told([0, { ot: 'v', d: 4000 }])
  for (const word of words) expect(addRequest(before, word, 9000)).toBe(before)
})
