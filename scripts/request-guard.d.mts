import type { IncomingMessage, ServerResponse } from 'node:http'

export function createClientAddress(trusted: string): (request: IncomingMessage) => string

export function createRequestGuard(options: {
  dev: boolean
  trustedProxies: string
  isForApps: (pathname: string) => boolean
}): (request: IncomingMessage, response: ServerResponse) => string | null
