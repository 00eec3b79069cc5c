import { expect, test } from 'vitest'
import { type HlsSegment, parseUpstreamPlaylist } from './hls-playlist'

const base = 'http://tv.example/live/list.m3u8?token=1'
const media = (...lines: string[]) => ['#EXTM3U', '#EXT-X-TARGETDURATION:6', ...lines].join('\n')

function segmentsOf(text: string): HlsSegment[] {
  const playlist = parseUpstreamPlaylist(text, base)
  if (playlist.kind !== 'media') throw new Error('a master playlist')
  return playlist.segments
}

test('segments have their numbers, whole addresses and lengths', () => {
  const text = media(
    '#EXT-X-MEDIA-SEQUENCE:41',
    '#EXTINF:5.96,News',
    'a.ts',
    '#EXT-X-DISCONTINUITY',
    '#EXTINF:-1,',
    '/b.ts',
    '//cdn.example/c',
  )
  expect(segmentsOf(text)).toEqual([
    { sequence: 41, url: 'http://tv.example/live/a.ts', duration: 5.96, range: null, key: null, isDiscontinuous: false },
    { sequence: 42, url: 'http://tv.example/b.ts', duration: 6, range: null, key: null, isDiscontinuous: true },
    { sequence: 43, url: 'http://cdn.example/c', duration: 6, range: null, key: null, isDiscontinuous: false },
  ])
})

test('a byte range without a beginning continues the one before', () => {
  const text = media('#EXT-X-BYTERANGE:100@50', 'all.ts', '#EXT-X-BYTERANGE:70', 'all.ts', '#EXT-X-BYTERANGE:9', 'other.ts')
  expect(segmentsOf(text).map(({ range }) => range)).toEqual([
    { start: 50, length: 100 },
    { start: 150, length: 70 },
    { start: 0, length: 9 },
  ])
})

test('the initialization vector is the one given, else the number of the segment', () => {
  const text = media(
    '#EXT-X-MEDIA-SEQUENCE:258',
    '#EXT-X-KEY:METHOD=AES-128,URI="key?a=1,2"',
    'a.ts',
    '#EXT-X-KEY:METHOD=AES-128,URI="key2",IV=0x0A',
    'b.ts',
    '#EXT-X-KEY:METHOD=NONE',
    'c.ts',
  )
  expect(segmentsOf(text).map(({ key }) => key && [key.url, key.iv.toString('hex')])).toEqual([
    ['http://tv.example/live/key?a=1,2', '00000000000000000000000000000102'],
    ['http://tv.example/live/key2', '0000000000000000000000000000000a'],
    null,
  ])
})

test.each([
  ['fMP4', '#EXT-X-MAP:URI="init.mp4"\na.m4s'],
  ['sample encryption', '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="key"\na.ts'],
  ['keys of a DRM system', '#EXT-X-KEY:METHOD=AES-128,KEYFORMAT="com.apple.streamingkeydelivery",URI="key"\na.ts'],
  ['bare sound', 'a.aac'],
])('%s is no transport stream', (_name, lines) => {
  expect(parseUpstreamPlaylist(media(lines), base)).toMatchObject({ isTransportStream: false })
})

test('variants name their bandwidth and whether their sound lies elsewhere', () => {
  const text = [
    '#EXTM3U',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="own",NAME="a",URI="sound.m3u8"',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="inside",NAME="b"',
    '#EXT-X-STREAM-INF:BANDWIDTH=800000,AUDIO="inside"',
    'low.m3u8',
    '#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=1,BANDWIDTH=2000000,AUDIO="own"',
    'high.m3u8',
  ].join('\n')
  expect(parseUpstreamPlaylist(text, base)).toEqual({
    kind: 'master',
    variants: [
      { url: 'http://tv.example/live/low.m3u8', bandwidth: 800_000, hasSeparateAudio: false },
      { url: 'http://tv.example/live/high.m3u8', bandwidth: 2_000_000, hasSeparateAudio: true },
    ],
  })
})

test.each([
  ['PLAYLIST_INVALID', '<html>'],
  ['UPSTREAM_SCHEME_NOT_ALLOWED', media('file:///etc/passwd')],
  ['UPSTREAM_SCHEME_NOT_ALLOWED', media('#EXT-X-KEY:METHOD=AES-128,URI="file:///etc/passwd"')],
  ['PLAYLIST_LOOP', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlist.m3u8?token=1'],
  ['PLAYLIST_INVALID', media('#EXT-X-BYTERANGE:x@1', 'a.ts')],
  ['UPSTREAM_TOO_LARGE', media(...Array.from({ length: 20_001 }, () => 'a.ts'))],
])('%s', (code, text) => {
  expect(() => parseUpstreamPlaylist(text, base)).toThrowError(expect.objectContaining({ code }))
})
