import { expect, test } from 'vitest'
import { type Candidate, rankForYou, readGenres } from './rank-for-you'

const now = 10_000
const on = (channelId: number, title: string, more: Partial<Candidate> = {}): Candidate => ({
  channelId,
  title,
  genre: null,
  start: now - 1_800,
  stop: now + 1_800,
  ...more,
})
const titles = (
  candidates: readonly Candidate[],
  channels: [number, number][],
  genres: Parameters<typeof readGenres>[0],
  most = 10,
) => rankForYou(candidates, { channels: new Map(channels), genres: readGenres(genres) }, { now, most }).map(({ title }) => title)
const sport = [{ text: 'Sports HD', kind: 'channel' as const, count: 3 }]

test('channels one watches come before kinds one likes, and the rest is left out', () => {
  const candidates = [on(1, 'Quiz'), on(2, 'Match', { genre: 'sport' }), on(3, 'Soap'), on(4, 'Own')]
  expect(titles(candidates, [[4, 2]], sport)).toEqual(['Own', 'Match'])
})

test('what has just begun comes before what is nearly over', () => {
  const candidates = [
    on(1, 'Over', { genre: 'sport', start: now - 3_500, stop: now + 100 }),
    on(2, 'Half', { genre: 'sport' }),
    on(3, 'New', { genre: 'sport', start: now - 60 }),
  ]
  expect(titles(candidates, [], sport)).toEqual(['New', 'Half', 'Over'])
})

test('a programme that two channels show stands once, and the list has an end', () => {
  const candidates = [on(1, 'Match', { genre: 'sport' }), on(2, 'match', { genre: 'sport' }), on(3, 'Other', { genre: 'sport' })]
  expect(titles(candidates, [[2, 1]], sport)).toEqual(['match', 'Other'])
  expect(titles(candidates, [[2, 1]], sport, 1)).toEqual(['match'])
})

test('films without a genre are films, and words of no kind count for nothing', () => {
  const shares = readGenres([
    { text: '', kind: 'movie', count: 1 },
    { text: 'Documentary', kind: 'movie', count: 2 },
    { text: 'UK', kind: 'channel', count: 9 },
    { text: 'Comedy', kind: 'series', count: 1 },
  ])
  expect(Object.fromEntries(shares)).toEqual({ film: 0.25, documentary: 0.5, show: 0.25 })
})

test('nobody who has watched nothing is told what to like', () => {
  expect(titles([on(1, 'Quiz', { genre: 'show' })], [], [])).toEqual([])
})
