import { MINUTE, SECOND } from '@/lib/kernel/time'

/** A programme of a channel's archive, as times in ms since 1970. */
export interface ReplayTimes {
  start: number
  stop: number
}

/** What a provider's archive is asked for. */
export interface Stretch {
  start: Date
  minutes: number
}

/** Length of a segment in seconds. A whole number of them makes a minute, at which archives can be opened. */
export const SEGMENT_SECONDS = 6
/** What has just been sent is in no archive yet: panels write it in pieces of a minute. In ms. */
export const ARCHIVE_LAG = 75 * SECOND
/** Asked for beyond the end: archives begin and end a little late (protocols.md 3.4). Minutes. */
const PADDING_MINUTES = 5
/** Of a running programme this much must be there to begin with, in ms. */
const LEAST = 2 * SEGMENT_SECONDS * SECOND

export const lengthOf = ({ start, stop }: ReplayTimes): number => (stop - start) / SECOND

/** Until when the archive reaches by now, in ms since 1970. */
export const edgeOf = ({ stop }: ReplayTimes, now: number): number => Math.min(stop, now - ARCHIVE_LAG)

/** Is all of it in the archive? */
export const isWhole = (times: ReplayTimes, now: number): boolean => edgeOf(times, now) >= times.stop

/** Is there enough of it to begin? */
export const isBegun = (times: ReplayTimes, now: number): boolean =>
  edgeOf(times, now) - times.start >= Math.min(LEAST, times.stop - times.start)

/** How many segments can be asked for by now. */
export function countSegments(times: ReplayTimes, now: number): number {
  const seconds = (edgeOf(times, now) - times.start) / SECOND
  // The last segment of a programme may be a short one; before the end only whole ones count.
  return Math.max(0, isWhole(times, now) ? Math.ceil(seconds / SEGMENT_SECONDS) : Math.floor(seconds / SEGMENT_SECONDS))
}

/** The latest second of a programme at which it can be opened by now. */
export const latestSecond = (times: ReplayTimes, now: number): number =>
  isWhole(times, now) ? lengthOf(times) : Math.max(0, countSegments(times, now) - 1) * SEGMENT_SECONDS

export const segmentAt = (seconds: number): number => Math.max(0, Math.floor(seconds / SEGMENT_SECONDS))

/** Where to open the archive for a segment: at the full minute before it, for what is left of the programme. */
export function planOpening(
  times: ReplayTimes,
  segment: number,
  now: number,
): { start: Date; minutes: number; offsetSeconds: number } {
  const wanted = times.start + segment * SEGMENT_SECONDS * SECOND
  const start = wanted - (wanted % MINUTE)
  const until = Math.min(times.stop + PADDING_MINUTES * MINUTE, now)
  const minutes = Math.max(1, Math.ceil((until - start) / MINUTE))
  return { start: new Date(start), minutes, offsetSeconds: (start - times.start) / SECOND }
}

/**
 * The playlist of a programme: segments of even length by the time of the programme, complete from the first second on. That
 * of a running one grows. What is really cut differs by less than the distance of key frames; timestamps tell the exact place.
 */
export function printReplayPlaylist(times: ReplayTimes, now: number): string {
  const count = countSegments(times, now)
  const whole = isWhole(times, now)
  const seconds = lengthOf(times)
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:3',
    `#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    `#EXT-X-PLAYLIST-TYPE:${whole ? 'VOD' : 'EVENT'}`,
  ]
  // Players that know no better begin a growing list at its end.
  if (!whole) lines.push('#EXT-X-START:TIME-OFFSET=0.01,PRECISE=YES')
  for (let segment = 0; segment < count; segment++) {
    const duration = whole ? Math.min(SEGMENT_SECONDS, seconds - segment * SEGMENT_SECONDS) : SEGMENT_SECONDS
    lines.push(`#EXTINF:${duration.toFixed(3)},`, `${segment}.ts`)
  }
  if (whole) lines.push('#EXT-X-ENDLIST')
  return `${lines.join('\n')}\n`
}
