import { expect, test } from 'vitest'
import type { EpisodeView } from '@/lib/catalogue/schema'
import { findNextEpisode } from './episode-order'

const season = (number: number, ...ids: number[]) => ({ number, name: '', episodes: ids.map(id => ({ id }) as EpisodeView) })
const series = { seasons: [season(2, 21, 22), season(0, 1, 2), season(1, 11, 12)] }

test.each([
  [11, 12],
  [12, 21],
  [22, undefined],
  [1, 2],
  [2, undefined],
  [99, undefined],
])('after %s comes %s', (from, to) => {
  expect(findNextEpisode(series, from)?.id).toBe(to)
})
