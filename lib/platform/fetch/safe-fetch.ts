import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { AppError } from '@/lib/kernel/errors'
import { parseUpstreamUrl } from './address-policy'
import { type Hop, sendHop } from './connect'
import { decodeBody } from './decode-body'
import { type Gather, GuardedBody } from './guarded-body'
import { HOP_HEADER, nextHop } from './hops'
import { safeFetchSettings } from './settings'
import { toUpstreamError } from './upstream-error'

export interface SafeRequest {
  url: string
  method?: 'GET' | 'HEAD' | 'POST'
  /** A player-like User-Agent is filled in, because many providers refuse unknown ones. */
  headers?: Record<string, string>
  body?: string | Buffer
  /**
   * Awaited when the connection stands and the headers have gone: the body, without which a request counts for nothing, follows
   * after it. When it fails the body stays here, and its reason is thrown.
   */
  beforeBody?: () => Promise<void>
  signal?: AbortSignal
  /** Milliseconds until the headers of the final answer, all redirects included. */
  headersTimeoutMs: number
  /** Milliseconds until the end of the body. Null only for live bytes, which need `idleTimeoutMs` instead. */
  totalTimeoutMs: number | null
  /** Longest silence in ms inside the body. */
  idleTimeoutMs?: number
  /** For live bytes that may wait a moment. */
  gather?: Gather
  /** Most bytes of (unpacked) body. Without it live bytes are unlimited and packed bodies end at 1 GiB. */
  maxBytes?: number
  maxRedirects?: number
  /** CIDR ranges an admin granted to this provider. */
  privateNetworks?: readonly string[]
  /** True asks for compression and unpacks; false leaves the body as it is; by default only mislabelled bodies are unpacked. */
  decompress?: boolean
  /** The X-Iptv-Hop header of the request on whose behalf this one is made. */
  incomingHop?: string
}

export interface SafeResponse {
  status: number
  /** Lower-case names; repeated headers joined with a comma. */
  headers: Record<string, string>
  /** The address that answered, after redirects. Relative addresses in a playlist resolve against it. Never store it. */
  url: string
  body: Readable
  /** Lets go of the connection at once. Safe to call at any time, also twice. */
  cancel(): void
}

const DEFAULT_USER_AGENT = 'VLC/3.0.21 LibVLC/3.0.21'
const DEFAULT_UNPACKED_BYTES = 2 ** 30
const redirectStatuses = new Set([301, 302, 303, 307, 308])
const secretHeaders = ['authorization', 'cookie', 'proxy-authorization']

/**
 * The only way to an address that a person or a provider supplied. Any status is a response, not an error.
 * Throws the UPSTREAM_* codes and DECOMPRESSION_LIMIT; when `signal` aborts, its reason. Errors of the body arrive on
 * the body with the same codes. Whoever does not read the body to its end must call `cancel()`.
 */
export async function safeFetch(request: SafeRequest): Promise<SafeResponse> {
  const startedAt = performance.now()
  const deadline = new AbortController()
  const timeoutMs = Math.min(request.headersTimeoutMs, request.totalTimeoutMs ?? Number.POSITIVE_INFINITY)
  const timer = setTimeout(() => deadline.abort(new AppError('UPSTREAM_TIMEOUT')), timeoutMs)
  const signal = request.signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, request.signal])
  try {
    return toResponse(request, await followRedirects(request, signal), startedAt)
  } catch (error) {
    throw toUpstreamError(error, 'connect')
  } finally {
    clearTimeout(timer)
  }
}

interface Answer {
  request: ClientRequest
  message: IncomingMessage
}

