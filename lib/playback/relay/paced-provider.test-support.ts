import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { configureSafeFetch, safeFetch } from '@/lib/platform/fetch'
import type { RelaySource } from './upstream'

export type Behaviour = (request: http.IncomingMessage, response: http.ServerResponse) => void

export interface PacedProvider {
  origin: string
  behaviours: Record<string, Behaviour>
  /** Connections open now, and the most ever open at once. */
  open(): number
  peak(): number
  hits: { path: string; at: number }[]
  source(path: string): RelaySource
  close(): Promise<void>
}

/** A small provider on loopback. Each path behaves as told; every connection is counted. */
export async function startPacedProvider(behaviours: Record<string, Behaviour>): Promise<PacedProvider> {
  let open = 0
  let peak = 0
  const hits: PacedProvider['hits'] = []
  const server = http.createServer((request, response) => {
    const path = request.url ?? '/'
    hits.push({ path, at: performance.now() })
    open++
    peak = Math.max(peak, open)
    response.on('close', () => open--)
    const behaviour = behaviours[path]
    if (behaviour === undefined) response.writeHead(404).end()
    else behaviour(request, response)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const port = (server.address() as AddressInfo).port
  configureSafeFetch({ ownHosts: [], loopbackAllowed: [`127.0.0.1:${port}`] })
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    behaviours,
    open: () => open,
    peak: () => peak,
    hits,
    source: path => ({
      id: path,
      connect: signal => safeFetch({ url: `${origin}${path}`, signal, headersTimeoutMs: 5_000, totalTimeoutMs: null }),
    }),
    close: () =>
      new Promise<void>(done => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

export interface Pacing {
  /** Seconds of media in the bytes. */
  seconds: number
  /** 1 is real time. */
  speed?: number
  /** What happens after the last byte. */
  afterwards?: 'end' | 'stall' | 'loop'
}

/** Sends media at its own speed, beginning at once. */
export function paced(bytes: Buffer, pacing: Pacing): Behaviour {
  const { seconds, speed = 1, afterwards = 'loop' } = pacing
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp2t' })
    response.flushHeaders()
    const startedAt = performance.now()
    const bytesPerMs = (bytes.length / seconds / 1_000) * speed
    let sent = 0
    const timer = setInterval(() => {
      const due = Math.floor((performance.now() - startedAt + 20) * bytesPerMs)
      while (sent < due) {
        const at = sent % bytes.length
        const part = bytes.subarray(at, Math.min(bytes.length, at + due - sent))
        response.write(part)
        sent += part.length
        if (sent < bytes.length || afterwards === 'loop') continue
        clearInterval(timer)
        if (afterwards === 'end') response.end()
        return
      }
    }, 20)
    response.on('close', () => clearInterval(timer))
  }
}

export async function until(condition: () => boolean, timeoutMs = 30_000): Promise<number> {
  const startedAt = performance.now()
  while (!condition()) {
    if (performance.now() - startedAt > timeoutMs) throw new Error(`not within ${timeoutMs} ms: ${condition}`)
    await new Promise(done => setTimeout(done, 10))
  }
  return performance.now() - startedAt
}

/** Prints a figure into the test log. */
export function measured(text: string): void {
  process.stdout.write(`MEASURED ${text}\n`)
}
