import type { ServerResponse } from 'node:http'
import { PassThrough, Readable, type Writable } from 'node:stream'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import type { FileAnswer, FilmPiece } from '@/lib/playback'
import type { GatewayEnv } from './app'
import { openToAll } from './send-answer'

type GatewayContext = Context<GatewayEnv>

/** Milliseconds after which a reader of a file that takes nothing is let go; players ask again where they stopped. */
const STUCK_READER_MS = 60_000
/** The same for a segment, which is over in seconds. */
const STUCK_SEGMENT_MS = 30_000

const playlistHeaders = {
  'content-type': 'application/vnd.apple.mpegurl',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

const segmentHeaders = {
  // Numbers are never used twice within a session, so the browser may keep what it has.
  'cache-control': 'private, max-age=60, immutable',
  'x-content-type-options': 'nosniff',
}

/** Our own pages share with nobody; what is addressed to a device line, apps on any site may read. */
const sharing = (context: GatewayContext): Record<string, string> =>
  context.req.path.startsWith('/stream/') ? { 'cross-origin-resource-policy': 'same-origin' } : openToAll

export function sendText(context: GatewayContext, text: string): Response {
  return new Response(text, { headers: { ...playlistHeaders, ...sharing(context) } })
}

/** A playlist, a stretch of subtitles or a segment of a film. */
export function sendPiece(context: GatewayContext, piece: FilmPiece): Response {
  if (piece.kind === 'media') return sendSegment(context, piece.bytes, 'video/mp4')
  if (piece.kind === 'picture') return sendPicture(context, piece.bytes)
  if (piece.kind === 'playlist') return sendText(context, piece.text)
  const type = piece.kind === 'titles' ? 'application/json' : 'text/vtt; charset=utf-8'
  return new Response(piece.text, { headers: { ...segmentHeaders, 'content-type': type, ...sharing(context) } })
}

/** A thumbnail of a film: the same for as long as its address lasts. */
function sendPicture(context: GatewayContext, bytes: Buffer): Response {
  const headers = { 'content-type': 'image/jpeg', 'cache-control': 'private, max-age=3600', 'x-content-type-options': 'nosniff' }
  return new Response(new Uint8Array(bytes), { headers: { ...headers, ...sharing(context) } })
}

export function sendSegment(context: GatewayContext, bytes: Buffer, type = 'video/mp2t'): Response {
  const headers = { ...segmentHeaders, 'content-type': type, 'content-length': String(bytes.length), ...sharing(context) }
  const outgoing = rawResponse(context)
  if (outgoing === null) return new Response(new Uint8Array(bytes), { headers })
  outgoing.writeHead(200, headers)
  // A player that stops in the middle would hold the segment for as long as it stays connected.
  outgoing.setTimeout(STUCK_SEGMENT_MS, () => outgoing.destroy())
  outgoing.end(context.req.method === 'HEAD' ? undefined : bytes)
  return RESPONSE_ALREADY_SENT
}

/** A file or part of one. The upstream ends with the client, at once. */
export function sendFile(context: GatewayContext, answer: FileAnswer): Response {
  const headers = { ...answer.headers, ...sharing(context) }
  const outgoing = rawResponse(context)
  if (outgoing !== null) {
    outgoing.writeHead(answer.status, headers)
    if (answer.body === null) outgoing.end()
    else {
      if (answer.onBytes !== undefined) answer.body.on('data', (chunk: Buffer) => answer.onBytes?.(chunk.length))
      pumpToSocket(answer.body, outgoing)
    }
    return RESPONSE_ALREADY_SENT
  }
  const body = answer.body === null ? null : (Readable.toWeb(answer.body) as ReadableStream<Uint8Array>)
  return new Response(body, { status: answer.status, headers })
}

/** Endless transport stream, without chunk framing that some set-top boxes do not understand. */
export function sendRaw(context: GatewayContext, start: (output: Writable) => void): Response {
  const headers = {
    'content-type': 'video/mp2t',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...sharing(context),
  }
  if (context.req.method === 'HEAD') return new Response(null, { headers })
  const outgoing = rawResponse(context)
  if (outgoing !== null) {
    outgoing.removeHeader('transfer-encoding')
    outgoing.shouldKeepAlive = false
    outgoing.writeHead(200, headers)
    start(outgoing)
    return RESPONSE_ALREADY_SENT
  }
  const output = new PassThrough()
  start(output)
  context.req.raw.signal.addEventListener('abort', () => output.destroy())
  return new Response(Readable.toWeb(output) as ReadableStream<Uint8Array>, { headers })
}

/** Pipes with back-pressure; whichever side ends or breaks takes the other with it. */
function pumpToSocket(body: Readable, outgoing: ServerResponse): void {
  let queued = 0
  let progressAt = performance.now()
  const watchdog = setInterval(() => {
    const now = performance.now()
    if (!outgoing.writableNeedDrain || outgoing.writableLength < queued) progressAt = now
    queued = outgoing.writableLength
    if (now - progressAt > STUCK_READER_MS) outgoing.destroy()
  }, 5_000)
  outgoing.on('close', () => {
    clearInterval(watchdog)
    body.destroy()
  })
  // The status is already out, so a broken upstream can only be told by cutting the answer short.
  body.on('error', () => outgoing.destroy())
  // A session that ends destroys its body without an error, and a pipe does not pass that on.
  body.on('close', () => body.readableEnded || outgoing.destroy())
  body.pipe(outgoing)
}

/** The Node response behind this request; null under `next dev`, where only web streams exist. */
export function rawResponse(context: GatewayContext): ServerResponse | null {
  const outgoing = context.env?.outgoing
  return outgoing !== undefined && 'writeHead' in outgoing && !('stream' in outgoing) ? (outgoing as ServerResponse) : null
}
