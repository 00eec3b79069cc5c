import { expect, test } from 'vitest'
import { type CaptionCue, joinSeams } from './caption-seams'

const cue = (payload: string, startTime: number, endTime: number) => ({ payload, startTime, endTime, nestedCues: [] })

function open() {
  let shown: CaptionCue[] = []
  const displayer = {
    append: (cues: CaptionCue[]) => void shown.push(...cues),
    remove: (start: number, end: number) => {
      shown = shown.filter(({ startTime, endTime }) => startTime < start || endTime >= end)
      return true
    },
  }
  joinSeams(displayer)
  return { displayer, at: (seconds: number) => shown.filter(one => one.startTime <= seconds && one.endTime > seconds) }
}

test('pieces of a line are one line, whether they miss each other or overlap', () => {
  const { displayer, at } = open()
  displayer.append([cue('Hello', 1.2, 2)])
  displayer.append([cue('Hello', 2.02, 3)])
  displayer.append([cue('Hello', 2.98, 3.4)])
  for (const seconds of [1.3, 2.01, 2.99, 3.3]) expect(at(seconds), `at ${seconds}`).toHaveLength(1)
  expect(at(3.41)).toEqual([])
})

test('the same words later, other words and other places are lines of their own', () => {
  const { displayer, at } = open()
  displayer.append([cue('Hello', 0, 1), cue('Hello', 2, 3), cue('World', 3, 4), { ...cue('World', 3, 4), line: 2 } as CaptionCue])
  expect(at(1.5)).toEqual([])
  expect(at(2.5)).toHaveLength(1)
  expect(at(3.5)).toHaveLength(2)
})

test('words inside words are prolonged with them', () => {
  const { displayer, at } = open()
  const nested = (start: number, end: number) => ({ ...cue('', start, end), nestedCues: [cue('Hello', start, end)] })
  displayer.append([nested(0, 1)])
  displayer.append([nested(1.04, 2)])
  expect(at(1.5).map(({ nestedCues }) => nestedCues?.map(({ endTime }) => endTime))).toEqual([[2]])
})

test('what was taken away is not prolonged', () => {
  const { displayer, at } = open()
  displayer.append([cue('Hello', 0, 1)])
  displayer.remove(0, Number.POSITIVE_INFINITY)
  displayer.append([cue('Hello', 1, 2)])
  expect(at(1.5)).toEqual([cue('Hello', 1, 2)])
})

test('a line with a name takes the place of the one before, also when it ends earlier', () => {
  const { displayer, at } = open()
  const named = (payload: string, end: number) => ({
    ...cue(payload, 1, end),
    id: 'caption:CC1:1',
    nestedCues: [cue(payload, 1, end)],
  })
  displayer.append([named('NEWS', 3)])
  displayer.append([named('NEWS AT TEN', 2.5)])
  expect(at(2)).toMatchObject([{ payload: 'NEWS AT TEN' }])
  expect(at(2.6)).toEqual([])
  // Chosen again, everything that is kept is told once more.
  displayer.append([named('NEWS', 3), named('NEWS AT TEN', 2.5)])
  expect(at(2)).toMatchObject([{ payload: 'NEWS AT TEN' }])
})
