import type { Segment, Upcoming } from './segmenter'

export interface LivePlaylist {
  /** Segments in order, without gaps in their numbers. */
  segments: readonly Pick<Segment, 'sequence' | 'duration' | 'isDiscontinuous'>[]
  /** When the first segment in the list began. */
  startsAt: Date
  /** Segments announced before they exist; a request for one waits for it. */
  upcoming?: readonly Omit<Upcoming, 'offset'>[]
  /** Where a player begins while segments are announced: seconds from the beginning of the list. */
  startSeconds?: number
  /** Segments before the first one that a player knows from its last look. */
  skipped?: number
  /** Players who ask again may be told of no more than what is newer than this, in seconds from the end. */
  skipsBefore?: number
  /** Discontinuities among the segments that have already left the list. */
  discontinuitySequence: number
  /** Seconds; must never shrink during the life of the playlist. */
  targetDuration: number
  isEnded: boolean
}

/** Prints the media playlist of a live channel. Segment addresses are relative to the playlist: `<sequence>.ts`. */
export function printLivePlaylist(playlist: LivePlaylist): string {
  const { skipped = 0, skipsBefore } = playlist
  const first = playlist.segments[0]?.sequence ?? playlist.upcoming?.[0]?.sequence ?? 0
  const lines = [
    '#EXTM3U',
    `#EXT-X-VERSION:${skipped > 0 ? 9 : 3}`,
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(playlist.targetDuration))}`,
    `#EXT-X-MEDIA-SEQUENCE:${first - skipped}`,
    // Also when it is 0: Shaka takes -1 for what is not said, and would count anew once a discontinuity leaves the list.
    `#EXT-X-DISCONTINUITY-SEQUENCE:${playlist.discontinuitySequence}`,
  ]
  if (skipsBefore !== undefined) lines.push(`#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=${skipsBefore}`)
  const upcoming = playlist.upcoming ?? []
  // Players begin some way before the end of the list; here the end is still in the future. Not at the very place either: what is
  // rounded down would begin in the segment before.
  if (upcoming.length > 0) lines.push(`#EXT-X-START:TIME-OFFSET=${((playlist.startSeconds ?? 0) + 0.01).toFixed(3)},PRECISE=YES`)
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`)
  // Players find the same moment by it in the lists of other qualities, languages and subtitles, whenever they open them.
  lines.push(`#EXT-X-PROGRAM-DATE-TIME:${playlist.startsAt.toISOString()}`)
  for (const segment of [...playlist.segments, ...upcoming]) {
    if (segment.isDiscontinuous) lines.push('#EXT-X-DISCONTINUITY')
    lines.push(`#EXTINF:${segment.duration.toFixed(3)},`, `${segment.sequence}.ts`)
  }
  if (playlist.isEnded) lines.push('#EXT-X-ENDLIST')
  return `${lines.join('\n')}\n`
}
