import { createReadStream, statSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { openStream } from './connections.ts'
import { sendText } from './replies.ts'
import type { TsLoop } from './ts-loop.ts'
import type { Exchange, Login, OpenStream } from './world.ts'
import { behaviour } from './world.ts'

const TYPES: Record<string, string> = { mp4: 'video/mp4', mkv: 'video/x-matroska', ts: 'video/mp2t' }
const PACKET = 188
const RENDER_PACKETS = 700

type Wanted = { from: number; to: number } | 'all' | 'unsatisfiable'

/** One byte range of a file of this size; several ranges at once are refused, as panels do. */
export function readRange(header: string | undefined, size: number): Wanted {
  if (!header?.startsWith('bytes=')) return 'all'
  const match = /^bytes=(\d*)-(\d*)$/.exec(header)
  if (!match || (match[1] === '' && match[2] === '')) return 'unsatisfiable'
  const from = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1])
  const to = match[1] === '' || match[2] === '' ? size - 1 : Math.min(size - 1, Number(match[2]))
  return from >= size || to < from ? 'unsatisfiable' : { from, to }
}

interface Bytes {
  size: number
  type: string
  kind: OpenStream['kind']
  tag: string
  read(from: number, to: number): Readable
}

function serveBytes(x: Exchange, login: Login, bytes: Bytes): void {
  const { req, res, world } = x
  const { oddRanges, refuseHead } = behaviour(world, login)
  const head = req.method === 'HEAD'
  if (head && refuseHead) {
    sendText(res, 405, '')
    return
  }
  const wanted = readRange(req.headers.range, bytes.size)
  if (wanted === 'unsatisfiable') {
    res.writeHead(416, { 'content-range': `bytes */${bytes.size}` }).end()
    return
  }
  const { from, to } = wanted === 'all' ? { from: 0, to: bytes.size - 1 } : wanted
  const headers: Record<string, string | number> = {
    'content-type': bytes.type,
    'content-length': to - from + 1,
    'accept-ranges': oddRanges ? `0-${bytes.size}` : 'bytes',
    etag: `"${bytes.tag}"`,
  }
  if (wanted !== 'all' || oddRanges) headers['content-range'] = `bytes ${from}-${to}/${bytes.size}`
  const status = wanted === 'all' ? 200 : 206
  if (head) {
    res.writeHead(status, headers).end()
    return
  }
  if (!openStream(x, login, bytes.kind)) return
  res.writeHead(status, headers)
  const source = bytes.read(from, to)
  source.on('data', (piece: Buffer) => {
    world.stats.bytesSent += piece.length
  })
  source.on('error', () => res.destroy())
  res.once('close', () => source.destroy())
  source.pipe(res)
}

export function serveFile(x: Exchange, login: Login, file: string): void {
  const path = join(x.world.mediaDir, file)
  const { size } = statSync(path)
  const type = TYPES[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
  serveBytes(x, login, {
    size,
    type,
    kind: 'vod',
    tag: `${file}-${size}`,
    read: (start, end) => createReadStream(path, { start, end }),
  })
}

function* loopBytes(loop: TsLoop, first: number, from: number, to: number): Generator<Buffer> {
  for (let at = from; at <= to; ) {
    const packet = Math.floor(at / PACKET)
    const last = Math.min(packet + RENDER_PACKETS, Math.floor(to / PACKET) + 1)
    const piece = loop.render(first + packet, first + last)
    yield piece.subarray(at - packet * PACKET, Math.min(piece.length, to + 1 - packet * PACKET))
    at = last * PACKET
  }
}

/** Catch-up is the same endless stream from an earlier packet on, offered as a finite file. */
export function serveArchive(x: Exchange, login: Login, loop: TsLoop, first: number, packets: number): void {
  const size = packets * PACKET
  serveBytes(x, login, {
    size,
    type: 'video/mp2t',
    kind: 'archive',
    tag: `archive-${first}-${packets}`,
    read: (from, to) => Readable.from(loopBytes(loop, first, from, to), { objectMode: false }),
  })
}
