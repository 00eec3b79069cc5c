import { once } from 'node:events'
import * as http from 'node:http'
import * as https from 'node:https'
import { isIP, type LookupFunction, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { AppError } from '@/lib/kernel/errors'
import { hostOf, isAllowedLoopback, portOf, requireAllowedAddress } from './address-policy'
import { type ResolvedAddress, safeFetchSettings } from './settings'

/** A SYN that nobody answers must not use up the whole header time: the next source may be alive. */
const CONNECT_TIMEOUT_MS = 5_000
/** Bytes of response headers. Honest providers send below 4 kB. */
const MAX_HEADER_BYTES = 32_768

export interface Hop {
  url: URL
  method: string
  headers: Record<string, string>
  body: string | Buffer | undefined
  /** What the body waits for, once it could go. */
  beforeBody: (() => Promise<void>) | undefined
  privateNetworks: readonly string[]
  /** Aborts this hop: the caller's departure or the header deadline, with the reason to report. */
  signal: AbortSignal
  /** The body is read now and then: between two reads its bytes wait in the kernel, not here. */
  isGathered: boolean
}

/**
 * Sends one request without following redirects. Every address is judged inside the connection's own lookup and once
 * more on the connected socket, because literals skip the lookup and answers change between two lookups.
 */
export function sendHop(hop: Hop): Promise<{ request: http.ClientRequest; message: http.IncomingMessage }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ request: http.ClientRequest; message: http.IncomingMessage }>()
  const request = createRequest(hop)
  const fail = (error: unknown) => {
    hop.signal.removeEventListener('abort', onAbort)
    request.destroy()
    reject(error)
  }
  const onAbort = () => fail(hop.signal.reason)
  if (hop.signal.aborted) {
    request.on('error', () => {})
    fail(hop.signal.reason)
    return promise
  }
  hop.signal.addEventListener('abort', onAbort, { once: true })
  request.on('error', fail)
  request.on('socket', socket => guardSocket(socket, hop, fail))
  request.on('response', message => {
    hop.signal.removeEventListener('abort', onAbort)
    // Two lengths for one body are how requests are smuggled; a tolerant parser would take either.
    if (message.headers['transfer-encoding'] !== undefined && message.headers['content-length'] !== undefined) {
      fail(new AppError('UPSTREAM_PROTOCOL_ERROR', { message: 'both Transfer-Encoding and Content-Length' }))
      return
    }
    // Bytes after the announced end break the parser, which then tells the request but leaves the message open.
    request.on('error', error => message.destroy(error))
    resolve({ request, message })
  })
  if (hop.beforeBody === undefined) request.end(hop.body)
  else holdBody(request, hop.beforeBody).then(() => request.end(hop.body), fail)
  return promise
}

/** Sends the headers ahead, and waits for the connection and then for what the body waits for. */
async function holdBody(request: http.ClientRequest, beforeBody: () => Promise<void>): Promise<void> {
  request.flushHeaders()
  const [socket] = (await once(request, 'socket')) as [Socket]
  // `agent: false`: a connection of its own, which is still being made.
  await once(socket, socket instanceof TLSSocket ? 'secureConnect' : 'connect')
  // Its address was not allowed after all, or it came too late.
  if (!request.destroyed) await beforeBody()
}

function createRequest(hop: Hop): http.ClientRequest {
  const { url } = hop
  const send = url.protocol === 'https:' ? https.request : http.request
  return send({
    protocol: url.protocol,
    host: hostOf(url),
    port: portOf(url),
    path: `${url.pathname}${url.search}`,
    method: hop.method,
    headers: { ...hop.headers, host: url.host },
    agent: false,
    insecureHTTPParser: true,
    maxHeaderSize: MAX_HEADER_BYTES,
    lookup: guardedLookup(hop),
    // The socket's mark becomes the message's: a paused message stops the socket with the next byte instead of after 64 kB.
    ...(hop.isGathered ? { readableHighWaterMark: 1 } : {}),
    ...(isIP(hostOf(url)) === 0 ? { servername: hostOf(url) } : {}),
  })
}

function guardedLookup(hop: Hop): LookupFunction {
  return (hostname, options, callback) => {
    resolveAllowed(hostname, hop.privateNetworks).then(
      answers => {
        const [first] = answers
        if (options.all) callback(null, answers)
        else callback(null, first?.address ?? '', first?.family ?? 4)
      },
      (error: Error) => callback(error, []),
    )
  }
}

async function resolveAllowed(hostname: string, privateNetworks: readonly string[]): Promise<ResolvedAddress[]> {
  const answers = await safeFetchSettings().resolver(hostname)
  if (answers.length === 0) throw new AppError('UPSTREAM_DNS')
  // One private answer among public ones is the shape of a rebinding attack, so it spoils all of them.
  for (const { address } of answers) requireAllowedAddress(address, privateNetworks)
  return answers
}

function guardSocket(socket: Socket, hop: Hop, fail: (error: unknown) => void): void {
  const timer = setTimeout(() => fail(new AppError('UPSTREAM_TIMEOUT', { message: 'no connection' })), CONNECT_TIMEOUT_MS)
  socket.once('close', () => clearTimeout(timer))
  socket.once('connect', () => {
    clearTimeout(timer)
    if (isAllowedLoopback(hop.url, safeFetchSettings()) && socket.remoteAddress === hostOf(hop.url)) return
    try {
      requireAllowedAddress(socket.remoteAddress ?? '', hop.privateNetworks)
    } catch (error) {
      fail(error)
    }
  })
}
