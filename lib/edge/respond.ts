import 'server-only'
import { createHash } from 'node:crypto'
import { AppError, toAppError } from '@/lib/kernel/errors'
import { isDatabaseAway } from '@/lib/platform/db'
import { log } from '@/lib/platform/log'

export interface Problem {
  error: { code: string; message: string; requestId: string; field?: string; data?: Readonly<Record<string, unknown>> }
}

const plain = { 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' }

/** JSON dialect of an answer. */
export const respondJson = (data: unknown, status = 200): Response =>
  data === undefined ? new Response(null, { status: 204, headers: plain }) : Response.json(data, { status, headers: plain })

/** JSON that its asker may hold already: a bare 304 where these are the very bytes that it names. */
export function respondIfNew(request: Request, data: unknown): Response {
  const text = JSON.stringify(data)
  const etag = `"${createHash('sha1').update(text).digest('base64url')}"`
  // What packs answers on their way may have marked it as weak.
  const known = (request.headers.get('if-none-match') ?? '').split(',').map(one => one.trim().replace(/^W\//, ''))
  if (known.includes(etag)) return new Response(null, { status: 304, headers: { ...plain, etag } })
  return new Response(text, { headers: { ...plain, etag, 'content-type': 'application/json' } })
}

/** JSON dialect of a failure: a code, a sentence and a request id; what we did not foresee is logged in full and said in general. */
export function respondProblem(error: unknown, requestId: string): Response {
  const failure = isDatabaseAway(error) ? new AppError('UNAVAILABLE', { retryAfter: 2, cause: error }) : toAppError(error)
  if (failure.code === 'UNEXPECTED') log().error({ err: error, requestId }, 'a request failed unexpectedly')
  const { code, say: message, field, data } = failure
  const body: Problem = { error: { code, message, requestId, ...(field ? { field } : {}), ...(data ? { data } : {}) } }
  return Response.json(body, { status: failure.status, headers: { ...plain, ...retryHeader(failure) } })
}

/** Media dialect of a failure: a bare status; the code rides in a header for the player. */
export function respondBare(error: unknown): Response {
  const failure = toAppError(error)
  if (failure.code === 'UNEXPECTED') log().error({ err: error }, 'a media request failed unexpectedly')
  return new Response(null, {
    status: failure.status,
    headers: { ...plain, 'x-error-code': failure.code, ...retryHeader(failure) },
  })
}

const retryHeader = (failure: AppError): Record<string, string> =>
  failure.retryAfter === undefined ? {} : { 'retry-after': String(failure.retryAfter) }
