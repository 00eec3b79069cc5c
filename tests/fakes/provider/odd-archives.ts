import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { holdHlsSession } from './connections.ts'
import { HLS_TYPE, prefix, renderSegment, SEGMENT_SECONDS } from './hls.ts'
import { sendText } from './replies.ts'
import type { TsLoop } from './ts-loop.ts'
import type { Exchange, Login, World } from './world.ts'
import { behaviour } from './world.ts'

/** Segments that a list which moves on names at a time, and those that are still there after they have left it. */
const WINDOW = 6
const SPARE = 1
/** Seconds after which one segment leaves the list: twice as fast as time goes by, since tests wait for it. */
const STEP_SECONDS = SEGMENT_SECONDS / 2

/** Somebody's way through a past stretch. */
interface Walk {
  openedAt: number
  /** Seconds since 1970. */
  start: number
  /** Numbers of the endless stream's segments. */
  first: number
  count: number
}

const walks = new WeakMap<World, Map<string, Walk>>()

function walksOf(world: World): Map<string, Walk> {
  const known = walks.get(world) ?? new Map<string, Walk>()
  walks.set(world, known)
  return known
}

/** Catch-up as a live list of the past: a window that moves on as if the stretch were sent now. */
export function serveSlidingArchive(x: Exchange, login: Login, channelId: number, stretch: { start: number; seconds: number }) {
  const id = randomUUID()
  const first = Math.floor((stretch.start % 86_400) / SEGMENT_SECONDS)
  const count = Math.ceil(stretch.seconds / SEGMENT_SECONDS)
  walksOf(x.world).set(id, { openedAt: Date.now(), start: stretch.start, first, count })
  const list = `${prefix(login, channelId)}/past-${id}.m3u8`
  sendText(x.res, 200, `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000000\n${list}\n`, HLS_TYPE)
}

/** How many segments have left the list. */
const goneOf = ({ openedAt, count }: Walk) =>
  Math.min(Math.max(0, count - WINDOW), Math.floor((Date.now() - openedAt) / 1_000 / STEP_SECONDS))

function serveWalkList(x: Exchange, login: Login, base: string, walk: Walk): void {
  const gone = goneOf(walk)
  const listed = Array.from({ length: Math.min(WINDOW, walk.count - gone) }, (_, at) => gone + at)
  const isDated = behaviour(x.world, login).archiveLists !== 'undated'
  const time = `#EXT-X-PROGRAM-DATE-TIME:${new Date((walk.start + gone * SEGMENT_SECONDS) * 1_000).toISOString()}`
  const lines = [
    ...['#EXTM3U', '#EXT-X-VERSION:3', `#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}`, `#EXT-X-MEDIA-SEQUENCE:${gone}`],
    ...(isDated ? [time] : []),
    ...listed.flatMap(at => [`#EXTINF:${SEGMENT_SECONDS}.000,`, `${base}/${walk.first + at}.ts`]),
    ...(gone + WINDOW >= walk.count ? ['#EXT-X-ENDLIST'] : []),
  ]
  sendText(x.res, 200, `${lines.join('\n')}\n`, HLS_TYPE)
}

/** Parts of such a list. False when the address is something else. */
export function serveWalk(
  x: Exchange,
  login: Login,
  channelId: number,
  { loop, rest }: { loop: TsLoop; rest: string[] },
): boolean {
  const [folder = '', file = ''] = rest
  const id = /^past-([0-9a-f-]{36})(\.m3u8)?$/.exec(folder)?.[1]
  if (id === undefined) return false
  const walk = walksOf(x.world).get(id)
  const at = Number.parseInt(file, 10) - (walk?.first ?? 0)
  if (walk === undefined) sendText(x.res, 404, '')
  else if (file === '') serveWalkList(x, login, `${prefix(login, channelId)}/past-${id}`, walk)
  else if (!(at >= goneOf(walk) - SPARE && at < Math.min(walk.count, goneOf(walk) + WINDOW))) sendText(x.res, 404, '')
  else if (holdHlsSession(x, login, channelId))
    x.res.writeHead(200, { 'content-type': 'video/mp2t' }).end(renderSegment(loop, walk.first + at))
  return true
}

/** Catch-up as a finished list of fragments. */
export function serveFragmentedArchive(
  x: Exchange,
  login: Login,
  channelId: number,
  { start, seconds }: { start: number; seconds: number },
) {
  const first = Math.floor((start % 86_400) / SEGMENT_SECONDS)
  const base = `${prefix(login, channelId)}/fragments`
  const lines = [
    ...['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}`, '#EXT-X-PLAYLIST-TYPE:VOD'],
    `#EXT-X-MAP:URI="${base}/init.mp4"`,
    ...Array.from({ length: Math.ceil(seconds / SEGMENT_SECONDS) }, (_, at) => [
      `#EXTINF:${SEGMENT_SECONDS}.000,`,
      `${base}/${first + at}.m4s`,
    ]).flat(),
    '#EXT-X-ENDLIST',
  ]
  sendText(x.res, 200, `${lines.join('\n')}\n`, HLS_TYPE)
}

/** The beginning of the file, or one segment of it. False when the address is something else. */
export function serveFragment(
  x: Exchange,
  login: Login,
  channelId: number,
  { loop, rest }: { loop: TsLoop; rest: string[] },
): boolean {
  const [folder, file = ''] = rest
  if (folder !== 'fragments') return false
  const number = /^(\d{1,9})\.m4s$/.exec(file)?.[1]
  if (number === undefined && file !== 'init.mp4') sendText(x.res, 404, '')
  else if (holdHlsSession(x, login, channelId)) {
    fragment(renderSegment(loop, Number(number ?? 0))).then(
      bytes => {
        const at = bytes.indexOf('moof') - 4
        x.res
          .writeHead(200, { 'content-type': 'video/mp4' })
          .end(number === undefined ? bytes.subarray(0, at) : bytes.subarray(at))
      },
      () => x.res.destroy(),
    )
  }
  return true
}

/** A piece of transport stream as a file of fragments on the same clock. */
function fragment(piece: Buffer): Promise<Buffer> {
  const child = spawn(
    'ffmpeg',
    [
      ...['-loglevel', 'error', '-copyts', '-f', 'mpegts', '-i', 'pipe:0', '-c', 'copy', '-bsf:a', 'aac_adtstoasc'],
      ...['-avoid_negative_ts', 'disabled', '-use_editlist', '0'],
      ...['-movflags', 'empty_moov+default_base_moof+frag_keyframe+frag_discont+skip_trailer', '-f', 'mp4', 'pipe:1'],
    ],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  )
  const parts: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  child.stdin.on('error', () => {})
  child.stdin.end(piece)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => (code === 0 ? resolve(Buffer.concat(parts)) : reject(new Error(`ffmpeg ended with ${code}`))))
  })
}
