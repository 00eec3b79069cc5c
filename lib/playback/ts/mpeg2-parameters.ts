import { BitReader } from './bit-reader'
import type { VideoFacts } from './codec-strings'

const SEQUENCE_HEADER = 0xb3
const EXTENSION = 0xb5
const frameRates = [null, 24_000 / 1_001, 24, 25, 30_000 / 1_001, 30, 50, 60_000 / 1_001, 60]

/** What a sequence header and its extension say of the pictures; MPEG-1 has no extension and no half frames. */
export function describeMpeg2(units: readonly Buffer[]): Partial<Omit<VideoFacts, 'codec'>> {
  const header = units.find(unit => unit[0] === SEQUENCE_HEADER)
  if (header === undefined) return {}
  const reader = new BitReader(header.subarray(1))
  let width = reader.bits(12)
  let height = reader.bits(12)
  reader.skip(4)
  const rate = frameRates[reader.bits(4)] ?? null
  let interlaced = false
  const extension = units.find(unit => unit[0] === EXTENSION && (unit[1] ?? 0) >> 4 === 1)
  if (extension !== undefined) {
    const more = new BitReader(extension.subarray(1))
    more.skip(12)
    interlaced = !more.flag()
    more.skip(2)
    width += more.bits(2) * 4_096
    height += more.bits(2) * 4_096
  }
  const frameRate = rate === null ? null : Math.round(rate * 1_000) / 1_000
  return { codecString: 'mp4v.61', width, height, frameRate, interlaced, bitDepth: 8 }
}
