import { expect, test } from 'vitest'
import { Failure } from '@/components/shell/failure'
import { printReport, readRefusal, redact, sayClockOff } from './diagnosis'

test.each([
  ['PROVIDER_LIMIT', 'A free connection'],
  ['CODEC_UNSUPPORTED', 'Codecs'],
  ['NO_SOURCE', 'Opening'],
] as const)('a refusal with %s is about: %s', (code, name) => {
  expect(readRefusal(new Failure({ code, say: 'Why.' }))).toEqual([{ name, state: 'bad', say: `Why. (${code})` }])
})

test.each([
  ['see http://user:pass@tv.example:8080/live/a/b/1.ts now', 'see [address] now'],
  ['from 10.1.2.3:8080', 'from [address]'],
  ['to ada@example.com', 'to [mail]'],
  ['token abcdefghijklmnopqrstuvwxyz0123456789', 'token [key]'],
  ['avc1.640028 at 1.5 Mbit/s', 'avc1.640028 at 1.5 Mbit/s'],
])('%s becomes %s', (text, clean) => {
  expect(redact(text)).toBe(clean)
})

test('the report names what is wrong and carries no address', () => {
  const report = printReport([{ name: 'The source', state: 'bad', say: 'http://tv.example/x is silent.' }], { Browser: 'Chrome' })
  expect(report).toBe('BAD The source: [address] is silent.\n    Browser: Chrome')
})

test.each([
  [90_000, 'about 2 minutes fast'],
  [-3_580_000, 'about 1 hour slow'],
  [1_800_000, 'about 30 minutes fast'],
  [15_300_000, 'about 4 hours fast'],
  [-400 * 86_400_000, 'about 400 days slow'],
])('a clock that is %i ms ahead', (ms, words) => {
  expect(sayClockOff(ms)).toContain(words)
})
