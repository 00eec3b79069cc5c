import 'server-only'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { isLoopedHop } from '@/lib/platform/fetch'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import { streamAccess } from '@/lib/playback'
import { createGateway, isGatewayPath } from './app'
import { answerFromMemory } from './hot-path'
import { addXtream } from './xtream'

const gateway = () =>
  shared('gateway', () =>
    createGateway({
      access: streamAccess('page'),
      addXtream,
      isLoopedHop,
      onError: error => log().error({ err: error }, 'a stream request failed'),
    }),
  )

const listener = () => shared('gateway-listener', () => getRequestListener(gateway().fetch, { overrideGlobalObjects: false }))

/** The fast door of server.mjs: raw Node requests, bytes straight to the socket. */
export const gatewayDoor = {
  handles: isGatewayPath,
  listener(request: IncomingMessage, response: ServerResponse): void {
    if (!answerFromMemory(request, response)) void listener()(request, response)
  },
}

/** The Next door (next dev, foreign hosts): the same answers as web streams, plain, because Next packs what it sends itself. */
export function gatewayFetch(request: Request): Response | Promise<Response> {
  const headers = new Headers(request.headers)
  headers.delete('accept-encoding')
  // Piece by piece: Next hands over a stand-in, which is no Request to the constructor.
  const { url, method, body, signal } = request
  return gateway().fetch(new Request(url, { method, headers, signal, ...(body ? { body, duplex: 'half' as const } : {}) }))
}
