import { expect, test } from 'vitest'
import type { PlaybackView } from '@/lib/playback/schema'
import { type Failure, toFailure } from './failure'
import { initialSnapshot } from './player-snapshot'
import { nextTry } from './retry'
import type { OpenWish } from './session-open'

const source = (id: number, failing = false) => ({ id, name: String(id), failing })
const quality = (height: number) => ({ key: String(height), label: `${height}p`, active: height === 720 })

function walk(failure: Failure, sources = [source(1)], qualities: number[] = []): OpenWish[] {
  const wishes: OpenWish[] = []
  const choices = { ...initialSnapshot.choices, qualities: qualities.map(quality) }
  let wish: OpenWish = { itemId: 7 }
  for (let tried = 0; tried < 20; tried++) {
    const session = { sources, sourceId: wish.sourceId ?? 1 } as PlaybackView
    const next = nextTry(failure, tried, { wish, facts: { session, choices } })
    if (next === null) return wishes
    expect(next.delay).toBeLessThanOrEqual(1_500)
    wish = next.wish
    wishes.push(wish)
  }
  throw new Error('it never ends')
}

test('a source that is silent is opened again, twice', () => {
  expect(walk(toFailure('UPSTREAM_UNREACHABLE', ''))).toEqual([{ itemId: 7 }, { itemId: 7 }])
})

test('then another source that is not failing itself', () => {
  expect(walk(toFailure('UPSTREAM_UNREACHABLE', ''), [source(1), source(2, true), source(3)])[1]).toEqual({
    itemId: 7,
    sourceId: 3,
  })
})

test('what is too slow is tried in the smallest picture', () => {
  expect(walk(toFailure('UPSTREAM_STALLED', 'quiet'), [source(1)], [1080, 720, 360])).toEqual([
    { itemId: 7 },
    { itemId: 7 },
    { itemId: 7, lowest: true },
  ])
})

test.each([toFailure('CODEC_UNSUPPORTED', '2.3.3016'), toFailure('UPSTREAM_PROTOCOL_ERROR', 'media 3')])(
  'what cannot be decoded is made anew by the server at once ($code)',
  failure => {
    const next = nextTry(failure, 0, { wish: { itemId: 7 }, facts: { session: null, choices: initialSnapshot.choices } })
    expect(next).toEqual({ wish: { itemId: 7, convert: 'all' }, delay: 0 })
    expect(walk(failure)).toEqual([{ itemId: 7, convert: 'all' }])
  },
)

test.each([
  toFailure('FILM_FORMAT', ''),
  toFailure('FILM_BROKEN', ''),
  toFailure('KEY_WRONG', '2.3.3016'),
  toFailure('CODEC_UNSUPPORTED', '', 'It cannot be converted.'),
])('what the server can make nothing of is not asked for converted, and another source is ($code)', failure => {
  expect(walk(failure)).toEqual([])
  expect(walk(failure, [source(1), source(2)])[0]).toEqual({ itemId: 7, sourceId: 2 })
})

test('a server or a network that is away is asked again for most of a minute', () => {
  let waited = 0
  for (let tried = 0; tried < 20; tried++) {
    const next = nextTry(toFailure('UNAVAILABLE', ''), tried, {
      wish: { itemId: 7 },
      facts: { session: null, choices: initialSnapshot.choices },
    })
    waited += next?.delay ?? 0
    expect(next === null).toBe(tried >= 12)
  }
  expect(waited).toBe(47_500)
})

test('what cannot be helped is said at once', () => {
  expect(walk(toFailure('NOT_FOUND', ''), [source(1), source(2)])).toEqual([])
})
