import { AppError, type ErrorCode, isAbort } from '@/lib/kernel/errors'

const codes: Record<string, ErrorCode> = {
  ENOTFOUND: 'UPSTREAM_DNS',
  EAI_AGAIN: 'UPSTREAM_DNS',
  EAI_NODATA: 'UPSTREAM_DNS',
  EAI_NONAME: 'UPSTREAM_DNS',
  EPROTO: 'UPSTREAM_TLS',
  EPIPE: 'UPSTREAM_UNREACHABLE',
  ECONNREFUSED: 'UPSTREAM_UNREACHABLE',
  ECONNRESET: 'UPSTREAM_UNREACHABLE',
  EHOSTUNREACH: 'UPSTREAM_UNREACHABLE',
  ENETUNREACH: 'UPSTREAM_UNREACHABLE',
  EADDRNOTAVAIL: 'UPSTREAM_UNREACHABLE',
  ETIMEDOUT: 'UPSTREAM_UNREACHABLE',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'UPSTREAM_TLS',
  SELF_SIGNED_CERT_IN_CHAIN: 'UPSTREAM_TLS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'UPSTREAM_TLS',
  UNABLE_TO_GET_ISSUER_CERT: 'UPSTREAM_TLS',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'UPSTREAM_TLS',
  HOSTNAME_MISMATCH: 'UPSTREAM_TLS',
}

/** What Node reports about a connection, as one of our codes. Departures (AbortError) pass through unchanged. */
export function toUpstreamError(error: unknown, phase: 'connect' | 'body'): Error {
  if (error instanceof AppError) return error
  if (error instanceof Error && isAbort(error)) return error
  const code = systemCode(error)
  return new AppError(upstreamCode(code, phase), { message: `upstream ${phase}: ${code || 'unknown'}`, cause: error })
}

function upstreamCode(code: string, phase: 'connect' | 'body'): ErrorCode {
  // After the headers a reset means that the answer was cut short: the bytes so far cannot be called an answer.
  if (phase === 'body') return code.startsWith('ERR_SSL') ? 'UPSTREAM_TLS' : 'UPSTREAM_PROTOCOL_ERROR'
  const known = codes[code]
  if (known !== undefined) return known
  if (code.startsWith('HPE_')) return 'UPSTREAM_PROTOCOL_ERROR'
  if (code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.startsWith('CERT_')) return 'UPSTREAM_TLS'
  return 'UPSTREAM_UNREACHABLE'
}

function systemCode(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return systemCode(error.errors[0])
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
