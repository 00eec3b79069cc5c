import type { Segment } from './segmenter'
import type { TsProgram } from './ts/scanner'

export interface LivePlaylist {
  /** Segments in order, without gaps in their numbers. */
  segments: readonly Pick<Segment, 'sequence' | 'duration' | 'isDiscontinuous'>[]
  /** Segments announced before they exist; a request for one waits for it. */
  upcoming?: readonly { sequence: number; duration: number }[]
  /** Discontinuities among the segments that have already left the list. */
  discontinuitySequence: number
  /** Seconds; must never shrink during the life of the playlist. */
  targetDuration: number
  isEnded: boolean
}

/** Prints the media playlist of a live channel. Segment addresses are relative to the playlist: `<sequence>.ts`. */
export function printLivePlaylist(playlist: LivePlaylist): string {
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:3',
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(playlist.targetDuration))}`,
    `#EXT-X-MEDIA-SEQUENCE:${playlist.segments[0]?.sequence ?? playlist.upcoming?.[0]?.sequence ?? 0}`,
  ]
  if (playlist.discontinuitySequence > 0) lines.push(`#EXT-X-DISCONTINUITY-SEQUENCE:${playlist.discontinuitySequence}`)
  const upcoming = playlist.upcoming ?? []
  // Players begin some way before the end of the list; here the end is still in the future.
  if (upcoming.length > 0) lines.push('#EXT-X-START:TIME-OFFSET=0.01,PRECISE=YES')
  for (const segment of playlist.segments) {
    if (segment.isDiscontinuous) lines.push('#EXT-X-DISCONTINUITY')
    lines.push(`#EXTINF:${segment.duration.toFixed(3)},`, `${segment.sequence}.ts`)
  }
  for (const segment of upcoming) lines.push(`#EXTINF:${segment.duration.toFixed(3)},`, `${segment.sequence}.ts`)
  if (playlist.isEnded) lines.push('#EXT-X-ENDLIST')
  return `${lines.join('\n')}\n`
}

/** What a player learns before its first segment, so that it need not fetch one just to look inside. */
export interface LiveVariant {
  /** RFC 6381 names of the picture's and the sound's codec. */
  codecs: readonly string[]
  width: number | null
  height: number | null
  /** Where the media playlist is, relative to this one. */
  address: string
}

/** Nominal bits per second; with one variant no player chooses by it, but the attribute is required. */
const NOMINAL_BANDWIDTH = 5_000_000

/** Prints the multivariant playlist of a channel: one variant, its codecs named. */
export function printLiveVariant(variant: LiveVariant): string {
  const attributes = [`BANDWIDTH=${NOMINAL_BANDWIDTH}`]
  if (variant.codecs.length > 0) attributes.push(`CODECS="${variant.codecs.join(',')}"`)
  if (variant.width !== null && variant.height !== null) attributes.push(`RESOLUTION=${variant.width}x${variant.height}`)
  return `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-STREAM-INF:${attributes.join(',')}\n${variant.address}\n`
}

/** Null while the first key frame, which carries the picture's parameters, has not come or the sound's kind is open. */
export function findVariant(program: TsProgram | null, address: string): LiveVariant | null {
  if (program === null || (program.video !== null && program.video.codecString === null)) return null
  const [sound] = program.audio
  // Layers II and III share a stream type: only the sound's own bytes tell them apart.
  if (sound !== undefined && sound.codecString === null && sound.codec !== 'aac') return null
  const soundCodec = sound === undefined ? null : (sound.codecString ?? 'mp4a.40.2')
  const codecs = [program.video?.codecString, soundCodec].filter(codec => codec != null)
  return { codecs, width: program.video?.width ?? null, height: program.video?.height ?? null, address }
}
