import { expect, test } from 'vitest'
import { ParkedCaptions } from './parked-captions'

const line = (startTime: number) => ({ startTime, endTime: startTime + 2 })
const away = { startTime: Number.POSITIVE_INFINITY, endTime: Number.POSITIVE_INFINITY }
const settled = () => new Promise<void>(resolve => queueMicrotask(resolve))

test('captions that nobody wants are out of the way once they are filed, and in their place when somebody does', async () => {
  const parked = new ParkedCaptions()
  const player = {}
  const cue = line(610)
  parked.take([cue])
  // Shaka moves them by the clock of the picture before it files them.
  cue.startTime -= 600
  cue.endTime -= 600
  expect(cue).toEqual(line(10))
  await settled()
  expect(cue).toEqual(away)
  parked.want(player, true)
  expect(cue).toEqual(line(10))
  const next = line(14)
  parked.take([next])
  await settled()
  expect(next).toEqual(line(14))
  // A line that has become longer meanwhile stays so.
  cue.endTime = 13
  parked.want(player, false)
  expect([cue, next]).toEqual([away, away])
  parked.want(player, true)
  expect([cue, next]).toEqual([{ startTime: 10, endTime: 13 }, line(14)])
})

test('as long as one player wants them they stay', async () => {
  const parked = new ParkedCaptions()
  const players = [{}, {}]
  const cue = line(10)
  for (const player of players) parked.want(player, true)
  parked.take([cue])
  await settled()
  for (const player of players) {
    expect(cue).toEqual(line(10))
    parked.want(player, false)
  }
  expect(cue).toEqual(away)
})

test('hours of captions that nobody wants are let go, where Shaka throws them away', async () => {
  const parked = new ParkedCaptions()
  const cues = Array.from({ length: 2_000 }, (_, at) => line(at * 3))
  for (const cue of cues) parked.take([cue])
  await settled()
  expect(cues.filter(({ endTime }) => endTime === Number.NEGATIVE_INFINITY)).toHaveLength(1_500)
  parked.want({}, true)
  expect(cues.filter(({ startTime }) => startTime < Number.POSITIVE_INFINITY)).toEqual(cues.slice(1_500))
})

test('while Shaka counts what it files, those that are put away have neither a beginning nor an end', async () => {
  const parked = new ParkedCaptions()
  const [first, second] = [line(10), line(14)]
  parked.take([first])
  await settled()
  parked.take([second])
  const starts = [first, second].map(({ startTime }) => startTime)
  const ends = [first, second].map(({ endTime }) => endTime)
  expect([Math.min(...starts), Math.max(...ends)]).toEqual([14, 16])
  await settled()
  expect([first, second]).toEqual([away, away])
})
