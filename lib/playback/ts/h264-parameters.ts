import { BitReader, unescapeNal } from './bit-reader'
import type { VideoFacts } from './codec-strings'
import { frameRateOf, readIsHdr, skipAspect } from './usability'

export const highProfiles: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134])

/** What a sequence parameter set says of its pictures. */
export function describeH264(sps: Buffer): Omit<VideoFacts, 'codec'> {
  const codecString = `avc1.${sps.toString('hex', 1, 4)}`
  const reader = new BitReader(unescapeNal(sps).subarray(1))
  const profile = reader.bits(8)
  reader.skip(16)
  reader.unsigned()
  let chroma = 1
  let bitDepth = 8
  if (highProfiles.has(profile)) {
    ;({ chroma, bitDepth } = readHighProfileFields(reader))
  }
  reader.unsigned()
  skipPictureOrder(reader)
  reader.unsigned()
  reader.skip(1)
  const width = (reader.unsigned() + 1) * 16
  const rows = reader.unsigned() + 1
  const isFrameCoded = reader.flag()
  if (!isFrameCoded) reader.skip(1)
  reader.skip(1)
  const fieldFactor = isFrameCoded ? 1 : 2
  const height = rows * 16 * fieldFactor
  const crop = reader.flag() ? [reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()] : []
  const [left = 0, right = 0, top = 0, bottom = 0] = crop
  const unitX = chroma === 1 || chroma === 2 ? 2 : 1
  const unitY = (chroma === 1 ? 2 : 1) * fieldFactor
  return {
    codecString,
    width: width - (left + right) * unitX,
    height: height - (top + bottom) * unitY,
    ...(reader.flag() ? readUsability(reader) : { frameRate: null, isHdr: null }),
    interlaced: !isFrameCoded,
    bitDepth,
  }
}

/** Leaves the reader behind the scaling lists. */
export function readHighProfileFields(reader: BitReader): { chroma: number; bitDepth: number } {
  const chroma = reader.unsigned()
  if (chroma === 3) reader.skip(1)
  const bitDepth = 8 + reader.unsigned()
  reader.unsigned()
  reader.skip(1)
  if (!reader.flag()) return { chroma, bitDepth }
  for (let list = 0; list < (chroma === 3 ? 12 : 8); list++) {
    if (reader.flag()) skipScalingList(reader, list < 6 ? 16 : 64)
  }
  return { chroma, bitDepth }
}

function readUsability(reader: BitReader): Pick<VideoFacts, 'frameRate' | 'isHdr'> {
  skipAspect(reader)
  const isHdr = readIsHdr(reader)
  return { isHdr, frameRate: readFrameRate(reader) }
}

/** From behind the colours on. Its unit is half a picture. */
function readFrameRate(reader: BitReader): number | null {
  if (reader.flag()) {
    reader.unsigned()
    reader.unsigned()
  }
  if (!reader.flag()) return null
  const tick = reader.bits(32)
  const scale = reader.bits(32)
  return reader.isPast ? null : frameRateOf(scale, 2 * tick)
}

function skipScalingList(reader: BitReader, size: number): void {
  let last = 8
  let next = 8
  for (let index = 0; index < size; index++) {
    if (next !== 0) next = (last + reader.signed() + 256) % 256
    last = next === 0 ? last : next
  }
}

function skipPictureOrder(reader: BitReader): void {
  const type = reader.unsigned()
  if (type === 0) reader.unsigned()
  if (type !== 1) return
  reader.skip(1)
  reader.signed()
  reader.signed()
  const cycle = Math.min(reader.unsigned(), 255)
  for (let index = 0; index < cycle; index++) reader.signed()
}
