import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { factsOf, parseFacts } from './facts'
import { SourceMeter } from './relay/source-meter'
import { type TsProgram, TsScanner } from './ts/scanner'

function scan(layout: string, ...sound: string[]): TsProgram {
  const bytes = execFileSync(
    'ffmpeg',
    [
      ...[
        '-nostdin',
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        `anoisesrc=duration=1:sample_rate=48000,aformat=channel_layouts=${layout}`,
      ],
      ...[...sound, '-f', 'mpegts', 'pipe:1'],
    ],
    { maxBuffer: 2 ** 24 },
  )
  const scanner = new TsScanner({ onPacket: () => {}, onProgramChange: () => {} })
  scanner.push(bytes)
  if (scanner.program === null) throw new Error('no program')
  return scanner.program
}

test.each([
  ['stereo', '-c:a aac', 'aac', 2],
  ['mono', '-c:a aac', 'aac', 1],
  ['5.1', '-c:a aac', 'aac', 6],
  ['mono', '-c:a mp2', 'mp2', 1],
  ['stereo', '-c:a libmp3lame', 'mp3', 2],
  ['stereo', '-c:a ac3', 'ac3', 2],
  ['5.1', '-c:a ac3', 'ac3', 6],
  ['4.0', '-c:a ac3', 'ac3', 4],
  ['5.1', '-c:a eac3', 'eac3', 6],
])('%s by %s', (layout, how, codec, channels) => {
  expect(factsOf(scan(layout, ...how.split(' '))).audio).toMatchObject([{ codec, channels }])
})

test('subtitles of a channel, and captions in its picture', () => {
  const teletext = { codec: 'dvb_teletext', pid: 300, page: 888, language: 'ger', isForDeaf: true } as const
  const program = { ...scan('mono', '-c:a', 'mp2'), texts: [teletext], captions: '608' as const }
  const facts = factsOf(program)
  expect(facts.subtitles.map(({ codec, language }) => [codec, language])).toEqual([
    ['dvb_teletext', 'ger'],
    ['eia_608', null],
  ])
  expect(parseFacts(facts)).toEqual(facts)
})

test('a source is measured once there is enough of it', () => {
  const meter = new SourceMeter()
  const program = scan('mono', '-c:a', 'mp2')
  expect([meter.isNews(program), meter.isNews(program), meter.measured()]).toEqual([true, false, null])
  const key = (pts: number) => meter.onPacket({ role: 'video', frame: { isKey: true, pts, dts: pts } } as never)
  for (const seconds of [0, 2, 4.5, 6]) key(seconds * 90_000)
  for (let segment = 0; segment < 6; segment++) meter.onSegment({ size: 500_000, duration: 2 })
  expect(meter.measured()).toEqual({ bitrate: 2_000, keyframeSeconds: 2.5 })
  expect([meter.isNews(program), meter.isNews(program)]).toEqual([true, false])
})

test('what it sends is told again when that is another than was told', () => {
  const meter = new SourceMeter()
  meter.isNews(scan('stereo', '-c:a', 'ac3'))
  expect(meter.isNews(scan('5.1', '-c:a', 'ac3'))).toBe(true)
})
