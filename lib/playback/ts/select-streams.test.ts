import { describe, expect, test } from 'vitest'
import { sampleMedia } from '../sample-media.test-support'
import { TsScanner } from './scanner'
import { lacksEnd, selectSound } from './select-sound'
import { selectStreams } from './select-streams'

const extra = ['-map', '0:v', '-map', '0:v', '-map', '1:a', '-map', '1:a', '-s:v:1', '160x90']
const languages = ['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=fra']
const whole = sampleMedia({ seconds: 2, extra: [...extra, ...languages] })

function read(bytes: Buffer) {
  const pids = new Set<number>()
  const scanner = new TsScanner({
    onPacket: ({ pid, role }) => void (role !== 'table' && pids.add(pid)),
    onProgramChange: () => {},
  })
  scanner.push(bytes)
  return { scanner, program: scanner.program, pids }
}

describe('one picture and one sound of several', () => {
  test.each([
    [{ video: 0, audio: 0 }, 320, ['eng']],
    [{ video: 1, audio: 1 }, 160, ['fra']],
    [{ video: 0, audio: null }, 320, []],
    [{ video: null, audio: 1 }, undefined, ['fra']],
    [{ video: 5, audio: 9 }, 160, ['fra']],
  ])('%o', (choice, width, sounds) => {
    const selected = selectStreams(whole, choice)
    const { program, scanner, pids } = read(selected)
    expect(program?.video?.width).toBe(width)
    expect(program?.audio.map(({ language }) => language)).toEqual(sounds)
    expect(pids.size).toBe((choice.video === null ? 0 : 1) + (choice.audio === null ? 0 : 1))
    expect(scanner.continuity.errors).toBe(0)
    expect(selected.length % 188).toBe(0)
    expect(selected.length).toBeLessThan(whole.length)
  })

  test('the whole has all of them', () => {
    const { program } = read(whole)
    expect([program?.pictures, program?.audio.length]).toEqual([2, 2])
  })

  test('what is no transport stream comes back as it is', () => {
    const text = Buffer.from('#EXTM3U\n'.repeat(100))
    expect(selectStreams(text, { video: 0, audio: 0 })).toBe(text)
  })
})

describe('a sound by itself', () => {
  const packets = (from: number, to: number) =>
    whole.subarray(Math.floor((whole.length * from) / 188) * 188, Math.floor((whole.length * to) / 188) * 188)
  const timesIn = (bytes: Buffer) => {
    const times: number[] = []
    const scanner = new TsScanner({
      onPacket: ({ frame }) => void (frame !== null && times.push(frame.pts)),
      onProgramChange: () => {},
    })
    scanner.push(bytes)
    return times
  }
  const tables = whole.subarray(0, 3 * 188)
  const sounds = timesIn(selectStreams(whole, { video: null, audio: 1 }))
  const [first = 0, last = 0] = [sounds[0], sounds.at(-1)]
  const middle = first + (last - first) / 2

  test('is cut by its own time, whichever segment it was sent in', () => {
    const [before, segment, after] = [packets(0, 0.5), Buffer.concat([tables, packets(0.5, 0.75)]), packets(0.75, 1)]
    const from = middle - 20_000
    const cut = timesIn(selectSound({ before, segment, after, from, to: last }, 1))
    expect(cut).toEqual(sounds.filter(pts => pts >= from && pts < last))
    expect(cut.length).toBeGreaterThan(2)
  })

  test('that is not whole says so', () => {
    const segment = Buffer.concat([tables, packets(0, 0.5)])
    expect([lacksEnd({ segment, to: last }, 1), lacksEnd({ segment, to: first + 10_000 }, 1)]).toEqual([true, false])
  })

  test('times are compared across the wrap of the clock', () => {
    const all = { before: null, segment: whole, after: null }
    expect(timesIn(selectSound({ ...all, from: first + 2 ** 33, to: last + 2 ** 33 }, 1)).length).toBe(sounds.length - 1)
  })
})
