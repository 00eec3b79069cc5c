import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Exchange } from './world.ts'

const CHUNK = 64 * 1024

export function sendJson(res: ServerResponse, value: unknown, status = 200): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

export function sendText(res: ServerResponse, status: number, text: string, type = 'text/plain'): void {
  res.writeHead(status, { 'content-type': type }).end(text)
}

export function sendPage(res: ServerResponse, status: number, title: string): void {
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`
  res.writeHead(status, { 'content-type': 'text/html' }).end(body)
}

function drained(res: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    const go = () => {
      res.off('drain', go)
      res.off('close', go)
      resolve()
    }
    res.on('drain', go)
    res.on('close', go)
  })
}

/** Writes piece by piece, waiting for the reader; stops when the reader has left. */
export async function sendPieces(
  x: Exchange,
  pieces: Iterable<string | Buffer>,
  limit = Number.POSITIVE_INFINITY,
): Promise<void> {
  const { res } = x
  let sent = 0
  for (const piece of inChunks(pieces)) {
    if (res.destroyed) return
    if (sent + piece.length > limit) {
      res.write(piece.subarray(0, limit - sent))
      await sleep(50)
      res.destroy()
      return
    }
    sent += piece.length
    if (!res.write(piece)) await drained(res)
  }
  res.end()
}

function* inChunks(pieces: Iterable<string | Buffer>): Generator<Buffer> {
  let text = ''
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      if (text) yield Buffer.from(text)
      text = ''
      yield piece
      continue
    }
    text += piece
    if (text.length < CHUNK) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text) yield Buffer.from(text)
}

export async function sendDrip(x: Exchange, text: string): Promise<void> {
  for (const byte of Buffer.from(text)) {
    if (x.res.destroyed) return
    x.res.write(Buffer.from([byte]))
    await sleep(2000, undefined, { ref: false })
  }
  x.res.end()
}
