import 'server-only'
import { shared } from '@/lib/platform/shared'

/** What server.mjs finds under one well-known symbol: the fast door and the way to end. */
export interface ProcessHandle {
  /** The gateway, for paths that never reach Next. Absent in a worker. */
  gateway?: {
    handles(pathname: string): boolean
    listener(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse): void
  }
  /** Any request to upgrade a connection: /realtime, and refusals. Absent in a worker. */
  upgrade?(
    request: import('node:http').IncomingMessage,
    socket: import('node:stream').Duplex,
    head: Buffer,
    address: string,
  ): void
  /** Readiness off: balancers stop sending, and realtime connections look for another process. */
  drain(): void
  /** Ends streams, jobs, bus and database. */
  stop(): Promise<void>
}

const symbol = Symbol.for('watchtheflix.handle')

export function publishHandle(handle: ProcessHandle): void {
  ;(globalThis as { [symbol]?: ProcessHandle })[symbol] = handle
}

const state = () => shared('lifecycle', () => ({ draining: false, ready: false }))

export const markReady = (): void => {
  state().ready = true
}
export const markDraining = (): void => {
  state().draining = true
}
/** Ready to be sent requests: booted and not on the way out. */
export const isAccepting = (): boolean => state().ready && !state().draining
