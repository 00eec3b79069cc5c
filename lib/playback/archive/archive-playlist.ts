import { Readable } from 'node:stream'
import { AppError } from '@/lib/kernel/errors'
import { MINUTE, SECOND } from '@/lib/kernel/time'
import { readBody, type SafeResponse } from '@/lib/platform/fetch'
import { findMedia, type MediaPlaylist } from '../relay/hls-media'
import { type Follow, SegmentFetcher } from '../relay/hls-segments'
import { looksLikePlaylist } from '../rewrite-playlist'
import { followList } from './follow-list'
import { remuxFragments } from './fragments'
import type { Stretch } from './stretch'

/** A day of segments. */
const MAX_PLAYLIST_BYTES = 4 * 2 ** 20
const playlistType = /mpegurl/i
/** A list that moves on may begin so much after the moment that was asked for. In ms. */
const LATE_MS = 15 * SECOND

export interface PlaylistReading {
  stretch: Stretch
  follow: Follow
  /** Does this address give something of a moment that no archive has? Then it gives the live picture. */
  isAlwaysLive(): Promise<boolean>
  signal: AbortSignal
}

/**
 * An archive that is HLS as one transport stream; anything else as it came. Throws ARCHIVE_GAP for a list that is the live one,
 * UPSTREAM_NOT_MEDIA for segments that are neither transport stream nor fragments, or whose sound lies elsewhere.
 */
export async function readPlaylistThrough(response: SafeResponse, reading: PlaylistReading): Promise<SafeResponse> {
  const { status, headers, url } = response
  const isPlaylist = playlistType.test(headers['content-type'] ?? '') || /\.m3u8?$/i.test(new URL(url).pathname)
  if (status !== 200 || !isPlaylist) return response
  const { stretch, follow, signal } = reading
  try {
    const text = (await readBody(response, { maxBytes: MAX_PLAYLIST_BYTES })).toString('utf8')
    if (text === '') throw new AppError('UPSTREAM_EMPTY')
    if (!looksLikePlaylist(text)) throw new AppError('UPSTREAM_NOT_MEDIA')
    const found = await findMedia({ address: url, first: { text, url }, follow }, signal)
    if (found === null || found.playlist.format === 'other')
      throw new AppError('UPSTREAM_NOT_MEDIA', { message: 'an archive in a form that is not read' })
    const { playlist } = found
    if (playlist.segments.length === 0) throw new AppError('UPSTREAM_EMPTY')
    if (!(await isOfStretch(playlist, reading))) throw new AppError('ARCHIVE_GAP', { message: 'the playlist is a live one' })
    const end = new AbortController()
    const both = AbortSignal.any([signal, end.signal])
    const segments = followList(found, { from: firstOf(playlist, stretch), seconds: stretch.minutes * 60, follow, signal: both })
    const fetcher = new SegmentFetcher(follow)
    // One segment is fetched while the one before is being read; what is not asked for is never fetched.
    const pieces = playlist.format === 'fmp4' ? remuxFragments(segments, fetcher, both) : fetchAll(segments, fetcher, both)
    const body = Readable.from(pieces, { objectMode: false })
    body.once('close', () => end.abort(new AppError('STREAM_ENDED')))
    return { ...response, headers: { 'content-type': 'video/mp2t' }, body, cancel: () => body.destroy() }
  } finally {
    response.cancel()
  }
}

/** A window that moves on is the live picture, unless its dates say otherwise, or nothing comes for a moment that cannot be there. */
async function isOfStretch(playlist: MediaPlaylist, { stretch, isAlwaysLive }: PlaylistReading): Promise<boolean> {
  if (playlist.isEnded || playlist.isGrowing) return true
  const first = playlist.segments[0]?.at ?? null
  const last = playlist.segments.at(-1)
  const start = stretch.start.getTime()
  if (first !== null && last?.at && first - LATE_MS <= start && start < last.at + last.duration * SECOND) return true
  return !(await isAlwaysLive())
}

/** Lists that tell their time may begin before the moment that was asked for. */
function firstOf({ segments }: MediaPlaylist, { start, minutes }: Stretch): number {
  const from = start.getTime()
  const begins = segments.find(({ at, duration }) => at !== null && at + duration * SECOND > from)
  const isNear = begins?.at != null && begins.at < from + minutes * MINUTE
  return (isNear ? begins : segments[0])?.sequence ?? 0
}

async function* fetchAll(
  segments: AsyncIterable<Parameters<SegmentFetcher['fetch']>[0]>,
  fetcher: SegmentFetcher,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for await (const segment of segments) yield await fetcher.fetch(segment, signal)
}
