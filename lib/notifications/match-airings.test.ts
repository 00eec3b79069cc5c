import { describe, expect, test } from 'vitest'
import type { Airing } from '@/lib/epg'
import { keyOf } from './identity'
import { findMoved, type KnownAiring, matchAirings, onlyFirst } from './match-airings'

const at = (minutes: number) => new Date(Date.UTC(2030, 0, 1, 20, minutes))
const airing = (minutes: number, more: Partial<Airing> = {}): Airing => ({
  itemId: 1,
  channel: 'One',
  title: 'Show',
  subTitle: null,
  season: null,
  episode: null,
  isRepeat: false,
  start: at(minutes),
  stop: at(minutes + 60),
  ...more,
})
const known = (id: number, from: Airing, fired = false): KnownAiring => ({
  id,
  itemId: from.itemId,
  key: keyOf(from),
  subTitle: from.subTitle,
  start: from.start,
  stop: from.stop,
  fired,
})

describe('a single programme is found again', () => {
  const cases: [string, { start: Date; episode: string | null }, Airing[], number | null][] = [
    ['where it was', { start: at(0), episode: null }, [airing(-60), airing(0), airing(60)], 0],
    ['ten minutes later', { start: at(0), episode: null }, [airing(-300), airing(10)], 10],
    [
      'by its episode, hours later',
      { start: at(0), episode: '1x2' },
      [airing(0, { season: 1, episode: 3 }), airing(400, { season: 1, episode: 2 })],
      400,
    ],
    ['not as another episode near it', { start: at(0), episode: '1x2' }, [airing(15, { season: 1, episode: 3 })], null],
    ['not far away without an episode', { start: at(0), episode: null }, [airing(300)], null],
    ['not when it is gone', { start: at(0), episode: null }, [], null],
  ]
  test.each(cases)('%s', (_name, programme, found, expected) => {
    expect(findMoved(programme, found)?.start ?? null).toEqual(expected === null ? null : at(expected))
  })
})

test('an episode that is on three times is one', () => {
  const first = airing(0, { season: 1, episode: 1 })
  const wanted = onlyFirst([
    first,
    airing(30, { season: 1, episode: 1, itemId: 2 }),
    airing(60, { season: 1, episode: 2 }),
    airing(90),
  ])
  expect(wanted.map(({ start }) => start)).toEqual([at(0), at(60), at(90)])
})

describe('when the guide moves', () => {
  test('what is the same stays, what is new is added, what went is gone', () => {
    const [a, b, c] = [airing(0), airing(200, { episode: 4 }), airing(400)]
    const changes = matchAirings([known(1, a), known(2, b)], onlyFirst([a, c]))
    expect(changes.added.map(({ start }) => start)).toEqual([c.start])
    expect([changes.moved, changes.gone]).toEqual([[], [2]])
  })
  test('an episode keeps its row at any distance', () => {
    const changes = matchAirings([known(1, airing(0, { episode: 4 }))], onlyFirst([airing(900, { episode: 4 })]))
    expect(changes).toMatchObject({ added: [], moved: [{ id: 1, start: at(900) }], gone: [] })
  })
  test('a programme without an episode keeps its row nearby, fired or not', () => {
    for (const fired of [false, true]) {
      const changes = matchAirings([known(1, airing(0), fired)], onlyFirst([airing(15)]))
      expect(changes).toMatchObject({ added: [], moved: [{ id: 1, start: at(15) }], gone: [] })
    }
  })
  test('an episode that was told of is not told of again at its rerun', () => {
    const changes = matchAirings([known(1, airing(0, { episode: 4 }), true)], onlyFirst([airing(600, { episode: 4 })]))
    expect(changes).toEqual({ added: [], moved: [], gone: [] })
  })
  test.each([
    ['a later end', airing(0, { episode: 4, stop: at(90) })],
    ['another subtitle', airing(0, { episode: 4, subTitle: 'Pilot' })],
  ])('%s is taken over', (_name, to) => {
    const { title, subTitle, start, stop } = to
    const changes = matchAirings([known(1, airing(0, { episode: 4 }))], onlyFirst([to]))
    expect(changes).toMatchObject({ added: [], moved: [{ id: 1, title, subTitle, start, stop }], gone: [] })
  })
  test('what is on does not become the next of its title, told of or not', () => {
    for (const fired of [false, true]) {
      const changes = matchAirings([known(1, airing(0), fired)], onlyFirst([airing(60)]), { now: at(10), until: null })
      expect(changes.added.map(({ start }) => start)).toEqual([at(60)])
      expect(changes.moved).toEqual([])
    }
    const episode = { episode: 4 }
    const changes = matchAirings([known(1, airing(0, episode))], onlyFirst([airing(600, episode)]), {
      now: at(0),
      until: null,
    })
    expect(changes).toEqual({ added: [], moved: [], gone: [] })
  })
  test('a word that everything has waits for twenty at most', () => {
    const many = Array.from({ length: 50 }, (_, n) => airing(n * 120))
    expect(matchAirings([], onlyFirst(many)).added).toHaveLength(20)
  })
  test('the next twenty: what comes before those that are waited for is added, what comes after is not', () => {
    const many = Array.from({ length: 30 }, (_, n) => airing(n * 120))
    const waiting = many.slice(5, 25).map((one, n) => known(n + 1, one))
    const changes = matchAirings(waiting, onlyFirst(many))
    expect(changes.added.map(({ start }) => start)).toEqual(many.slice(0, 5).map(({ start }) => start))
    expect([changes.moved, changes.gone]).toEqual([[], []])
  })
  test('what lies behind the end of a cut answer is not gone', () => {
    const [near, far] = [known(1, airing(0)), known(2, airing(500))]
    const cut = { now: at(-60), until: at(400) }
    expect(matchAirings([near, far], onlyFirst([airing(200)]), cut).gone).toEqual([1])
    expect(matchAirings([near, far], onlyFirst([airing(200)])).gone).toEqual([1, 2])
  })
})
