import { BitReader, unescapeNal } from '../../ts/bit-reader'
import type { FilmTrack } from '../film'

export interface PictureShape {
  /** Made of half frames, or able to be. */
  interlaced: boolean | null
  bitDepth: number | null
}

/** What a decoder's configuration says of depth and half frames. */
export function shapeOf({ codec, matroska: { config } }: FilmTrack): PictureShape {
  if (config === null) return { interlaced: null, bitDepth: null }
  if (codec === 'h264') return shapeOfH264(config)
  if (codec === 'hevc' && config.length > 17) return { interlaced: false, bitDepth: ((config[17] ?? 0) & 7) + 8 }
  if (codec === 'av1' && config.length > 2) {
    const flags = config[2] ?? 0
    return { interlaced: false, bitDepth: flags & 0x40 ? (flags & 0x20 ? 12 : 10) : 8 }
  }
  return { interlaced: null, bitDepth: null }
}

const HIGH_PROFILES = [100, 110, 122, 244, 44, 83, 86, 118, 128]

function shapeOfH264(config: Buffer): PictureShape {
  if (config.length < 10) return { interlaced: null, bitDepth: null }
  const reader = new BitReader(unescapeNal(config.subarray(8)).subarray(1))
  const profile = reader.bits(8)
  reader.skip(16)
  reader.unsigned()
  let depth = 8
  if (HIGH_PROFILES.includes(profile)) {
    if (reader.unsigned() === 3) reader.skip(1)
    depth = reader.unsigned() + 8
    reader.unsigned()
    reader.skip(1)
    // Scaling lists are rare, and what comes after them is not worth reading them.
    if (reader.flag()) return { interlaced: null, bitDepth: depth }
  }
  reader.unsigned()
  const order = reader.unsigned()
  if (order === 0) reader.unsigned()
  if (order === 1) {
    reader.skip(1)
    reader.signed()
    reader.signed()
    for (let left = Math.min(reader.unsigned(), 255); left > 0; left--) reader.signed()
  }
  reader.unsigned()
  reader.skip(1)
  reader.unsigned()
  reader.unsigned()
  return { interlaced: !reader.flag(), bitDepth: depth }
}
