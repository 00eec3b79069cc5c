import { z } from 'zod'
import type { VideoFacts } from '../facts'
import { ConversionSettings, HIGHEST_ENCODED } from '../schema'

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

/** The height that is made of this picture: never larger than it is, than anything that is encoded, or than was asked for. */
export function topHeight(video: Pick<VideoFacts, 'height'> | null, maxHeight: number | null): number {
  const height = Math.min(video?.height ?? HIGHEST_ENCODED, HIGHEST_ENCODED, maxHeight ?? Number.POSITIVE_INFINITY)
  // Encoders take even sizes only.
  return Math.max(2, height - (height % 2))
}

const StoredSettings = z.looseObject({
  qualities: z.array(z.looseObject({ height: z.number(), kilobits: z.number() })).optional(),
})

/**
 * Settings as they were stored. Heights up to 2160 could be set once, though nothing is encoded so high: the lowest of those was, and
 * still is, what the highest picture is made like.
 * @throws ZodError
 */
export function readStoredSettings(stored: unknown): ConversionSettings {
  const { qualities, ...rest } = StoredSettings.parse(stored)
  if (qualities === undefined) return ConversionSettings.parse(rest)
  const isEncoded = ({ height }: Rung) => height <= HIGHEST_ENCODED
  const highest = qualities.toSorted((a, b) => a.height - b.height).find(({ height }) => height >= HIGHEST_ENCODED)
  const within = qualities.filter(quality => isEncoded(quality) && quality !== highest)
  const top = highest === undefined ? [] : [{ ...highest, height: HIGHEST_ENCODED }]
  return ConversionSettings.parse({ ...rest, qualities: [...top, ...within] })
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
