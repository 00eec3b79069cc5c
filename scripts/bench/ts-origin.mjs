// A source of live transport stream, in real time, as many connections as ask: /N.ts joins what is on air, /start/N.ts begins with
// a key frame. Its own process, so that its work is not counted.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [port, kilobits] = process.argv.slice(2).map(Number)
const SECONDS = 20
/** A picture at a time, as an encoder sends. */
const BEAT_MS = 40
const PACKET = 188

/**
 * Noise, because it fills the rate that it is given; a key frame every two seconds. Without the table of service names,
 * 1.3 % of a slow channel, which a relay leaves out.
 */
function makeClip() {
  const file = join(tmpdir(), `watchtheflix-bench-plain-${kilobits}.ts`)
  if (!existsSync(file)) {
    const size = kilobits > 1_000 ? '1280x720' : '320x180'
    const video = `-c:v libx264 -preset ultrafast -b:v ${kilobits}k -minrate ${kilobits}k -maxrate ${kilobits}k -bufsize ${kilobits}k -g 50 -sc_threshold 0`
    const args = `-hide_banner -loglevel error -y -f lavfi -i testsrc2=size=${size}:rate=25,noise=alls=20:allf=t -t ${SECONDS} ${video} -pix_fmt yuv420p -muxrate ${Math.round(kilobits * 1.15)}k -sdt_period 3600 -f mpegts`
    execFileSync(process.env.FFMPEG_PATH ?? 'ffmpeg', [...args.split(' '), `file:${file}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  const bytes = readFileSync(file)
  return bytes.subarray(0, Math.floor(bytes.length / PACKET) * PACKET)
}

const clip = makeClip()
const perBeat = Math.round(clip.length / SECONDS / (1_000 / BEAT_MS) / PACKET) * PACKET
const viewers = new Set()
let opened = 0
let at = 0
/** Bytes of each channel so far: timers drift, so the rate that was asked for is not quite what is sent. */
let sent = 0
setInterval(() => {
  const part =
    at + perBeat <= clip.length
      ? clip.subarray(at, at + perBeat)
      : Buffer.concat([clip.subarray(at), clip.subarray(0, at + perBeat - clip.length)])
  at = (at + perBeat) % clip.length
  sent += perBeat
  for (const response of viewers) if (response.writableLength < 8 * 2 ** 20) response.write(part)
}, BEAT_MS)

/** From the beginning of the clip on, no byte before its time. */
function begin(response) {
  const startedAt = performance.now()
  const perMs = clip.length / SECONDS / 1_000
  let gone = 0
  starts.push(Date.now())
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) * perMs) / PACKET) * PACKET
    while (gone < due) {
      const from = gone % clip.length
      const to = Math.min(clip.length, from + due - gone)
      response.write(clip.subarray(from, to))
      gone += to - from
    }
  }, 20)
  response.on('close', () => clearInterval(timer))
}
/** When each connection that began with a key frame was made. */
const starts = []

const server = createServer((request, response) => {
  if (request.url === '/stats') {
    response.end(JSON.stringify({ open: viewers.size, opened, sent, startedAt: starts.at(-1) }))
    return
  }
  opened++
  response.writeHead(200, { 'content-type': 'video/mp2t', connection: 'close' })
  if (request.url.startsWith('/start/')) {
    begin(response)
    return
  }
  viewers.add(response)
  response.on('close', () => viewers.delete(response))
})
server.listen(port, '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
