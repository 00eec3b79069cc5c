import { Failure as ApiFailure } from '@/components/shell/failure'
import { type ErrorCode, errorCodes, isErrorCode } from '@/lib/kernel/error-codes'
import type { DrmPlayback, OtherWay } from '@/lib/playback/schema'

/** Why nothing plays, ready to be put into words. */
export interface Failure {
  code: ErrorCode
  retryable: boolean
  /** What our own server said about it, when it said more than the code. */
  say: string | null
  /** For the small type and for support: numbers, never addresses. */
  detail: string
  /** What would still play, where the server was too busy to convert. */
  otherWays?: readonly OtherWay[]
}

/** The parts of shaka.util.Error that decide. */
export interface StreamFault {
  severity: number
  category: number
  code: number
  data: readonly unknown[]
}

const byStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'TOKEN_EXPIRED',
  403: 'TOKEN_SCOPE',
  404: 'STREAM_ENDED',
  409: 'PROVIDER_LIMIT',
  410: 'STREAM_ENDED',
  414: 'TOKEN_TOO_LONG',
  415: 'CODEC_UNSUPPORTED',
  416: 'RANGE_INVALID',
  429: 'TOO_MANY_REQUESTS',
  500: 'UNEXPECTED',
  502: 'UPSTREAM_UNREACHABLE',
  503: 'STREAM_NOT_READY',
  504: 'UPSTREAM_STALLED',
}

const byShakaCode: Readonly<Record<number, ErrorCode>> = {
  1002: 'UNAVAILABLE',
  1003: 'UPSTREAM_TIMEOUT',
  1010: 'UNAVAILABLE',
  1011: 'STREAM_ENDED',
  3014: 'CODEC_UNSUPPORTED',
  3015: 'CODEC_UNSUPPORTED',
  3017: 'STREAM_ENDED',
  3018: 'UPSTREAM_PROTOCOL_ERROR',
  3023: 'CODEC_UNSUPPORTED',
  4012: 'CODEC_UNSUPPORTED',
  4015: 'UPSTREAM_NOT_MEDIA',
  4025: 'CODEC_UNSUPPORTED',
  4032: 'CODEC_UNSUPPORTED',
  4036: 'CODEC_UNSUPPORTED',
  4053: 'STREAM_NOT_READY',
  6008: 'LICENCE_REFUSED',
  6014: 'LICENCE_REFUSED',
}

/** Manifest, media, streaming … : what to think when the exact code says nothing more. */
const byCategory: Readonly<Record<number, ErrorCode>> = {
  1: 'UNAVAILABLE',
  3: 'UPSTREAM_PROTOCOL_ERROR',
  4: 'PLAYLIST_INVALID',
  5: 'UPSTREAM_STALLED',
  6: 'DRM_UNSUPPORTED',
}

/** The video element gave up; why is the first of its data, a code of MediaError. */
const VIDEO_FAILED = 3016
const BAD_HTTP_STATUS = 1001
/** The question for a licence failed; why is the first of its data. */
const LICENCE_FAILED = 6007

function readAnswer(text: unknown): { code?: string; message?: string } {
  if (typeof text !== 'string' || !text.startsWith('{')) return {}
  try {
    return (JSON.parse(text) as { error?: { code?: string; message?: string } }).error ?? {}
  } catch {
    return {}
  }
}

const codeIn = (headers: unknown): string => (headers as Record<string, string> | undefined)?.['x-error-code'] ?? ''

export function toFailure(code: ErrorCode, detail: string, say: string | null = null): Failure {
  return { code, retryable: errorCodes[code].retryable, say, detail }
}

/** Shaka's severity, category and code become one of our codes; an answer of our own server is believed first. */
export function failureOfFault(fault: StreamFault): Failure {
  const name = `${fault.severity}.${fault.category}.${fault.code}`
  if (fault.code === LICENCE_FAILED) return failureOfLicence(fault, name)
  if (fault.code === VIDEO_FAILED) return toFailure('CODEC_UNSUPPORTED', `${name} media ${fault.data[0]}`)
  if (fault.code !== BAD_HTTP_STATUS) {
    return toFailure(byShakaCode[fault.code] ?? byCategory[fault.category] ?? 'UNEXPECTED', name)
  }
  const status = Number(fault.data[1])
  // Streams are answered without words: their code stands beside them.
  const { code = codeIn(fault.data[3]), message } = readAnswer(fault.data[2])
  const known = isErrorCode(code) ? code : (byStatus[status] ?? (status >= 500 ? 'UNEXPECTED' : 'STREAM_ENDED'))
  return toFailure(known, `${name} HTTP ${status}`, message ?? null)
}

function failureOfLicence({ data: [inner] }: StreamFault, name: string): Failure {
  const { code, data = [] } = (inner ?? {}) as Partial<StreamFault>
  if (code !== BAD_HTTP_STATUS) return toFailure('UNAVAILABLE', name)
  const status = Number(data[1])
  const known =
    status === 410
      ? 'STREAM_ENDED'
      : status === 429
        ? 'TOO_MANY_REQUESTS'
        : status < 500
          ? 'LICENCE_REFUSED'
          : 'UPSTREAM_UNREACHABLE'
  return toFailure(known, `${name} HTTP ${status}`)
}

/**
 * A decoder finds no picture in what a wrong key has opened. Browsers say no more than that; a codec they lack is told sooner, and
 * a key that has opened one picture is right.
 */
export function blameKey(failure: Failure, { drm, hadPicture }: { drm: DrmPlayback | null; hadPicture: boolean }): Failure {
  const isUnread = failure.detail.endsWith(`.${VIDEO_FAILED} media 3`)
  return isUnread && drm?.hasGivenKeys && !hadPicture ? toFailure('KEY_WRONG', failure.detail) : failure
}

/** An answer of our own server that is none, by its status and the code beside it. */
export function failureOfAnswer(status: number, code: string | null): Failure {
  const known = code !== null && isErrorCode(code) ? code : (byStatus[status] ?? (status >= 500 ? 'UNEXPECTED' : 'STREAM_ENDED'))
  return toFailure(known, `HTTP ${status}`)
}

/** MediaError of a plain file: aborted, network, decode, not supported. */
export function failureOfMedia(error: MediaError | null): Failure {
  const number = error?.code ?? 0
  if (number === 2) return toFailure('UPSTREAM_STALLED', 'media 2')
  if (number === 3) return toFailure('UPSTREAM_PROTOCOL_ERROR', 'media 3')
  // Browsers give 4 both for a format they do not know and for an address that answers with an error.
  if (number === 4) return toFailure('CODEC_UNSUPPORTED', 'media 4')
  return toFailure('UNEXPECTED', `media ${number}`)
}

/** Nothing has come for long. While the server cannot be reached the provider is not to blame, and the wait is not over sooner. */
export function failureOfQuiet(before: Failure | null, online: boolean): Failure {
  return toFailure(!online || before?.code === 'UNAVAILABLE' ? 'UNAVAILABLE' : 'UPSTREAM_STALLED', 'quiet')
}

export function failureOfError(error: unknown): Failure {
  if (error instanceof ApiFailure && isErrorCode(error.code)) {
    const failure = toFailure(error.code, error.requestId ?? '', error.say === errorCodes[error.code].say ? null : error.say)
    const { otherWays } = (error.data ?? {}) as { otherWays?: OtherWay[] }
    return otherWays === undefined ? failure : { ...failure, otherWays }
  }
  return toFailure('UNEXPECTED', error instanceof Error ? error.name : '')
}
