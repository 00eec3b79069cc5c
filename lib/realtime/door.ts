import 'server-only'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import ipaddr from 'ipaddr.js'
import { WebSocketServer } from 'ws'
import { env } from '@/lib/platform/env'
import { shared } from '@/lib/platform/shared'
import { addConnection, countWaiting, isDraining } from './hub'
import { isAllowedOrigin } from './origins'
import { REALTIME_PATH } from './schema'

/** Messages of apps are a ticket or a word (reliability.md B17). */
const MAX_MESSAGE_BYTES = 64 * 1024
const MAX_FRAGMENTS = 16
/** Connections without a ticket so far, by address and altogether: each may hold a message's size for five seconds. */
const MAX_WAITING_HERE = 50
const MAX_WAITING = 500

const server = () =>
  shared(
    'realtime-server',
    () =>
      new WebSocketServer({
        noServer: true,
        clientTracking: false,
        perMessageDeflate: false,
        maxPayload: MAX_MESSAGE_BYTES,
        maxFragments: MAX_FRAGMENTS,
        autoPong: false,
      }),
  )

const reasons = { 400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found', 429: 'Too Many Requests', 503: 'Service Unavailable' }

/** Ends the whole connection: an upgraded socket has no time limit of its own, and its peer may keep its half for ever. */
function refuse(socket: Duplex, status: keyof typeof reasons): void {
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${reasons[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** The addresses this server is opened under. */
const ownOrigins = (): string[] => [env().PUBLIC_URL, ...env().ORIGINS].map(url => new URL(url).origin)

/** A household with IPv6 has as many addresses as it likes, all with the same first half. */
function homeOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString()
}

/** For server.mjs: any request to upgrade, with the address of who asks. */
export function upgradeRealtime(request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void {
  socket.on('error', () => socket.destroy())
  const url = request.url ?? ''
  // A whole address instead of a path is how others are asked through us (reliability.md B15).
  if (!url.startsWith('/') || url.startsWith('//')) {
    refuse(socket, 400)
    return
  }
  if (url.split('?', 1)[0] !== REALTIME_PATH) {
    refuse(socket, 404)
    return
  }
  if (isDraining()) {
    refuse(socket, 503)
    return
  }
  const { origin, host, cookie } = request.headers
  if (!isAllowedOrigin({ origin, host, hasCookie: cookie !== undefined }, ownOrigins())) {
    refuse(socket, 403)
    return
  }
  const home = homeOf(address)
  const waiting = countWaiting(home)
  if (waiting.here >= MAX_WAITING_HERE || waiting.all >= MAX_WAITING) {
    refuse(socket, 429)
    return
  }
  server().handleUpgrade(request, socket, head, opened => addConnection(opened, home))
}
