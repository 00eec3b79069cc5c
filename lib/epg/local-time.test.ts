import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '@/lib/kernel/time'
import { momentsAt } from '@/lib/providers/wall-clock'
import { readXmltv } from './xmltv-read'

/**
 * Two days around each change of the clock by the zone's own rule, written down apart from what is tested: [zone, minutes ahead of
 * UTC before, minutes ahead after, the moment of the change].
 */
const changes: [zone: string, before: number, after: number, at: number][] = [
  ['Europe/London', 0, 60, Date.UTC(2026, 2, 29, 1)],
  ['Europe/London', 60, 0, Date.UTC(2026, 9, 25, 1)],
  ['Europe/Madrid', 60, 120, Date.UTC(2026, 2, 29, 1)],
  ['Europe/Madrid', 120, 60, Date.UTC(2026, 9, 25, 1)],
  ['America/New_York', -300, -240, Date.UTC(2026, 2, 8, 7)],
  ['America/New_York', -240, -300, Date.UTC(2026, 10, 1, 6)],
  ['Australia/Lord_Howe', 660, 630, Date.UTC(2026, 3, 4, 15)],
  ['Australia/Lord_Howe', 630, 660, Date.UTC(2026, 9, 3, 15, 30)],
  ['Asia/Kathmandu', 345, 345, Date.UTC(2026, 2, 29, 1)],
]

const stamp = (ms: number) => new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14)

async function startsOf(document: string, timezone: string | undefined, clockOffsetMinutes: number) {
  async function* bytes() {
    yield Buffer.from(document)
  }
  const clock = (wall: number) => momentsAt(wall, { timezone, clockOffsetMinutes })
  const found: [number, number | null][] = []
  for await (const { programmes } of readXmltv(bytes(), { clock })) {
    for (const { start, stop } of programmes) found.push([start, stop])
  }
  return found
}

/** Programmes of `minutes` one after the other, told in the zone's own clock without its offset. */
function guideOf(
  [, before, after, at]: (typeof changes)[number],
  minutes: number,
): { document: string; times: [number, number][] } {
  const wall = (ms: number) => stamp(ms + (ms < at ? before : after) * MINUTE)
  const count = (48 * 60) / minutes
  const times = Array.from({ length: count }, (_, n): [number, number] => {
    const start = at - 24 * HOUR + n * minutes * MINUTE
    return [start, start + minutes * MINUTE]
  })
  const programmes = times.map(
    ([start, stop]) => `<programme start="${wall(start)}" stop="${wall(stop)}" channel="a"><title>T</title></programme>`,
  )
  return { document: `<tv>${programmes.join('')}</tv>`, times }
}

const lengths = [15, 30, 60]

test('guides that say no offset, read when clocks are about to change: no wrong minute (reliability.md C19)', async () => {
  let cases = 0
  let wrongMinutes = 0
  for (const change of changes) {
    for (const minutes of lengths) {
      // An hour across a change of half an hour can be told in two ways, and the guide does not say which.
      if (minutes > Math.abs(change[1] - change[2]) && change[0] === 'Australia/Lord_Howe') continue
      const { document, times } = guideOf(change, minutes)
      const found = await startsOf(document, change[0], change[1])
      expect(found.length, `${change[0]} ${minutes}`).toBe(times.length)
      times.forEach(([start, stop], n) => {
        wrongMinutes += Math.abs((found[n]?.[0] ?? 0) - start) / MINUTE + Math.abs((found[n]?.[1] ?? 0) - stop) / MINUTE
        cases++
      })
    }
  }
  process.stdout.write(`times without an offset: ${cases} programmes, ${wrongMinutes} wrong minutes\n`)
  expect([cases, wrongMinutes]).toEqual([9 * (192 + 96 + 48) - 2 * 48, 0])
})

test('guides that go by time over many channels, and ends that are a minute late, do not lose the hour that comes twice', async () => {
  const at = Date.UTC(2026, 9, 25, 1)
  const wall = (ms: number) => stamp(ms + (ms < at ? 60 : 0) * MINUTE)
  const starts = Array.from({ length: 8 }, (_, n) => at + (n - 4) * 30 * MINUTE)
  const programmes = starts.flatMap(start =>
    ['a', 'b', 'c'].map(
      channel =>
        `<programme start="${wall(start)}" stop="${wall(start + 31 * MINUTE)}" channel="${channel}"><title>T</title></programme>`,
    ),
  )
  const found = await startsOf(`<tv>${programmes.join('')}</tv>`, 'Europe/London', 60)
  expect(found.map(([start]) => start)).toEqual(starts.flatMap(start => [start, start, start]))
})

test('what a clock leaps over counts on from before, a zone that nobody knows keeps its measured distance', async () => {
  const at = (start: string) => `<tv><programme start="${start}" channel="a"><title>T</title></programme></tv>`
  expect(await startsOf(at('20260329013000'), 'Europe/London', 0)).toEqual([[Date.UTC(2026, 2, 29, 1, 30), null]])
  expect(await startsOf(at('20260701120000'), undefined, 180)).toEqual([[Date.UTC(2026, 6, 1, 9), null]])
  expect(await startsOf(at('20260701120000'), 'UTC+3', 180)).toEqual([[Date.UTC(2026, 6, 1, 9), null]])
})

test('alone, a time that comes twice is the first of the two', async () => {
  const twice = '<tv><programme start="20261025013000" stop="20261025014500" channel="a"><title>T</title></programme></tv>'
  expect(await startsOf(twice, 'Europe/London', 60)).toEqual([[Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 0, 45)]])
})
