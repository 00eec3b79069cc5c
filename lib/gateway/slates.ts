import 'server-only'
import { getLineSettings } from '@/lib/accounts'
import { AppError, type ErrorCode, errorCodes, isErrorCode, toAppError } from '@/lib/kernel/errors'
import { slateFor } from '@/lib/playback'
import type { GatewayContext } from './caller'
import { openToAll, sendBytes } from './send-answer'

/** Failures that an app would show as a black screen: a clip says instead what is the matter. */
const shown: ReadonlySet<ErrorCode> = new Set([
  'LINE_FULL',
  'ACCESS_ENDED',
  'BEDTIME',
  'PROVIDER_LIMIT',
  'SLOT_TAKEN',
  'PROVIDER_BUSY',
  'PROVIDER_DOWN',
  'PROVIDER_BLOCKS_US',
  'ALL_SOURCES_FAILED',
  'STREAM_NOT_READY',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_NOT_MEDIA',
  'UPSTREAM_EMPTY',
  'UPSTREAM_STALLED',
])
/** Of a slate, in seconds. */
const SECONDS = 6

/** Answers a failed channel with a short clip that says why. Throws the failure itself where clips are off or cannot be made. */
export async function answerWithSlate(context: GatewayContext, cause: unknown, isHls: boolean): Promise<Response> {
  const error = toAppError(cause)
  if (context.req.raw.signal.aborted || !shown.has(error.code) || !(await getLineSettings()).slates) throw cause
  const clip = await slateFor(errorCodes[error.code].say)
  if (clip === null) throw cause
  const headers = { 'cache-control': 'no-store', 'x-error-code': error.code, ...openToAll }
  if (!isHls) return sendBytes(context, clip, { 'content-type': 'video/mp2t', ...headers })
  const playlist = `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:${SECONDS}\n#EXTINF:${SECONDS}.0,\n/hls/slate/${error.code}.ts\n#EXT-X-ENDLIST\n`
  return sendBytes(context, Buffer.from(playlist), { 'content-type': 'application/vnd.apple.mpegurl', ...headers })
}

/** The clip of a failure by its code; sentences come from the table, never from an address. @throws NOT_FOUND */
export async function answerSlate(context: GatewayContext, file: string): Promise<Response> {
  const code = file.replace(/\.ts$/, '')
  const clip = isErrorCode(code) && shown.has(code) ? await slateFor(errorCodes[code].say) : null
  if (clip === null) throw new AppError('NOT_FOUND')
  return sendBytes(context, clip, { 'content-type': 'video/mp2t', 'cache-control': 'public, max-age=3600', ...openToAll })
}
