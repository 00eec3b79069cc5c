import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { blankTrack, type FilmTrack } from '../film'
import { splitMpegAudio } from './audio-frames'
import { AviPackets, describeShown } from './avi-packets'

const make = (...args: string[]) => execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...args, 'pipe:1'], { maxBuffer: 2 ** 24 })
const trackOf = (kind: 'video' | 'audio', codec: string): FilmTrack => ({
  ...blankTrack,
  id: 1,
  kind,
  codec,
  matroska: { id: kind === 'video' ? 'V_MS/VFW/FOURCC' : 'A_MS/ACM', config: null },
})

const picture = (...options: string[]) =>
  make('-f', 'lavfi', '-i', 'testsrc2=size=160x96:rate=25:duration=1', '-c:v', 'libx264', ...options, '-f', 'h264')

test.each([
  ['without pictures that look ahead', ['-bf', '0'], true],
  ['of the baseline profile', ['-profile:v', 'baseline', '-pix_fmt', 'yuv420p'], true],
  ['with pictures that look ahead', ['-bf', '2'], true],
  ['of half frames', ['-bf', '2', '-x264-params', 'interlaced=1'], false],
])('H.264 %s', (_name, options, isCopied) => {
  const described = describeShown(trackOf('video', 'h264'), picture(...options))
  expect(described?.track.matroska.id ?? null).toBe(isCopied ? 'V_MPEG4/ISO/AVC' : null)
  expect(described?.track.matroska.config?.[0]).toBe(isCopied ? 1 : undefined)
})

test('a picture that holds no parameter sets, and one of another codec, are encoded', () => {
  expect(describeShown(trackOf('video', 'h264'), Buffer.from([0, 0, 1, 0x65, 1, 2, 3]))).toBeNull()
  expect(describeShown(trackOf('video', 'mpeg4'), picture('-bf', '0'))).toBeNull()
})

test.each(['-b:a 128k', '-q:a 4'])('MP3 (%s) that was cut anywhere comes as whole frames, each at its moment', how => {
  const bytes = make(
    '-f',
    'lavfi',
    '-i',
    'sine=440:duration=3:sample_rate=48000',
    '-c:a',
    'libmp3lame',
    ...how.split(' '),
    '-f',
    'mp3',
  )
  const whole = splitMpegAudio(bytes).frames
  const packets = new AviPackets(trackOf('audio', 'mp3'))
  const step = 1_000
  const got = Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) => {
    const data = bytes.subarray(index * step, (index + 1) * step)
    return packets.push({ seconds: ((index * step) / bytes.length) * 3, isKey: true, data })
  }).flat()
  expect(got.length).toBe(whole.length)
  expect(Buffer.concat(got.map(({ data }) => data)).equals(Buffer.concat(whole.map(({ data }) => data)))).toBe(true)
  for (const [index, { pts }] of got.entries()) expect(Math.abs(pts - index * 0.024)).toBeLessThan(0.25)
})

test('after a gap the index is believed', () => {
  const bytes = make(
    '-f',
    'lavfi',
    '-i',
    'sine=440:duration=1:sample_rate=48000',
    '-c:a',
    'libmp3lame',
    '-b:a',
    '128k',
    '-f',
    'mp3',
  )
  const packets = new AviPackets(trackOf('audio', 'mp3'))
  packets.push({ seconds: 0, isKey: true, data: bytes })
  expect(packets.push({ seconds: 60, isKey: true, data: bytes })[0]?.pts).toBe(60)
})
