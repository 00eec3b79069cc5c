import { Readable } from 'node:stream'
import { AppError } from '@/lib/kernel/errors'
import { readBody, type SafeResponse } from '@/lib/platform/fetch'
import { findMedia } from '../relay/hls-media'
import type { HlsSegment } from '../relay/hls-playlist'
import { type Follow, SegmentFetcher } from '../relay/hls-segments'
import { looksLikePlaylist } from '../rewrite-playlist'

/** A day of segments. */
const MAX_PLAYLIST_BYTES = 4 * 2 ** 20
const playlistType = /mpegurl/i

/**
 * An archive that is HLS as the one transport stream its segments make; anything else as it came. Throws ARCHIVE_GAP for a list that
 * goes on like the live one, UPSTREAM_NOT_MEDIA for segments that are no transport stream.
 */
export async function readPlaylistThrough(response: SafeResponse, follow: Follow, signal: AbortSignal): Promise<SafeResponse> {
  const { status, headers, url } = response
  const isPlaylist = playlistType.test(headers['content-type'] ?? '') || /\.m3u8?$/i.test(new URL(url).pathname)
  if (status !== 200 || !isPlaylist) return response
  try {
    const text = (await readBody(response, { maxBytes: MAX_PLAYLIST_BYTES })).toString('utf8')
    if (text === '') throw new AppError('UPSTREAM_EMPTY')
    if (!looksLikePlaylist(text)) throw new AppError('UPSTREAM_NOT_MEDIA')
    const found = await findMedia({ address: url, first: { text, url }, follow }, signal)
    if (found === null) throw new AppError('UPSTREAM_NOT_MEDIA', { message: 'an archive that is no transport stream' })
    const { segments, isEnded, isGrowing } = found.playlist
    // A window that moves on is the live picture, whatever moment was asked for.
    if (!isEnded && !isGrowing) throw new AppError('ARCHIVE_GAP', { message: 'the playlist is a live one' })
    if (segments.length === 0) throw new AppError('UPSTREAM_EMPTY')
    return toResponse(response, segments, { follow, signal })
  } finally {
    response.cancel()
  }
}

function toResponse(
  response: SafeResponse,
  segments: readonly HlsSegment[],
  { follow, signal }: { follow: Follow; signal: AbortSignal },
): SafeResponse {
  const end = new AbortController()
  // One segment is fetched while the one before is being read; what is not asked for is never fetched.
  const pieces = fetchAll(segments, new SegmentFetcher(follow), AbortSignal.any([signal, end.signal]))
  const body = Readable.from(pieces, { objectMode: false })
  body.once('close', () => end.abort(new AppError('STREAM_ENDED')))
  return { ...response, headers: { 'content-type': 'video/mp2t' }, body, cancel: () => body.destroy() }
}

async function* fetchAll(segments: readonly HlsSegment[], fetcher: SegmentFetcher, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (const segment of segments) yield await fetcher.fetch(segment, signal)
}
