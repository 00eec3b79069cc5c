import { randomBytes } from 'node:crypto'
import { openStream } from './connections.ts'
import { sendPage, sendText } from './replies.ts'
import type { LiveFault } from './scenarios.ts'
import type { TsLoop } from './ts-loop.ts'
import type { Exchange, Login } from './world.ts'
import { behaviour } from './world.ts'

const BEAT_MS = 120
/** At least this much comes at once, so that a player can start without waiting. */
const BURST_SECONDS = 1
const GIVE_UP_BEHIND_SECONDS = 30
const TS_HEADERS = { 'content-type': 'video/mp2t', 'cache-control': 'no-store', connection: 'close' }

/** Index, in the endless stream, of the video frame due at this second. */
function frameAt(loop: TsLoop, second: number): number {
  return Math.floor((second / loop.seconds) * loop.frames.length)
}

export function packetOfFrame(loop: TsLoop, frame: number): number {
  const turn = Math.floor(frame / loop.frames.length)
  return turn * loop.packets + (loop.frames[frame - turn * loop.frames.length]?.packet ?? 0)
}

/** First packet of the latest keyframe at or before this second of the endless stream. */
export function keyframeBefore(loop: TsLoop, second: number): number {
  const packet = packetOfFrame(loop, frameAt(loop, second))
  const turn = Math.floor(packet / loop.packets)
  const within = packet - turn * loop.packets
  return turn * loop.packets + (loop.keyframes.findLast(k => k <= within) ?? 0)
}

/** Sends the stream as it goes on air: a burst since the last keyframe, then real time, never faster than the reader. */
function pump(x: Exchange, loop: TsLoop, login: Login, spoil: (bytes: Buffer, second: number) => Buffer): void {
  const { world, res } = x
  const started = world.onAir()
  let next = keyframeBefore(loop, started - BURST_SECONDS)
  let waiting = false
  const beat = () => {
    if (waiting || res.destroyed || login.held) return
    const now = world.onAir()
    const until = packetOfFrame(loop, frameAt(loop, now) + 1)
    if (until <= next) return
    const from = Math.max(next, until - Math.ceil((loop.packets / loop.seconds) * GIVE_UP_BEHIND_SECONDS))
    if (from > next) {
      res.destroy()
      return
    }
    const bytes = spoil(loop.render(next, until), now - started)
    next = until
    world.stats.bytesSent += bytes.length
    waiting = !res.write(bytes)
    if (waiting) {
      res.once('drain', () => {
        waiting = false
      })
    }
  }
  const timer = setInterval(beat, BEAT_MS)
  res.once('close', () => clearInterval(timer))
  beat()
}

/** Every three seconds some bytes are lost to noise or to a page of HTML. */
function spoiler(): (bytes: Buffer, second: number) => Buffer {
  let turn = 0
  return (bytes, second) => {
    if (second < 3 * (turn + 1)) return bytes
    turn++
    const noise = turn % 2 ? randomBytes(20_000) : Buffer.from('<html><body><h1>502 Bad Gateway</h1></body></html>\r\n')
    const cut = Math.floor(bytes.length / 2) + 7
    return Buffer.concat([bytes.subarray(0, cut), noise, bytes.subarray(cut)])
  }
}

function startFaulty(x: Exchange, login: Login, loop: TsLoop, fault: LiveFault): void {
  const { res, world } = x
  if (fault === 'html') {
    sendPage(res, 200, 'Welcome')
    return
  }
  if (!openStream(x, login, 'live')) return
  res.writeHead(200, TS_HEADERS)
  res.flushHeaders()
  if (fault === 'empty') res.end()
  else if (fault === 'clip') {
    const from = keyframeBefore(loop, world.onAir())
    res.end(loop.render(from, from + Math.ceil((loop.packets / loop.seconds) * 2)))
  } else if (fault === 'junk-first') {
    res.write('<br />\n<b>Notice</b>: Undefined index: ua in <b>/home/streaming/live.php</b> on line <b>41</b><br />\n')
    pump(x, loop, login, bytes => bytes)
  } else if (fault === 'garbage') pump(x, loop, login, spoiler())
  else if (fault === 'drop') {
    const timer = setTimeout(() => res.destroy(), 4000)
    res.once('close', () => clearTimeout(timer))
    pump(x, loop, login, bytes => bytes)
  }
}

export function serveLive(x: Exchange, login: Login, loop: TsLoop): void {
  const { res } = x
  const { live, hlsOnly } = behaviour(x.world, login)
  if (hlsOnly) {
    sendText(res, 405, '')
    return
  }
  if (x.req.method === 'HEAD') {
    res.writeHead(200, TS_HEADERS).end()
    return
  }
  if (live !== 'normal') {
    startFaulty(x, login, loop, live)
    return
  }
  if (!openStream(x, login, 'live')) return
  res.writeHead(200, TS_HEADERS)
  pump(x, loop, login, bytes => bytes)
}
