import { PassThrough, Readable, type Writable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Answer } from './answer-cache'
import type { GatewayContext } from './caller'
import { rawResponse } from './send'

/** Milliseconds after which a reader that takes nothing of a long text is let go: it holds the text in memory. */
const STUCK_READER_MS = 60_000

/** Apps in browsers live on other sites; what they may read, they read with the line's own credentials. */
export const openToAll = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' } as const

export const jsonHeaders = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'private, no-cache',
  'x-content-type-options': 'nosniff',
  vary: 'accept-encoding',
  ...openToAll,
}

export function sendJson(context: GatewayContext, data: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return sendBytes(
    context,
    Buffer.from(JSON.stringify(data)),
    { ...jsonHeaders, 'cache-control': 'no-store', ...headers },
    status,
  )
}

/** A rendered list: packed when the app takes that, nothing at all when it has it already. */
export function sendAnswer(context: GatewayContext, { plain, packed, etag }: Answer): Response {
  const headers = { ...jsonHeaders, etag }
  if (isKnown(context, etag)) return sendBytes(context, null, headers, 304)
  if (!takesGzip(context)) return sendBytes(context, plain, headers)
  return sendBytes(context, packed, { ...headers, 'content-encoding': 'gzip' })
}

/** Weak ones are compared as well: what a proxy packs on the way is the same list. */
export function isKnown(context: GatewayContext, etag: string): boolean {
  const known = (context.req.header('if-none-match') ?? '').split(',').map(bare)
  return known.includes(bare(etag))
}

const bare = (etag: string): string => etag.trim().replace(/^W\//, '')

export const takesGzip = (context: GatewayContext): boolean =>
  /(^|,)\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*(,|$))|,|$)/i.test(context.req.header('accept-encoding') ?? '')

/** Bytes that are there already, straight to the socket. */
export function sendBytes(
  context: GatewayContext,
  bytes: Buffer | null,
  headers: Record<string, string>,
  status = 200,
): Response {
  const isHead = context.req.method === 'HEAD'
  const full = bytes === null ? headers : { ...headers, 'content-length': String(bytes.length) }
  const outgoing = rawResponse(context)
  if (outgoing === null) {
    return new Response(bytes === null || isHead ? null : new Uint8Array(bytes), { status, headers: full })
  }
  outgoing.writeHead(status, full)
  outgoing.end(isHead ? undefined : bytes)
  return RESPONSE_ALREADY_SENT
}

/**
 * A text that is made while it goes out, packed on the way when the app takes that and `mayPack`. Ends with the app's
 * departure.
 */
export function sendPieces(
  context: GatewayContext,
  pieces: AsyncIterable<string | Buffer>,
  ...[headers, mayPack = true]: [headers: Record<string, string>, mayPack?: boolean]
): Response {
  const isPacked = mayPack && takesGzip(context)
  const full = { ...headers, vary: 'accept-encoding', ...(isPacked ? { 'content-encoding': 'gzip' } : {}) }
  if (context.req.method === 'HEAD') return new Response(null, { headers: full })
  const outgoing = rawResponse(context)
  const target: Writable = outgoing ?? new PassThrough()
  // Made on the spot for one reader: the quickest packing, which is still a tenth of the plain text.
  const first: Writable = isPacked ? createGzip({ level: 1, memLevel: 9 }) : target
  if (first !== target) {
    ;(first as ReturnType<typeof createGzip>).pipe(target)
    target.once('close', () => first.destroy())
    first.once('error', () => target.destroy())
  }
  outgoing?.writeHead(200, full)
  // What has begun cannot become an error any more: it is cut short, which a packed or chunked answer shows.
  pour(pieces, first).catch(() => target.destroy())
  if (outgoing !== null) return RESPONSE_ALREADY_SENT
  return new Response(Readable.toWeb(target as PassThrough) as ReadableStream<Uint8Array>, { headers: full })
}

/** Writes no faster than the reader reads, and stops with it. */
async function pour(pieces: AsyncIterable<string | Buffer>, target: Writable): Promise<void> {
  let wake = () => {}
  const onWake = () => wake()
  target.on('drain', onWake)
  target.on('close', onWake)
  for await (const piece of pieces) {
    if (target.destroyed) return
    if (target.write(piece)) continue
    const stuck = setTimeout(() => target.destroy(), STUCK_READER_MS)
    await new Promise<void>(resolve => {
      wake = resolve
      if (target.destroyed || !target.writableNeedDrain) resolve()
    })
    clearTimeout(stuck)
  }
  target.end()
}
