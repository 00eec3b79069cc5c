import { AppError, type AppErrorOptions, type ErrorCode, isErrorCode } from '@/lib/kernel/errors'

interface FailureBody {
  error?: { code?: string; message?: string; requestId?: string; field?: string }
}

/** A failed call of our own API, as a screen shows it. */
export class ApiFailure extends AppError {
  readonly requestId: string | undefined

  constructor(code: ErrorCode, requestId: string | undefined, options: AppErrorOptions) {
    super(code, options)
    this.requestId = requestId
  }
}

async function toFailure(response: Response): Promise<ApiFailure> {
  const body = (await response.json().catch(() => ({}))) as FailureBody
  const { code = '', message, requestId, field } = body.error ?? {}
  const known = isErrorCode(code) ? code : response.status === 401 ? 'NOT_SIGNED_IN' : 'UNEXPECTED'
  const id = requestId ?? response.headers.get('x-request-id') ?? undefined
  return new ApiFailure(known, id, { ...(message ? { say: message } : {}), ...(field ? { field } : {}) })
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
  const response = await fetch(path, init).catch((cause: unknown) => {
    if (signal?.aborted) throw cause
    throw new ApiFailure('UNAVAILABLE', undefined, {
      say: 'This device cannot reach the server. Check the connection and try again.',
      cause,
    })
  })
  if (!response.ok) throw await toFailure(response)
  if (response.status === 204) return undefined as T
  return (await response.json()) as T
}

/** Reads one view; the shape TanStack Query calls. */
export function getView<T>(path: string, signal?: AbortSignal): Promise<T> {
  return callApi<T>('GET', path, undefined, signal)
}
