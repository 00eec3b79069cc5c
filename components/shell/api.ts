import type { ErrorCode } from '@/lib/kernel/errors'
import { Failure, toFailure } from './failure'

interface FailureBody {
  error?: { code?: ErrorCode; message?: string; requestId?: string; field?: string; data?: Record<string, unknown> }
}

async function readFailure(response: Response): Promise<Failure> {
  const body = (await response.json().catch(() => ({}))) as FailureBody
  const { code, message, requestId = response.headers.get('x-request-id') ?? undefined, field, data } = body.error ?? {}
  const unknown = toFailure(null)
  return new Failure({
    code: code ?? (response.status === 401 ? 'NOT_SIGNED_IN' : unknown.code),
    say: message ?? unknown.say,
    field,
    requestId,
    data,
    retryable: response.status === 429 || response.status >= 500,
  })
}

function reach(path: string, init: RequestInit): Promise<Response> {
  return fetch(path, init).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause
    const say = 'This device cannot reach the server. Check the connection and try again.'
    throw new Failure({ code: 'UNAVAILABLE', say, retryable: true, isUnreachable: true }, cause)
  })
}

/**
 * One call of our own API. `T` is the view named by the route: the answer comes from our own server, which has
 * already shaped it, so it is not parsed a second time in the browser (zod would double the first load).
 */
export async function callApi<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = { method, headers: { accept: 'application/json' } }
  if (signal) init.signal = signal
  if (body !== undefined) {
    init.body = JSON.stringify(body)
    init.headers = { accept: 'application/json', 'content-type': 'application/json' }
  }
  const response = await reach(path, init)
  if (!response.ok) throw await readFailure(response)
  if (response.status === 204) return undefined as T
  return (await response.json()) as T
}

/** Reads one view; the shape TanStack Query calls. */
export function getView<T>(path: string, signal?: AbortSignal): Promise<T> {
  return callApi<T>('GET', path, undefined, signal)
}

/** A view with the name that the server gave its bytes. */
export type Named<T> = T & { etag?: string }

/** Reads one view of which an earlier state may be at hand: that one comes back where it is still the same. */
export async function getIfNew<T extends object>(
  path: string,
  known: Named<T> | undefined,
  signal: AbortSignal,
): Promise<Named<T>> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (known?.etag) headers['if-none-match'] = known.etag
  const response = await reach(path, { headers, signal })
  if (response.status === 304 && known) return known
  if (!response.ok) throw await readFailure(response)
  const view = (await response.json()) as T
  const etag = response.headers.get('etag')
  return etag === null ? view : { ...view, etag }
}
