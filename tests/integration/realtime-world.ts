import * as http from 'node:http'
import * as net from 'node:net'
import { WebSocket } from 'ws'
import type { Viewer } from '@/lib/accounts/schema'
import type { ServerMessage } from '@/lib/realtime/schema'
import { startWorld, type World } from './harness'

export interface RealtimeWorld extends World {
  port: number
  /** A socket without a ticket. */
  open(headers?: Record<string, string>): Line
  /** A socket that has been welcomed. */
  connect(viewer: Viewer, since?: string): Promise<Line>
  issue(viewer: Viewer): Promise<string>
  endAll(): Promise<void>
}

export interface Line {
  socket: WebSocket
  heard: ServerMessage[]
  /** Resolves with the code it was closed with, or `http 403` when the upgrade was refused. */
  ended: Promise<number | string>
  opened: Promise<void>
  say(message: unknown): void
  /** Topics with their data, without those before. */
  news(): { topic: string; data: unknown; id: string }[]
}

export const ORIGIN = 'http://tv.example'

/** The hub behind a real server, with the bus running. */
export async function startRealtimeWorld(): Promise<RealtimeWorld> {
  const world = await startWorld({ env: { PUBLIC_URL: ORIGIN, ORIGINS: 'https://tv.example:8443' } })
  const { startBus, stopBus } = await import('@/lib/platform/bus')
  const { subscribeAll } = await import('@/lib/process/subscriptions')
  const realtime = await import('@/lib/realtime')
  await startBus()
  subscribeAll()
  const server = http.createServer((_request, response) => response.writeHead(404).end())
  server.on('upgrade', (request, socket, head) =>
    realtime.upgradeRealtime(request, socket, head, String(request.headers['x-test-address'] ?? '127.0.0.1')),
  )
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as net.AddressInfo
  const open = (headers: Record<string, string> = {}) =>
    lineOf(
      new WebSocket(`ws://127.0.0.1:${port}/realtime`, { headers: { origin: ORIGIN, ...headers }, perMessageDeflate: false }),
    )
  const issue = async (viewer: Viewer) => (await realtime.issueTicket(viewer)).ticket
  return {
    ...world,
    port,
    open,
    issue,
    connect: async (viewer, since) => {
      const line = open()
      await line.opened
      line.say({ type: 'hello', ticket: await issue(viewer), ...(since === undefined ? {} : { since }) })
      await until(() => line.heard.some(({ type }) => type === 'welcome'))
      return line
    },
    endAll: async () => {
      realtime.drainRealtime()
      server.closeAllConnections()
      server.close()
      await stopBus()
      await world.end()
    },
  }
}

function lineOf(socket: WebSocket): Line {
  const heard: ServerMessage[] = []
  socket.on('message', data => heard.push(JSON.parse(String(data))))
  const ended = new Promise<number | string>(resolve => {
    socket.on('close', code => resolve(code))
    socket.on('unexpected-response', (_request, response) => resolve(`http ${response.statusCode}`))
  })
  socket.on('error', () => {})
  return {
    socket,
    heard,
    ended,
    opened: new Promise(done => socket.once('open', () => done())),
    say: message => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    news: () => heard.flatMap(one => (one.type === 'news' ? [{ topic: one.topic, data: one.data, id: one.id }] : [])),
  }
}

export async function until(condition: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> {
  const deadline = performance.now() + ms
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms`)
    await new Promise(done => setTimeout(done, 10))
  }
}

/** A connection of bytes: what a client would never send. */
export function rawUpgrade(
  port: number,
  target = '/realtime',
): Promise<{ socket: net.Socket; head: string; ended: Promise<Buffer> }> {
  const socket = net.connect(port, '127.0.0.1')
  const parts: Buffer[] = []
  socket.on('error', () => {})
  socket.write(
    `GET ${target} HTTP/1.1\r\nHost: tv.example\r\nOrigin: ${ORIGIN}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  const ended = new Promise<Buffer>(resolve => socket.on('close', () => resolve(Buffer.concat(parts))))
  return new Promise((resolve, reject) => {
    socket.once('close', () => reject(new Error('closed before an answer')))
    socket.on('data', (part: Buffer) => {
      const text = part.toString('latin1')
      const at = text.indexOf('\r\n\r\n')
      if (parts.length === 0 && at >= 0 && text.startsWith('HTTP/1.1 ')) {
        resolve({ socket, head: text.slice(0, at), ended })
        parts.push(part.subarray(at + 4))
      } else parts.push(part)
    })
  })
}

/** A masked frame of a client; `masked: false` makes it one that no client may send. */
export function frame(opcode: number, payload: Buffer, { fin = true, masked = true } = {}): Buffer {
  const { length } = payload
  const size = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const head = Buffer.alloc(2 + size)
  head[0] = (fin ? 0x80 : 0) | opcode
  head[1] = (masked ? 0x80 : 0) | (size === 0 ? length : size === 2 ? 126 : 127)
  if (size === 2) head.writeUInt16BE(length, 2)
  if (size === 8) head.writeBigUInt64BE(BigInt(length), 2)
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([head, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload])
}

/** The code of the close frame that ends these bytes. */
export function closeCodeOf(bytes: Buffer): number | null {
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = (bytes[at + 1] ?? 0) & 0x7f
    if (((bytes[at] ?? 0) & 0x0f) === 8) return bytes.readUInt16BE(at + 2)
    at += 2 + length
  }
  return null
}
