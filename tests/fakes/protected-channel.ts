import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { promisify } from 'node:util'
import { listBoxes } from '@/lib/playback/drm/box-places'
import { commonPssh, protectInit } from '@/lib/playback/drm/protect-init'
import { protectSegment } from '@/lib/playback/drm/protect-segment'

const SEGMENT_SECONDS = 2
const SEGMENTS = 60
const WINDOW = 6

export interface ProtectedChannel {
  /** Its playlist. */
  url: string
  close(): Promise<void>
}

/** A test picture with a tone as a file of fragments, one to a segment. */
async function makeClear(): Promise<Buffer> {
  const seconds = String(SEGMENT_SECONDS * SEGMENTS)
  const { stdout } = await promisify(execFile)(
    'ffmpeg',
    [
      ...[
        '-v',
        'error',
        '-nostdin',
        '-f',
        'lavfi',
        '-i',
        'testsrc2=s=320x180:r=25',
        '-f',
        'lavfi',
        '-i',
        'sine=440',
        '-t',
        seconds,
      ],
      ...[
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-pix_fmt',
        'yuv420p',
        '-g',
        String(SEGMENT_SECONDS * 25),
        '-sc_threshold',
        '0',
      ],
      ...['-b:v', '300k', '-c:a', 'aac', '-movflags', 'empty_moov+default_base_moof+frag_keyframe', '-f', 'mp4', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 2 ** 26 },
  )
  return stdout
}

/**
 * A channel as providers of protected ones send it: HLS of fMP4 under Common Encryption, whose playlist names the key and does not
 * have it. Encrypted by our own code, which FFmpeg reads (protect.test), since FFmpeg 5.1 encrypts no fragments.
 */
export async function startProtectedChannel(port: number, keyId: string, key: string): Promise<ProtectedChannel> {
  const clear = await makeClear()
  const boxes = listBoxes(clear)
  const starts = boxes.filter(({ type }) => type === 'moof').map(({ start }) => start)
  const end = boxes.findLast(({ type }) => type === 'mdat')?.end ?? 0
  const { init, tracks } = protectInit(clear.subarray(0, starts[0]), keyId)
  const segments = starts.map((start, at) => protectSegment(clear.subarray(start, starts[at + 1] ?? end), key, tracks))
  const began = Date.now()
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://channel').pathname
    const number = /^\/(\d+)\.m4s$/.exec(path)?.[1]
    const bytes = path === '/init.mp4' ? init : segments[Number(number)]
    if (path === '/live.m3u8') {
      const passed = Math.floor((Date.now() - began) / 1_000 / SEGMENT_SECONDS)
      response.writeHead(200, { 'content-type': 'application/x-mpegurl' }).end(printPlaylist(keyId, passed))
    } else if (bytes === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': 'video/mp4' }).end(bytes)
  })
  await new Promise<void>(done => server.listen(port, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${port}/live.m3u8`,
    close: () =>
      new Promise(done => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

/** What is listed once so many segments have gone by. */
function printPlaylist(keyId: string, passed: number): string {
  const pssh = commonPssh(Buffer.from(keyId, 'hex')).toString('base64')
  const form = 'KEYFORMAT="urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed",KEYFORMATVERSIONS="1"'
  const first = Math.min(passed, SEGMENTS - WINDOW)
  const lines = [
    ...['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}`, `#EXT-X-MEDIA-SEQUENCE:${first}`],
    `#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,${form},KEYID=0x${keyId},URI="data:text/plain;base64,${pssh}"`,
    '#EXT-X-MAP:URI="init.mp4"',
    ...Array.from({ length: WINDOW }, (_, at) => [`#EXTINF:${SEGMENT_SECONDS}.000,`, `${first + at}.m4s`]).flat(),
  ]
  return `${lines.join('\n')}\n`
}
