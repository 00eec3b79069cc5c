import { expect, test } from 'vitest'
import { markChapters, markProgramme, thumbnailAt } from './seek-marks'

test('chapters become marks; unnamed ones are numbered, those behind the end are left out', () => {
  const chapters = [
    { start: 0, title: 'Opening' },
    { start: 60, title: ' ' },
    { start: 130, title: 'After the end' },
  ]
  expect(markChapters(chapters, 120)).toEqual([
    { start: 0, title: 'Opening' },
    { start: 60, title: 'Chapter 2' },
  ])
})

test('a film of one part has no marks', () => {
  expect(markChapters([{ start: 0, title: 'All of it' }], 120)).toEqual([])
  expect(markChapters(undefined, 120)).toEqual([])
})

test('what is on is marked where it began, while that is still within reach', () => {
  const at = Date.parse('2026-01-01T12:10:00Z')
  const now = { start: '2026-01-01T12:00:00Z', title: 'News' }
  expect(markProgramme(now, { start: 0, end: 3_600, at })).toEqual([{ start: 3_000, title: 'News' }])
  expect(markProgramme(now, { start: 3_300, end: 3_600, at })).toEqual([])
  expect(markProgramme(null, { start: 0, end: 3_600, at })).toEqual([])
})

test('a place shows the picture whose moment is nearest', () => {
  const thumbnails = { url: '/stream/film/token/thumb-{n}.jpg', everySeconds: 10 }
  expect([0, 4.9, 5, 14, 3_600].map(seconds => thumbnailAt(thumbnails, seconds))).toEqual(
    [0, 0, 1, 1, 360].map(n => `/stream/film/token/thumb-${n}.jpg`),
  )
  expect(thumbnailAt(undefined, 5)).toBeNull()
})
