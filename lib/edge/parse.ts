import 'server-only'
import type { z } from 'zod'
import { AppError } from '@/lib/kernel/errors'

/** @throws INVALID_PARAMETER naming the first field at fault */
export function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = issue?.path.join('.') ?? ''
  // Only sentences that a schema wrote itself are for people; zod's own wording is not.
  const own = issue && /^[A-Z][^:<>]*\.$/.test(issue.message) ? issue.message : undefined
  throw new AppError('INVALID_PARAMETER', {
    message: `${field}: ${issue?.message ?? ''}`,
    ...(own ? { say: own } : {}),
    ...(field ? { field } : {}),
  })
}

/** The query as an object of single values. @throws DUPLICATE_PARAMETER, INVALID_PARAMETER for bracket forms */
export function readQuery(url: URL): Record<string, string> {
  const query: Record<string, string> = {}
  for (const [key, value] of url.searchParams) {
    if (!/^[A-Za-z_]\w{0,40}$/.test(key) || Object.hasOwn(Object.prototype, key))
      throw new AppError('INVALID_PARAMETER', { field: 'query' })
    if (value.includes('\0')) throw new AppError('INVALID_PARAMETER', { field: key })
    if (Object.hasOwn(query, key)) throw new AppError('DUPLICATE_PARAMETER', { field: key })
    query[key] = value
  }
  return query
}

/** The JSON body, read with a cap in bytes. An empty body is undefined. @throws PAYLOAD_TOO_LARGE, INVALID_PARAMETER */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw new AppError('PAYLOAD_TOO_LARGE')
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request.body ?? []) {
    size += part.byteLength
    if (size > maxBytes) throw new AppError('PAYLOAD_TOO_LARGE')
    parts.push(part)
  }
  if (size === 0) return undefined
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts))
    // PostgreSQL text cannot hold a NUL, and no field of ours needs one.
    if (/\0|\\u0000/.test(text)) throw new Error('NUL')
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('INVALID_PARAMETER', { message: 'the body is not JSON', cause })
  }
}
