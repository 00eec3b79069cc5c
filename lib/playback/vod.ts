import type { Readable } from 'node:stream'
import { AppError } from '@/lib/kernel/errors'
import type { SafeResponse } from '@/lib/platform/fetch'
import { mediaTypeOf } from './media-types'
import { parseContentRange, parseRange, type RangeRequest } from './range'
import { refusalOf } from './relay/upstream-status'

export interface FileRequest {
  method: 'GET' | 'HEAD'
  /** The client's Range header. */
  range: string | undefined
  /** The file's name; its extension decides the media type, because providers often send a wrong one. */
  name: string
  /** Size in bytes when it is known from before; saves the connection that HEAD would cost. */
  knownSize?: number
  /**
   * Sends a GET to the original address, never to one a redirect led to: the tokens in those are for one use and belong
   * to one range (protocols.md 3.2).
   */
  connect(headers: Record<string, string>): Promise<SafeResponse>
}

export interface FileAnswer {
  status: 200 | 206 | 416
  headers: Record<string, string>
  /** Null when there is nothing to send. Its owner must destroy it when the client leaves. */
  body: Readable | null
  /** Told how many bytes of the body went out. */
  onBytes?(count: number): void
}

/**
 * Passes a provider's file on, with ranges and headers as players expect them. A range that makes no sense is a 416
 * answer. Throws the UPSTREAM_* and PROVIDER_* codes.
 */
export async function openFile(request: FileRequest): Promise<FileAnswer> {
  const range = parseRange(request.range)
  if (range.kind === 'invalid') return unsatisfiable(request.knownSize ?? null)
  if (request.method === 'HEAD') return describeFile(request)
  const headers: Record<string, string> = range.kind === 'whole' ? {} : { range: range.header }
  const response = await request.connect(headers)
  try {
    return await toAnswer(request, range, response)
  } catch (error) {
    response.cancel()
    throw error
  }
}

async function describeFile(request: FileRequest): Promise<FileAnswer> {
  const size = request.knownSize ?? (await askSize(request))
  const headers = { ...baseHeaders(request.name), ...(size === null ? {} : { 'content-length': String(size) }) }
  return { status: 200, headers, body: null }
}

/** Many panels refuse HEAD, so the size comes from the first byte. */
async function askSize(request: FileRequest): Promise<number | null> {
  const response = await request.connect({ range: 'bytes=0-0' })
  response.cancel()
  const refusal = refusalOf(response.status, response.headers)
  if (refusal !== null && refusal.code !== 'RANGE_INVALID') throw refusal
  const total = parseContentRange(response.headers['content-range'])?.total ?? null
  if (total !== null) return total
  return response.status === 200 ? readLength(response.headers['content-length']) : null
}

async function toAnswer(request: FileRequest, range: RangeRequest, response: SafeResponse): Promise<FileAnswer> {
  if (response.status === 416) {
    response.cancel()
    return unsatisfiable(readTotal(response.headers['content-range']))
  }
  const refusal = refusalOf(response.status, response.headers)
  if (refusal !== null) throw refusal
  await requireMedia(response)
  const headers = { ...baseHeaders(request.name, response.headers['content-type']), ...keepHeaders(response.headers) }
  const sent = parseContentRange(response.headers['content-range'])
  // Panels send a Content-Range with 200 as well; it counts only when the client asked for a part.
  if (range.kind === 'whole' || sent === null) {
    const isWhole = sent !== null && sent.start === 0 && sent.end + 1 === sent.total
    if (response.status === 206 && !isWhole) {
      throw new AppError('UPSTREAM_PROTOCOL_ERROR', { message: '206 without a usable Content-Range' })
    }
    return { status: 200, headers: withLength(headers, readLength(response.headers['content-length'])), body: response.body }
  }
  if (range.kind === 'part' && sent.start !== range.start) {
    throw new AppError('UPSTREAM_PROTOCOL_ERROR', { message: 'another range than asked for' })
  }
  const contentRange = `bytes ${sent.start}-${sent.end}/${sent.total ?? '*'}`
  return {
    status: 206,
    headers: { ...withLength(headers, sent.end - sent.start + 1), 'content-range': contentRange },
    body: response.body,
  }
}

/** Throws UPSTREAM_EMPTY or, when a text type turns out to be a page, UPSTREAM_NOT_MEDIA. Consumes nothing. */
async function requireMedia(response: SafeResponse): Promise<void> {
  const { body, headers } = response
  const first = await peek(body)
  if (first === null) throw new AppError('UPSTREAM_EMPTY')
  if (!/^(text\/|application\/(json|xhtml|xml))/i.test(headers['content-type'] ?? '')) return
  // Some panels label films as text/html, so only what really begins like a page is one.
  if (/^\s*[<{[]/.test(first.toString('latin1', 0, 64)) || isMostlyText(first)) throw new AppError('UPSTREAM_NOT_MEDIA')
}

/** The first bytes of a stream, which stay in it; null when it ends without any. */
function peek(body: Readable): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    body.once('error', reject)
    body.once('end', () => resolve(null))
    body.once('readable', () => {
      const first: Buffer | null = body.read()
      // Back in the same tick: a tick later an ended stream takes nothing back.
      if (first !== null) body.unshift(first)
      resolve(first)
    })
  })
}

function isMostlyText(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 512)
  const printable = head.filter(byte => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127)).length
  return printable > head.length * 0.95
}

function baseHeaders(name: string, upstreamType?: string): Record<string, string> {
  const isUsable = upstreamType !== undefined && /^(video|audio)\//i.test(upstreamType)
  return {
    'content-type': mediaTypeOf(name) ?? (isUsable ? upstreamType : 'application/octet-stream'),
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
  }
}

function keepHeaders(upstream: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of ['etag', 'last-modified']) {
    const value = upstream[name]
    if (value !== undefined) kept[name] = value
  }
  return kept
}

function withLength(headers: Record<string, string>, length: number | null): Record<string, string> {
  return length === null ? headers : { ...headers, 'content-length': String(length) }
}

function unsatisfiable(total: number | null): FileAnswer {
  return {
    status: 416,
    headers: { 'content-range': `bytes */${total ?? '*'}`, 'cache-control': 'private, no-store' },
    body: null,
  }
}

function readLength(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : null
}

function readTotal(contentRange: string | undefined): number | null {
  return readLength(/\/(\d{1,15})\s*$/.exec(contentRange ?? '')?.[1])
}