async function followRedirects(request: SafeRequest, signal: AbortSignal): Promise<{ answer: Answer; url: URL }> {
  let hop = firstHop(request, signal)
  for (let redirects = 0; ; redirects++) {
    const answer = await sendHop(hop)
    const location = answer.message.headers.location
    if (!redirectStatuses.has(answer.message.statusCode ?? 0) || location === undefined) return { answer, url: hop.url }
    answer.message.on('error', () => {})
    answer.request.destroy()
    if (redirects >= (request.maxRedirects ?? 5)) throw new AppError('UPSTREAM_TOO_MANY_REDIRECTS')
    hop = nextRequest(hop, location, answer.message.statusCode ?? 302)
  }
}

function firstHop(request: SafeRequest, signal: AbortSignal): Hop {
  const privateNetworks = request.privateNetworks ?? []
  return {
    url: parseUpstreamUrl(request.url, { ...safeFetchSettings(), privateNetworks }),
    method: request.method ?? 'GET',
    headers: {
      'user-agent': DEFAULT_USER_AGENT,
      accept: '*/*',
      'accept-encoding': request.decompress ? 'gzip, deflate, br' : 'identity',
      ...lowerCaseNames(request.headers),
      ...(request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) }),
      [HOP_HEADER]: nextHop(request.incomingHop),
    },
    body: request.body,
    beforeBody: request.beforeBody,
    privateNetworks,
    signal,
    isGathered: request.gather !== undefined,
  }
}

function nextRequest(hop: Hop, location: string, status: number): Hop {
  if (!URL.canParse(location, hop.url)) throw new AppError('UPSTREAM_URL_INVALID')
  const rules = { ...safeFetchSettings(), privateNetworks: hop.privateNetworks }
  const url = parseUpstreamUrl(new URL(location, hop.url).href, rules)
  const headers = { ...hop.headers }
  const holdsSecret = secretHeaders.some(name => headers[name] !== undefined)
  if (holdsSecret && hop.url.protocol === 'https:' && url.protocol === 'http:') {
    throw new AppError('UPSTREAM_REDIRECT_UNSAFE', { message: 'https to http with credentials' })
  }
  if (url.origin !== hop.url.origin) for (const name of secretHeaders) delete headers[name]
  if (status === 307 || status === 308 || hop.method === 'HEAD') return { ...hop, url, headers }
  delete headers['content-length']
  delete headers['content-type']
  return { ...hop, url, headers, method: 'GET', body: undefined, beforeBody: undefined }
}

function toResponse(request: SafeRequest, arrival: { answer: Answer; url: URL }, startedAt: number): SafeResponse {
  const { answer, url } = arrival
  const headers = flattenHeaders(answer.message)
  const maxBytes = request.maxBytes ?? Number.POSITIVE_INFINITY
  const encoding = headers['content-encoding'] ?? 'identity'
  const limits = { maxBytes: Math.min(maxBytes, DEFAULT_UNPACKED_BYTES) }
  // The guard below would report the cap as "too large"; while unpacking, the unpacker's own code is the exact one.
  const unpacked = request.decompress === false ? null : decodeBody(answer.message, encoding, limits)
  if (unpacked !== null) {
    delete headers['content-encoding']
    delete headers['content-length']
  }
  // Before the body, whose constructor may already let go.
  const onAbort = () =>
    body.destroy(request.signal?.reason instanceof Error ? request.signal.reason : new AppError('UPSTREAM_TIMEOUT'))
  const body = new GuardedBody(unpacked ?? answer.message, {
    maxBytes: unpacked === null ? maxBytes : Number.POSITIVE_INFINITY,
    idleTimeoutMs: request.idleTimeoutMs ?? null,
    gather: request.gather ?? null,
    deadline: request.totalTimeoutMs === null ? null : startedAt + request.totalTimeoutMs,
    release: () => {
      request.signal?.removeEventListener('abort', onAbort)
      answer.request.destroy()
    },
  })
  request.signal?.addEventListener('abort', onAbort, { once: true })
  // A caller that cancels before it reads has nobody listening for the error.
  body.on('error', () => {})
  return { status: answer.message.statusCode ?? 0, headers, url: url.href, body, cancel: () => body.destroy() }
}

function flattenHeaders(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return headers
}

function lowerCaseNames(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
