import { expect, test } from 'vitest'
import { ParkedCaptions } from './parked-captions'

const line = (startTime: number) => ({ startTime, endTime: startTime + 2 })
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
  expect(cue).toEqual({ startTime: -1, endTime: -1 })
  parked.want(player, true)
  expect(cue).toEqual(line(10))
  const next = line(14)
  parked.take([next])
  await settled()
  expect(next).toEqual(line(14))
  // A line that has become longer meanwhile stays so.
  cue.endTime = 13
  parked.want(player, false)
  expect([cue.endTime, next.endTime]).toEqual([-1, -1])
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
  expect(cue.startTime).toBe(-1)
})

test('hours of captions that nobody wants are let go, where Shaka throws them away', async () => {
  const parked = new ParkedCaptions()
  const cues = Array.from({ length: 2_000 }, (_, at) => line(at * 3))
  for (const cue of cues) parked.take([cue])
  await settled()
  expect(cues.filter(({ startTime }) => startTime === 0)).toHaveLength(1_500)
  parked.want({}, true)
  expect(cues.filter(({ startTime }) => startTime > 0)).toEqual(cues.slice(1_500))
})
