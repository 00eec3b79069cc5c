import { Readable } from 'node:stream'
import { AppError } from '@/lib/kernel/errors'
import { readBody, type SafeResponse } from '@/lib/platform/fetch'
import { MAX_PLAYLIST_DEPTH, openHandle, sealHandle, type UpstreamHandle } from './handles'
import type { Keyring } from './keyring'
import type { HeightLimits } from './picture-fit'
import { refusalOf } from './relay/upstream-status'
import { looksLikePlaylist, rewritePlaylist } from './rewrite-playlist'
import type { HlsStream, ResourceRequest } from './stream-access'
import { type FileAnswer, openFile } from './vod'

export interface HlsProxyOptions {
  sessionId: string
  keyring: Keyring
  /** The playlist's original address: never one that a redirect led to, whose token may be for one use. */
  rootUrl: string
  /** Higher qualities are left out: of a viewer's wish all but the lowest, and PICTURE_LIMIT where the account includes none. */
  limits?: HeightLimits
  /** A guarded GET with the provider's own User-Agent and grants. */
  fetch(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<SafeResponse>
  /** Called with each answer, so that the slot stays held while somebody watches. */
  onActivity?(): void
}

const MAX_PLAYLIST_BYTES = 4 * 2 ** 20
const MAX_KEY_BYTES = 65_536
const knownExtensions = /\.(ts|m4s|mp4|m4v|m4a|aac|mp3|ac3|ec3|vtt|webvtt|cmfv|cmfa|key|m3u8)$/i

/** A provider's own HLS through us: every address it names becomes a handle, every byte passes the guard. */
export function createHlsProxy(options: HlsProxyOptions): HlsStream {
  return {
    playlist: signal => fetchPlaylist(options, { url: options.rootUrl, role: 'playlist', depth: 0 }, signal),
    resource: async (text, request) => {
      const handle = openHandle(options.keyring, options.sessionId, text.replace(/\.[a-z0-9]{1,6}$/i, ''))
      options.onActivity?.()
      if (handle.role === 'playlist') return { text: await fetchPlaylist(options, handle, request.signal) }
      return handle.role === 'key' ? fetchKey(options, handle, request) : fetchSegment(options, handle, request)
    },
  }
}

async function fetchPlaylist(options: HlsProxyOptions, handle: UpstreamHandle, signal: AbortSignal): Promise<string> {
  if (handle.depth >= MAX_PLAYLIST_DEPTH) throw new AppError('PLAYLIST_LOOP')
  const response = await options.fetch(handle.url, {}, signal)
  try {
    const refusal = refusalOf(response.status, response.headers)
    if (refusal !== null) throw refusal
    const bytes = await readBody(response, { maxBytes: MAX_PLAYLIST_BYTES })
    if (bytes.length === 0) throw new AppError('UPSTREAM_EMPTY')
    const text = bytes.toString('utf8')
    if (!looksLikePlaylist(text)) throw new AppError('UPSTREAM_NOT_MEDIA')
    options.onActivity?.()
    const link = (url: string, role: UpstreamHandle['role']) =>
      sealHandle(options.keyring, options.sessionId, { url, role, depth: handle.depth + 1 }) + extensionFor(url, role)
    return rewritePlaylist(text, { baseUrl: response.url, link, ...options.limits }).text
  } finally {
    response.cancel()
  }
}

/** Players read the format from the ending, so the handle keeps it. */
function extensionFor(url: string, role: UpstreamHandle['role']): string {
  if (role === 'playlist') return '.m3u8'
  if (role === 'key') return '.key'
  const known = knownExtensions.exec(new URL(url).pathname)?.[0].toLowerCase()
  return known ?? (role === 'map' ? '.mp4' : '.ts')
}

async function fetchKey(options: HlsProxyOptions, handle: UpstreamHandle, request: ResourceRequest): Promise<FileAnswer> {
  const response = await options.fetch(handle.url, {}, request.signal)
  try {
    const refusal = refusalOf(response.status, response.headers)
    if (refusal !== null) throw refusal
    const key = await readBody(response, { maxBytes: MAX_KEY_BYTES })
    const headers = {
      'content-type': 'application/octet-stream',
      'cache-control': 'private, no-store',
      'content-length': String(key.length),
    }
    return { status: 200, headers, body: request.method === 'HEAD' ? null : Readable.from([key]) }
  } finally {
    response.cancel()
  }
}

function fetchSegment(options: HlsProxyOptions, handle: UpstreamHandle, request: ResourceRequest): Promise<FileAnswer> {
  return openFile({
    method: request.method,
    range: request.range,
    name: `segment${extensionFor(handle.url, handle.role)}`,
    connect: headers => options.fetch(handle.url, headers, request.signal),
  })
}
