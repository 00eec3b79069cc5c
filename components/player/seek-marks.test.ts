import { expect, test } from 'vitest'
import { markChapters, markProgrammes, thumbnailAt } from './seek-marks'

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

const at = (clock: string) => Date.parse(`2026-01-01T${clock}:00Z`)
const evening = [
  { start: at('11:30'), stop: at('12:00'), title: 'News' },
  { start: at('12:00'), stop: at('12:40'), title: 'Weather' },
  { start: at('12:40'), stop: at('13:30'), title: 'Football' },
  { start: at('13:30'), stop: at('14:00'), title: 'Later' },
]

test('every programme within the window of a channel is marked where it began', () => {
  expect(markProgrammes(evening, { start: 100, end: 3_700, endsAt: at('13:10') })).toEqual([
    { start: -500, title: 'Weather' },
    { start: 1_900, title: 'Football' },
  ])
})

test('what had begun before the window is marked before it, what has ended by then is not', () => {
  const marks = markProgrammes(evening, { start: 0, end: 900, endsAt: at('12:10') })
  expect(marks).toEqual([
    { start: -1_500, title: 'News' },
    { start: 300, title: 'Weather' },
  ])
  expect(markProgrammes(evening, { start: 0, end: 600, endsAt: at('12:20') })).toEqual([{ start: -600, title: 'Weather' }])
})

test('a programme that two answers of the guide name is marked once; one without a title is not', () => {
  const twice = [...evening, ...evening, { start: at('12:50'), stop: at('13:00'), title: '' }]
  expect(markProgrammes(twice, { start: 0, end: 1_800, endsAt: at('13:10') })).toEqual([{ start: 0, title: 'Football' }])
})

test('a place shows the picture whose moment is nearest', () => {
  const thumbnails = { url: '/stream/film/token/thumb-{n}.jpg', everySeconds: 10 }
  expect([0, 4.9, 5, 14, 3_600].map(seconds => thumbnailAt(thumbnails, seconds))).toEqual(
    [0, 0, 1, 1, 360].map(n => `/stream/film/token/thumb-${n}.jpg`),
  )
  expect(thumbnailAt(undefined, 5)).toBeNull()
})
