import { describe, expect, test } from 'vitest'
import { sampleMedia } from '../sample-media.test-support'
import { TsScanner } from './scanner'
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
    expect(scanner.continuityErrors).toBe(0)
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
