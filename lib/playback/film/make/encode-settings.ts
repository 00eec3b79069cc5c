import type { Rung } from '../../conversion/ladder'
import type { FilmTrack } from '../film'

/** kbit/s of encoded sound, stereo. */
export const soundKbit = 160

/** kbit/s that no second of an encoded picture exceeds by much, and the decoder's buffer in kbit. */
export const peakKilobits = ({ kilobits }: Rung): number => Math.round(kilobits * 1.4)

/** Size on the screen with square pixels, upright, both sides even. */
export function sizeFor(track: FilmTrack, height: number): { width: number; height: number } {
  const [w, h] = [track.displayWidth ?? track.width ?? 16, track.height ?? 9]
  const [across, down] = track.rotation % 180 === 0 ? [w, h] : [h, w]
  return { width: Math.max(2, Math.round((across * height) / down / 2) * 2), height }
}

/** Of H.264, by the table A-1 of its standard: most blocks of 16 x 16 in a picture, and in a second. */
const levels = [
  { level: 40, blocks: 8_192, rate: 245_760 },
  { level: 42, blocks: 8_704, rate: 522_240 },
  { level: 51, blocks: 36_864, rate: 983_040 },
] as const

/** Ten times the level of H.264 that an encoded picture is told to keep to; what every device has, unless the picture is more. */
export function levelFor(track: FilmTrack, { height }: Rung): number {
  const { width } = sizeFor(track, height)
  const blocks = Math.ceil(width / 16) * Math.ceil(height / 16)
  const fits = levels.find(each => blocks <= each.blocks && blocks * (track.frameRate ?? 60) <= each.rate)
  return fits?.level ?? 52
}
