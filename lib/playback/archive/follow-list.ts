import { toAppError } from '@/lib/kernel/errors'
import { SECOND, sleep } from '@/lib/kernel/time'
import { type FoundMedia, type MediaPlaylist, readPlaylist } from '../relay/hls-media'
import { type HlsSegment, parseUpstreamPlaylist } from '../relay/hls-playlist'
import type { Follow } from '../relay/hls-segments'

/** A list that names nothing new for so long has come to its end without saying so. In ms. */
const STILL_MS = 30 * SECOND
const MIN_POLL_MS = 1_000
/** Polls in a row that may fail. */
const MAX_FAILURES = 3

interface Following {
  /** Number of the segment to begin with. */
  from: number
  /** Length of the stretch that was asked for; what a list names after it is not read. */
  seconds: number
  follow: Follow
  signal: AbortSignal
}

/**
 * The segments of an archive in order, also those that its list names only later. Ends with the stretch, with the list, and where
 * segments have gone before they were read: whoever wants to go on opens the archive anew at that moment.
 */
export async function* followList(found: FoundMedia, following: Following): AsyncGenerator<HlsSegment> {
  let { playlist } = found
  let [next, left] = [following.from, following.seconds]
  let movedAt = performance.now()
  for (let failures = 0; ; ) {
    const polledAt = performance.now()
    const fresh = playlist.segments.filter(({ sequence }) => sequence >= next)
    for (const segment of fresh) {
      if (segment.sequence > next || left <= 0) return
      yield segment
      next = segment.sequence + 1
      left -= segment.duration
    }
    if (fresh.length > 0) movedAt = performance.now()
    if (playlist.isEnded || left <= 0 || performance.now() - movedAt > STILL_MS) return
    // A list without news is asked for again sooner (RFC 8216, 6.3.4).
    const pollMs = Math.max(MIN_POLL_MS, playlist.targetDuration * (fresh.length > 0 ? 1_000 : 500))
    await sleep(Math.max(0, polledAt + pollMs - performance.now()), following.signal)
    try {
      playlist = await poll(found.address, following)
      failures = 0
    } catch (error) {
      following.signal.throwIfAborted()
      if (++failures >= MAX_FAILURES) throw toAppError(error)
    }
  }
}

async function poll(address: string, { follow, signal }: Following): Promise<MediaPlaylist> {
  const { text, url } = await readPlaylist(follow, address, signal)
  const playlist = parseUpstreamPlaylist(text, url)
  if (playlist.kind === 'media') return playlist
  throw new Error('a list of segments has become one of lists')
}
