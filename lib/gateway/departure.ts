import type { GatewayContext } from './caller'

/** Aborts when the client goes away, with an AbortError: the server's own reason is a bare string, which reads as a fault. */
export function departureOf(context: GatewayContext): AbortSignal {
  const { signal } = context.req.raw
  const departure = new AbortController()
  const leave = () => departure.abort(new DOMException('The client went away.', 'AbortError'))
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave, { once: true })
  return departure.signal
}

export function requestOf(context: GatewayContext) {
  const method = context.req.method === 'HEAD' ? ('HEAD' as const) : ('GET' as const)
  return { method, range: context.req.header('range'), signal: departureOf(context) }
}
