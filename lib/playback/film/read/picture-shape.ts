import { describeVideo } from '../../ts/codec-strings'
import type { FilmTrack } from '../film'

export interface PictureShape {
  /** Made of half frames, or able to be. */
  interlaced: boolean | null
  bitDepth: number | null
}

const unknown: PictureShape = { interlaced: null, bitDepth: null }

/** What a decoder's configuration says of depth and half frames. */
export function shapeOf({ codec, matroska: { config } }: FilmTrack): PictureShape {
  if (config === null) return unknown
  if (codec === 'h264' && config.length > 8) {
    const { interlaced, bitDepth } = describeVideo('h264', [config.subarray(8, 8 + config.readUInt16BE(6))])
    return { interlaced, bitDepth }
  }
  if (codec === 'hevc' && config.length > 17) return { interlaced: false, bitDepth: ((config[17] ?? 0) & 7) + 8 }
  if (codec === 'av1' && config.length > 2) {
    const flags = config[2] ?? 0
    return { interlaced: false, bitDepth: flags & 0x40 ? (flags & 0x20 ? 12 : 10) : 8 }
  }
  if (codec === 'vp9') {
    const depth = config[config.indexOf(3) + 2]
    return { interlaced: false, bitDepth: config.indexOf(3) === -1 ? 8 : (depth ?? 8) }
  }
  return unknown
}
