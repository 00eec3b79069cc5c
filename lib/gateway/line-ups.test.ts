import { expect, test, vi } from 'vitest'
import type { LineRecord } from '@/lib/accounts'
import { EXPECTED_MS } from './document-files'
import { answerKey, forgetLineUp, noteAsked, wasAsked } from './line-ups'

const origin = 'http://tv.example'
const line = { id: 7 } as LineRecord

test('of what a line asked for the latest few are known, of the set that it saw last', () => {
  const asked = () => forgetLineUp(line.id) ?? { set: '', names: new Set<string>() }
  const isAsked = (set: string, name: string, from = origin) => wasAsked(answerKey(from, set, name), asked())
  expect(isAsked('1.2', 'list:0')).toBe(false)
  for (let n = 0; n < 20; n++) noteAsked(line, '1.2', { origin, name: `list:${n}` })
  noteAsked(line, '1.2', { origin, name: 'list:0' })
  for (const name of ['list:20', 'list:21']) noteAsked(line, '1.2', { origin, name })
  expect([0, 1, 2, 3, 21].map(n => isAsked('1.2', `list:${n}`))).toEqual([true, false, false, true, true])
  expect([isAsked('1.3', 'list:0'), isAsked('1.2', 'list:0', 'http://else.example')]).toEqual([false, false])
  const before = asked()
  noteAsked(line, '1.3', { origin, name: 'movies' })
  expect([isAsked('1.3', 'movies'), isAsked('1.3', 'list:0'), isAsked('1.2', 'list:0')]).toEqual([true, false, false])
  // What it was like then stays as it was.
  expect(wasAsked(answerKey(origin, '1.2', 'list:0'), before)).toBe(true)
  vi.useFakeTimers({ now: Date.now() + EXPECTED_MS + 1_000, toFake: ['Date'] })
  const late = forgetLineUp(line.id)
  vi.useRealTimers()
  expect(late).toBeNull()
})
