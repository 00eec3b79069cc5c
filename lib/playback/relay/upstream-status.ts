import { AppError } from '@/lib/kernel/errors'

/** What a refusal of a stream address means (protocols.md 3.3, 3.5); null when the status is a success. */
export function refusalOf(status: number, headers: Readonly<Record<string, string>>): AppError | null {
  if (status >= 200 && status < 300) return null
  const message = `upstream status ${status}`
  const seconds = Number(headers['retry-after'])
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? { retryAfter: Math.min(seconds, 300) } : {}
  // 456, 458 and 509 are panels saying that all connections are taken: trying again could end the stream that plays.
  if (status === 456 || status === 458 || status === 509) return new AppError('PROVIDER_LIMIT', { message, ...retryAfter })
  if (status === 429 || status === 503) return new AppError('PROVIDER_BUSY', { message, ...retryAfter })
  if (status === 404 || status === 405 || status === 406 || status === 410) return new AppError('NO_SOURCE', { message })
  if (status === 401 || status === 403 || status === 454 || status === 884) return new AppError('PROVIDER_BLOCKS_US', { message })
  if (status === 416) return new AppError('RANGE_INVALID', { message })
  return new AppError(status >= 500 ? 'PROVIDER_DOWN' : 'UPSTREAM_PROTOCOL_ERROR', { message })
}
