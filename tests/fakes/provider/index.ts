import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerExchange } from './router.ts'
import type { ProviderStats } from './world.ts'
import { createWorld } from './world.ts'

export { prepareMedia } from './media.ts'
export { scenarios } from './scenarios.ts'
export type { ProviderStats } from './world.ts'

export interface Provider {
  url: string
  port: number
  stats: ProviderStats
  /** Lays a scenario's faults over every login; null takes them away. */
  setFault(name: string | null): void
  close(): Promise<void>
}

/** Starts the scripted provider; the media directory must have been filled by prepareMedia. */
export async function startProvider(options: { port?: number; host?: string; mediaDir: string }): Promise<Provider> {
  const { port = 0, host = '127.0.0.1', mediaDir } = options
  const world = createWorld(mediaDir)
  const server = createServer((req: IncomingMessage, res: ServerResponse) => {
    answerExchange(world, req, res).catch(() => {
      if (res.headersSent) res.destroy()
      else res.writeHead(400).end()
    })
  })
  server.keepAliveTimeout = 30_000
  server.on('connection', socket => {
    world.sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => world.sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  return {
    url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${address.port}`,
    port: address.port,
    stats: world.stats,
    setFault(name) {
      world.fault = name
    },
    close() {
      world.forget(null)
      for (const socket of world.sockets) socket.destroy()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}
