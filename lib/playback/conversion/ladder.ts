import type { VideoFacts } from '../facts'
import { ConversionSettings } from '../schema'

/** One quality. */
export interface Rung {
  height: number
  /** Most kbit/s of its picture. */
  kilobits: number
}

/** The decoder's buffer in seconds of the highest rate: how far one segment may lie above it. */
export const BUFFER_SECONDS = 0.5
/** Seconds between the key frames of what we encode, at the same moments in every quality. */
export const KEY_SECONDS = 2
export const AUDIO_KILOBITS = 128

/** The height that is made of this picture: never larger than it is, than 1080 lines, or than was asked for. */
export function topHeight(video: Pick<VideoFacts, 'height'> | null, maxHeight: number | null): number {
  const height = Math.min(video?.height ?? 1080, 1080, maxHeight ?? Number.POSITIVE_INFINITY)
  // Encoders take even sizes only.
  return Math.max(2, height - (height % 2))
}

/** What is made of this picture: its own height, unless the highest quality is lower, and the qualities below it. */
export function rungsBelow(top: number, ladder: readonly Rung[] = ConversionSettings.parse({}).qualities): Rung[] {
  const sorted = ladder.toSorted((a, b) => b.height - a.height)
  const nearest = sorted.findLast(({ height }) => height >= top) ?? sorted[0]
  const first = { height: Math.min(top, nearest?.height ?? top), kilobits: nearest?.kilobits ?? 5_000 }
  return [first, ...sorted.filter(({ height }) => height < first.height)]
}

/** What is made of this picture: of several qualities all, otherwise the highest of them at the rate it has there. */
export function rungsFor(mode: 'transcode' | 'ladder', top: number, qualities?: readonly Rung[]): Rung[] {
  return rungsBelow(top, qualities).slice(0, mode === 'ladder' ? undefined : 1)
}

/** Bits a second that no segment exceeds, sound and packets included. */
export function peakBandwidth({ kilobits }: Rung): number {
  const picture = (kilobits * (KEY_SECONDS + BUFFER_SECONDS)) / KEY_SECONDS
  const PACKETS = 1.08
  return Math.round((picture + AUDIO_KILOBITS) * PACKETS) * 1_000
}
