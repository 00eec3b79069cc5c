import { expect, test } from 'vitest'
import { type GuideCell, guideGenres } from '@/lib/epg/schema'
import { BLOCK_MS, blocksOf, cellAt, findChannel, genres, layOutCells, layOutRows } from './lay-out'

const HOUR = 3_600_000
const one = 1_000 * BLOCK_MS
const two = one + BLOCK_MS
const cell = (from: number, to: number, title: string): GuideCell => [
  (one + from * HOUR) / 1_000,
  (one + to * HOUR) / 1_000,
  title,
  0,
  0,
]
const say = (cells: ReturnType<typeof layOutCells>) =>
  cells.map(({ kind, start, stop, title }) => `${(start - one) / HOUR}-${(stop - one) / HOUR} ${title || kind}`)

test('the genres are those of the server', () => {
  expect([...genres]).toEqual([...guideGenres])
})

test('blocks of a stretch of time', () => {
  expect(blocksOf(one + HOUR, two)).toEqual([one])
  expect(blocksOf(one + HOUR, two + 1)).toEqual([one, two])
})

test('gaps stand where nothing is known, at most a block long', () => {
  expect(say(layOutCells([one, two], [[cell(1, 2, 'A'), cell(2.5, 3, 'B')], []]))).toEqual([
    '0-1 gap',
    '1-2 A',
    '2-2.5 gap',
    '2.5-3 B',
    '3-4 gap',
    '4-8 gap',
  ])
})

test('a programme over the edge of two blocks comes once, and one that began earlier comes whole', () => {
  const over = cell(3, 5, 'Over')
  expect(
    say(
      layOutCells(
        [one, two],
        [
          [cell(-1, 3, 'Early'), over],
          [over, cell(5, 8, 'C')],
        ],
      ),
    ),
  ).toEqual(['-1-3 Early', '3-5 Over', '5-8 C'])
})

test('what is on its way or failed fills its block, without covering what reaches into it', () => {
  expect(say(layOutCells([one, two], [[cell(0, 5, 'A')], 'pending']))).toEqual(['0-5 A', '5-8 pending'])
  const reaching = [cell(3, 5, 'A'), cell(5, 8, 'B')]
  for (const kind of ['failed', 'pending'] as const) {
    expect(say(layOutCells([one, two], [kind, reaching]))).toEqual([`0-3 ${kind}`, '3-5 A', '5-8 B'])
  }
  expect(say(layOutCells([one, two], ['pending', [cell(-2, 8, 'Long')]]))).toEqual(['-2-8 Long'])
})

test('a programme keeps its place while the hours before it come', () => {
  const starts = (before: GuideCell[] | 'pending') =>
    layOutCells([one, two], [before, [cell(3, 5, 'A'), cell(5, 8, 'B')]]).flatMap(({ start, title }) => (title ? [start] : []))
  const whole = [cell(3, 5, 'A'), cell(5, 8, 'B')].map(([start]) => start * 1_000)
  expect(starts('pending')).toEqual(whole)
  expect(starts([cell(0, 3, 'Z'), cell(3, 5, 'A')]).slice(1)).toEqual(whole)
})

test('programmes that overlap are cut, and none is covered whole', () => {
  expect(say(layOutCells([one], [[cell(0, 3, 'A'), cell(1, 2, 'Inside'), cell(2, 4, 'B')]]))).toEqual(['0-3 A', '3-4 B'])
})

test('rows follow the ids; a channel that left the line-up has gaps', () => {
  const window = {
    from: one / 1_000,
    to: two / 1_000,
    channels: [{ id: 2, name: 'Two', number: 2, image: null, archiveDays: 0, favourite: false, cells: [cell(0, 4, 'A')] }],
  }
  const rows = layOutRows(
    [1, 2],
    [one, two],
    [
      { data: window, failed: false },
      { data: undefined, failed: false },
    ],
  )
  expect(rows.map(({ channel, cells }) => [channel?.name ?? null, say(cells)])).toEqual([
    [null, ['0-4 gap', '4-8 pending']],
    ['Two', ['0-4 A', '4-8 pending']],
  ])
})

test('the cell at a moment, or the nearest', () => {
  const cells = layOutCells([one], [[cell(0, 1, 'A'), cell(1, 4, 'B')]])
  expect(cellAt(cells, one + HOUR)?.title).toBe('B')
  expect(cellAt(cells, one - HOUR)?.title).toBe('A')
  expect(cellAt(cells, two + HOUR)?.title).toBe('B')
  expect(cellAt([], one)).toBeUndefined()
})

test('a channel whose window did not come is known from another one', () => {
  const channel = { id: 7, name: 'Seven', number: 7, image: null, archiveDays: 0, favourite: false }
  const kept = { from: 0, to: 0, channels: [{ ...channel, cells: [] }] }
  expect(layOutRows([7], [two], [{ data: undefined, failed: true }])[0]?.channel).toBeNull()
  expect(findChannel([undefined, { from: 0, to: 0, channels: [] }, kept], 7)).toMatchObject(channel)
  expect(findChannel([kept], 8)).toBeNull()
})
