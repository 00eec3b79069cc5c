import { passwordOf } from './accounts.ts'
import { sendText } from './replies.ts'
import type { TsLoop } from './ts-loop.ts'
import type { Exchange, Login } from './world.ts'
import { behaviour } from './world.ts'

const GROUPS_PER_SEGMENT = 2
export const SEGMENT_SECONDS = 4
const WINDOW = 6
export const HLS_TYPE = 'application/x-mpegurl'

const segmentsPerLoop = (loop: TsLoop) => loop.keyframes.length / GROUPS_PER_SEGMENT

/** First packet of a numbered segment of the endless stream. */
function segmentStart(loop: TsLoop, number: number): number {
  const per = segmentsPerLoop(loop)
  const turn = Math.floor(number / per)
  return turn * loop.packets + (loop.keyframes[(number - turn * per) * GROUPS_PER_SEGMENT] ?? 0)
}

export const prefix = (login: Login, channelId: number) => `/hls/${login.name}/${passwordOf(login.name)}/${channelId}`

function mediaPlaylist(lines: string[], first: number, numbers: number[], base: string): string {
  const head = ['#EXTM3U', '#EXT-X-VERSION:3', `#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}`, `#EXT-X-MEDIA-SEQUENCE:${first}`]
  return [...head, ...lines, ...numbers.flatMap(n => [`#EXTINF:${SEGMENT_SECONDS}.000,`, `${base}/${n}.ts`]), ''].join('\n')
}

export function serveLivePlaylist(x: Exchange, login: Login, channelId: number, quality: 'high' | 'low'): void {
  const last = Math.floor(x.world.onAir() / SEGMENT_SECONDS)
  const numbers = Array.from({ length: WINDOW }, (_, i) => last - WINDOW + i)
  const first = numbers[0] ?? 0
  const age = x.world.onAir() - first * SEGMENT_SECONDS
  const isDated = behaviour(x.world, login).archiveLists !== 'undated'
  const time = `#EXT-X-PROGRAM-DATE-TIME:${new Date(Date.now() - age * 1000).toISOString()}`
  x.res.setHeader('cache-control', 'no-store')
  sendText(x.res, 200, mediaPlaylist(isDated ? [time] : [], first, numbers, `${prefix(login, channelId)}/${quality}`), HLS_TYPE)
}

export function serveLiveHls(x: Exchange, login: Login, channelId: number, theme: string): void {
  if (!x.world.lowLoop(theme)) {
    serveLivePlaylist(x, login, channelId, 'high')
    return
  }
  const base = prefix(login, channelId)
  const variant = (bandwidth: number, size: string, quality: string, codec: string) => [
    `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth},RESOLUTION=${size},CODECS="${codec},mp4a.40.2",FRAME-RATE=25.000`,
    `${base}/${quality}.m3u8`,
  ]
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:3',
    ...variant(1_050_000, '640x360', 'high', 'avc1.42c01e'),
    ...variant(480_000, '320x180', 'low', 'avc1.42c00c'),
    '',
  ]
  x.res.setHeader('cache-control', 'no-store')
  sendText(x.res, 200, lines.join('\n'), HLS_TYPE)
}

/** Catch-up as HLS is a finished playlist of the same numbered segments. */
export function serveArchivePlaylist(x: Exchange, login: Login, channelId: number, second: number, seconds: number): void {
  const first = Math.max(0, Math.floor(second / SEGMENT_SECONDS))
  const numbers = Array.from({ length: Math.ceil(seconds / SEGMENT_SECONDS) }, (_, i) => first + i)
  const text = mediaPlaylist(['#EXT-X-PLAYLIST-TYPE:VOD'], 0, numbers, `${prefix(login, channelId)}/high`)
  sendText(x.res, 200, `${text}#EXT-X-ENDLIST\n`, HLS_TYPE)
}

export const renderSegment = (loop: TsLoop, number: number): Buffer =>
  loop.render(segmentStart(loop, number), segmentStart(loop, number + 1))

export function serveSegment(x: Exchange, loop: TsLoop, number: number): void {
  const bytes = renderSegment(loop, number)
  x.world.stats.bytesSent += bytes.length
  x.res
    .writeHead(200, { 'content-type': 'video/mp2t', 'content-length': bytes.length })
    .end(x.req.method === 'HEAD' ? undefined : bytes)
}
