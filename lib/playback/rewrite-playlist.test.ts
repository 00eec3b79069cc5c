import { describe, expect, test } from 'vitest'
import { AppError } from '@/lib/kernel/errors'
import type { HeightLimits } from './picture-fit'
import { looksLikePlaylist, rewritePlaylist } from './rewrite-playlist'

const baseUrl = 'http://cdn.example:8080/hls/token/index.m3u8?x=1'
const rewrite = (text: string) => rewritePlaylist(text, { baseUrl, link: (url, role) => `[${role} ${url}]` })

function codeOf(run: () => unknown): string {
  try {
    run()
    return 'accepted'
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}

test('golden: a live media playlist', () => {
  const { text, ...facts } = rewrite(`\uFEFF#EXTM3U\r
#EXT-X-VERSION:6\r
## made by http://user:pass@provider.example
#EXT-X-TARGETDURATION:10
#EXT-X-MEDIA-SEQUENCE:41
#EXT-X-PROVIDER-SECRET:http://provider.example/live/user/pass/1
#EXT-X-KEY:METHOD=AES-128,URI="/key/abc?u=user",IV=0x0123
#EXT-X-MAP:URI="init.mp4",BYTERANGE="720@0"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00Z
#EXTINF:9.98,Title, with comma
/hls/token/41.ts
#EXT-X-DISCONTINUITY
#EXTINF:10.0,http://leak.example
https://other.example/42.ts#fragment

#EXT-X-KEY:METHOD=NONE
#EXTINF:-1
//third.example/43.ts?a=b
`)
  expect(text).toBe(`#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:10
#EXT-X-MEDIA-SEQUENCE:41
#EXT-X-KEY:METHOD=AES-128,URI="[key http://cdn.example:8080/key/abc?u=user]",IV=0x0123
#EXT-X-MAP:URI="[map http://cdn.example:8080/hls/token/init.mp4]",BYTERANGE="720@0"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00Z
#EXTINF:9.98,Title, with comma
[segment http://cdn.example:8080/hls/token/41.ts]
#EXT-X-DISCONTINUITY
#EXTINF:10,
[segment https://other.example/42.ts]
#EXT-X-KEY:METHOD=NONE
#EXTINF:10,
[segment http://third.example/43.ts?a=b]
`)
  expect(facts).toEqual({ kind: 'media', targetDuration: 10, isLive: true, segments: 3 })
})

test('golden: a master playlist', () => {
  const { text, ...facts } = rewrite(`#EXTM3U
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",LANGUAGE="en",URI="audio/en.m3u8"
#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="c",NAME="CC",INSTREAM-ID="CC1"
#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI="skd://asset",KEYFORMAT="com.apple.streamingkeydelivery"
#EXT-X-STREAM-INF:BANDWIDTH=1280000,CODECS="avc1.4d401f,mp4a.40.2",AUDIO="a"
low/index.m3u8
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=86000,URI="low/iframe.m3u8"
`)
  expect(text).toBe(`#EXTM3U
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",LANGUAGE="en",URI="[playlist http://cdn.example:8080/hls/token/audio/en.m3u8]"
#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="c",NAME="CC",INSTREAM-ID="CC1"
#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI="skd://asset",KEYFORMAT="com.apple.streamingkeydelivery"
#EXT-X-STREAM-INF:BANDWIDTH=1280000,CODECS="avc1.4d401f,mp4a.40.2",AUDIO="a"
[playlist http://cdn.example:8080/hls/token/low/index.m3u8]
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=86000,URI="[playlist http://cdn.example:8080/hls/token/low/iframe.m3u8]"
`)
  expect(facts).toEqual({ kind: 'master', targetDuration: 0, isLive: false, segments: 1 })
})

test('nothing of the provider is left in any output line', () => {
  const { text } = rewritePlaylist(
    '#EXTM3U\n#EXT-X-DATERANGE:ID="ad",X-ASSET-URI="http://provider.example/ad"\n#EXTVLCOPT:http-referrer=http://provider.example\n#EXTINF:2,\nhttp://provider.example/1.ts\n#EXT-X-ENDLIST',
    { baseUrl, link: () => 'h' },
  )
  expect(text).toBe('#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nh\n#EXT-X-ENDLIST\n')
})

describe('bad playlists', () => {
  test.each([
    [100, '<html>login</html>', 'PLAYLIST_INVALID'],
    [107, '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nindex.m3u8?x=1\n', 'PLAYLIST_LOOP'],
    [108, `#EXTM3U\n#EXT-X-TARGETDURATION:2\n${'#EXTINF:2,\na.ts\n'.repeat(30_000)}`, 'UPSTREAM_TOO_LARGE'],
    [108, `#EXTM3U\n${'\n'.repeat(1_000_000)}`, 'UPSTREAM_TOO_LARGE'],
    [109, '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="file:///etc/passwd"\n', 'UPSTREAM_SCHEME_NOT_ALLOWED'],
    [109, '#EXTM3U\n#EXTINF:2,\nfile:///etc/passwd\n', 'UPSTREAM_SCHEME_NOT_ALLOWED'],
    [109, '#EXTM3U\n#EXT-X-MAP:URI="data:video/mp4;base64,AA"\n', 'UPSTREAM_SCHEME_NOT_ALLOWED'],
    [109, '#EXTM3U\n#EXTINF:2,\nhttp://[\n', 'PLAYLIST_INVALID'],
  ])('D5-%i', (_number, text, code) => {
    expect(codeOf(() => rewrite(text))).toBe(code)
  })

  test('D5-110: a target of zero becomes one second, a negative length the target', () => {
    const { text, targetDuration } = rewrite('#EXTM3U\n#EXT-X-TARGETDURATION:0\n#EXTINF:-1,\na.ts\n')
    expect(targetDuration).toBe(1)
    expect(text).toContain('#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n')
  })
})

test('a playlist is told by its first line, whatever stands before it', () => {
  expect(['\uFEFF\n #EXTM3U', '#EXTM3U8', '#EXTINF:1', '<html>', ''].map(looksLikePlaylist)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})

describe('no higher than so many lines', () => {
  const variant = (height: number) => `#EXT-X-STREAM-INF:BANDWIDTH=${height}000,RESOLUTION=10x${height}\n${height}.m3u8\n`
  const namesIn = (text: string, limits: HeightLimits) =>
    [...rewritePlaylist(text, { baseUrl, link: url => url, ...limits }).text.matchAll(/\/(\w+)\.m3u8/g)].map(([, name]) => name)
  const sound = '#EXT-X-STREAM-INF:BANDWIDTH=1000\nsound.m3u8\n'
  const frames = '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1000,RESOLUTION=10x270,URI="frames.m3u8"\n'
  const master = `#EXTM3U\n${variant(1080)}${variant(480)}${variant(360)}${sound}${frames}`
  const large = `#EXTM3U\n${variant(1080)}${variant(720)}`

  test.each([
    ['no limit', master, {}, ['1080', '480', '360', 'sound', 'frames']],
    ['480', master, { maxHeight: 480 }, ['480', '360', 'sound', 'frames']],
    ['lower than all of them: the lowest stays', master, { maxHeight: 144 }, ['360', 'sound', 'frames']],
    ['sound alone is no lower picture', `${large}${sound}`, { maxHeight: 480 }, ['720', 'sound']],
    ['pictures for jumping are none to watch', `${large}${frames}`, { maxHeight: 480 }, ['720', 'frames']],
    ['the account, and a wish below it', master, { accountHeight: 480, maxHeight: 144 }, ['360', 'sound', 'frames']],
    ['the account', master, { accountHeight: 720 }, ['480', '360', 'sound', 'frames']],
    ['the account, sound alone beside', `${large}${sound}`, { accountHeight: 480 }, ['sound']],
  ])('%s', (_name, text, limits, names) => {
    expect(namesIn(text, limits)).toEqual(names)
  })

  test('an account that includes none of them is told so', () => {
    expect(() => namesIn(large, { accountHeight: 480 })).toThrow(expect.objectContaining({ code: 'PICTURE_LIMIT' }))
  })
})
