import { expect, test } from 'vitest'
import { type HlsSegment, parseUpstreamPlaylist } from './hls-playlist'

const base = 'http://tv.example/live/list.m3u8?token=1'
const media = (...lines: string[]) => ['#EXTM3U', '#EXT-X-TARGETDURATION:6', ...lines].join('\n')

function segmentsOf(text: string): HlsSegment[] {
  const playlist = parseUpstreamPlaylist(text, base)
  if (playlist.kind !== 'media') throw new Error('a master playlist')
  return playlist.segments
}

const plain = { range: null, key: null, at: null, map: null, isDiscontinuous: false }

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
    { sequence: 41, url: 'http://tv.example/live/a.ts', duration: 5.96, ...plain },
    { sequence: 42, url: 'http://tv.example/b.ts', duration: 6, ...plain, isDiscontinuous: true },
    { sequence: 43, url: 'http://cdn.example/c', duration: 6, ...plain },
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
  ['fMP4 without its beginning', 'a.m4s'],
  ['fMP4 whose beginning cannot be opened', '#EXT-X-KEY:METHOD=AES-128,URI="key"\n#EXT-X-MAP:URI="init.mp4"\na.m4s'],
  ['sample encryption', '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="key"\na.ts'],
  ['keys of a DRM system', '#EXT-X-KEY:METHOD=AES-128,KEYFORMAT="com.apple.streamingkeydelivery",URI="key"\na.ts'],
  ['bare sound', 'a.aac'],
])('%s is no transport stream', (_name, lines) => {
  expect(parseUpstreamPlaylist(media(lines), base)).toMatchObject({ format: 'other' })
})

test('fragments know the beginning of their file', () => {
  const text = media('#EXT-X-MAP:URI="init.mp4",BYTERANGE="700@10"', 'a.m4s', '#EXT-X-MAP:URI="next.mp4"', 'b.m4s')
  expect(parseUpstreamPlaylist(text, base)).toMatchObject({ format: 'fmp4' })
  expect(segmentsOf(text).map(({ map }) => map)).toEqual([
    { url: 'http://tv.example/live/init.mp4', range: { start: 10, length: 700 }, key: null },
    { url: 'http://tv.example/live/next.mp4', range: null, key: null },
  ])
})

test('a date counts for what follows it', () => {
  const text = media('a.ts', '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T10:00:00+01:00', '#EXTINF:4,', 'b.ts', '#EXTINF:4,', 'c.ts')
  const nine = Date.UTC(2026, 0, 1, 9)
  expect(segmentsOf(text).map(({ at }) => at)).toEqual([null, nine, nine + 4_000])
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
