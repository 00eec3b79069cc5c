import { createGzip } from 'node:zlib'
import { openStream } from './connections.ts'
import { keyframeBefore } from './live.ts'
import type { OddMedia } from './scenarios.ts'
import type { TsLoop } from './ts-loop.ts'
import type { Exchange, Login } from './world.ts'

const HUGE_SEGMENTS = 1_000_000

/** Broken HTTP is written to the socket by hand, since node:http would refuse to send it. */
function writeRaw(x: Exchange, headers: string[], body: Buffer): void {
  const { socket } = x.req
  socket.write(`${['HTTP/1.1 200 OK', 'Content-Type: video/mp2t', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`)
  socket.end(body)
}

/** A few seconds of picture wrapped in HTTP that a careful client has to notice. */
export function serveOddStream(x: Exchange, login: Login, loop: TsLoop, odd: OddMedia): void {
  const from = keyframeBefore(loop, x.world.onAir())
  const bytes = loop.render(from, from + loop.packets)
  if (!openStream(x, login, 'live')) return
  if (odd === 'gzip') {
    x.res.writeHead(200, { 'content-type': 'video/mp2t', 'content-encoding': 'gzip' })
    const gzip = createGzip()
    x.res.once('close', () => gzip.destroy())
    gzip.pipe(x.res)
    gzip.end(bytes)
  } else if (odd === 'short-length') writeRaw(x, ['Content-Length: 5'], bytes)
  else if (odd === 'two-lengths')
    writeRaw(x, [`Content-Length: ${bytes.length}`, 'Transfer-Encoding: chunked'], Buffer.from('5\r\nhello\r\n0\r\n\r\n'))
  else if (odd === 'big-header') writeRaw(x, [`X-Padding: ${'x'.repeat(1_000_000)}`], bytes)
  else x.res.writeHead(200, { 'content-type': 'video/mp2t' }).end(bytes)
}

const media = (duration: string, lines: Iterable<string>) =>
  ['#EXTM3U', '#EXT-X-VERSION:3', `#EXT-X-TARGETDURATION:${duration}`, '#EXT-X-MEDIA-SEQUENCE:1', ...lines, ''].join('\n')

/** A playlist with a trap in it, or null when the scenario's oddity is not about playlists. */
export function oddPlaylist(x: Exchange, odd: OddMedia | 'none'): string | null {
  switch (odd) {
    case 'playlist-loop':
      return `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000000\n${x.path}\n`
    case 'playlist-huge':
      return media(
        '4',
        Array.from({ length: HUGE_SEGMENTS }, (_, i) => `#EXTINF:4,\n/hls/x/x/1/high/${i}.ts`),
      )
    case 'playlist-file-key':
      return media('4', ['#EXT-X-KEY:METHOD=AES-128,URI="file:///etc/passwd"', '#EXTINF:4,', 'file:///etc/hostname'])
    case 'playlist-zero':
      return media('0', ['#EXTINF:-1,', x.path.replace(/^\/(live\/)?(.*)\.m3u8$/, '/hls/$2/high/1.ts')])
    default:
      return null
  }
}
