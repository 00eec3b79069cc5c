import { BitReader, unescapeNal } from './bit-reader'
import type { VideoFacts } from './codec-strings'
import { skipReferenceSets } from './hevc-reference-sets'
import { frameRateOf, readIsHdr, skipAspect } from './usability'

/** What a sequence parameter set says of its pictures (H.265, 7.3.2.2). */
export function describeHevc(sps: Buffer): Omit<VideoFacts, 'codec'> {
  const reader = new BitReader(unescapeNal(sps).subarray(2))
  reader.skip(4)
  const subLayers = reader.bits(3)
  reader.skip(1)
  const codecString = readCodecString(reader)
  skipSubLayers(reader, subLayers)
  reader.unsigned()
  const chroma = reader.unsigned()
  if (chroma === 3) reader.skip(1)
  const [codedWidth, codedHeight] = [reader.unsigned(), reader.unsigned()]
  const crop = reader.flag() ? [reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()] : []
  const [left = 0, right = 0, top = 0, bottom = 0] = crop
  const width = codedWidth - (left + right) * (chroma === 1 || chroma === 2 ? 2 : 1)
  const height = codedHeight - (top + bottom) * (chroma === 1 ? 2 : 1)
  const bitDepth = 8 + reader.unsigned()
  reader.unsigned()
  // Half frames are told beside the parameter sets, and nobody broadcasts them.
  return { codecString, width, height, bitDepth, interlaced: null, ...readUsability(reader, subLayers) }
}

function readCodecString(reader: BitReader): string {
  const space = ['', 'A', 'B', 'C'][reader.bits(2)] ?? ''
  const tier = reader.flag() ? 'H' : 'L'
  const profile = reader.bits(5)
  let compatibility = 0
  for (let index = 0; index < 32; index++) compatibility += reader.bits(1) * 2 ** index
  const constraints = Array.from({ length: 6 }, () => reader.bits(8))
  while (constraints.at(-1) === 0) constraints.pop()
  const level = reader.bits(8)
  const tail = constraints.map(byte => `.${byte.toString(16).toUpperCase()}`).join('')
  return `hvc1.${space}${profile}.${compatibility.toString(16).toUpperCase()}.${tier}${level}${tail}`
}

function skipSubLayers(reader: BitReader, count: number): void {
  const present = Array.from({ length: count }, () => [reader.flag(), reader.flag()] as const)
  if (count > 0) reader.skip(2 * (8 - count))
  for (const [hasProfile, hasLevel] of present) reader.skip((hasProfile ? 88 : 0) + (hasLevel ? 8 : 0))
}

type Usability = Pick<VideoFacts, 'frameRate' | 'isHdr'>

/** From behind the bit depths on. What stands there has no lengths, so all of it is walked through. */
function readUsability(reader: BitReader, subLayers: number): Usability {
  const unknown = { frameRate: null, isHdr: null }
  const orderBits = reader.unsigned() + 4
  if (orderBits > 16) return unknown
  const layers = reader.flag() ? subLayers + 1 : 1
  for (let index = 0; index < layers * 3; index++) reader.unsigned()
  // Sizes of coding and transform blocks, depths of their trees.
  for (let index = 0; index < 6; index++) reader.unsigned()
  if (reader.flag() && reader.flag()) skipScalingLists(reader)
  reader.skip(2)
  if (reader.flag()) skipRawSamples(reader)
  if (!skipReferenceSets(reader)) return unknown
  if (reader.flag()) {
    const count = reader.unsigned()
    if (count > 32) return unknown
    reader.skip(count * (orderBits + 1))
  }
  reader.skip(2)
  if (!reader.flag()) return unknown
  skipAspect(reader)
  const isHdr = readIsHdr(reader)
  return { isHdr, frameRate: readFrameRate(reader) }
}

/** H.265, 7.3.4. */
function skipScalingLists(reader: BitReader): void {
  for (let size = 0; size < 4; size++) {
    for (let matrix = 0; matrix < 6; matrix += size === 3 ? 3 : 1) {
      if (!reader.flag()) {
        reader.unsigned()
        continue
      }
      const coefficients = Math.min(64, 16 << (2 * size)) + (size > 1 ? 1 : 0)
      for (let index = 0; index < coefficients; index++) reader.signed()
    }
  }
}

function skipRawSamples(reader: BitReader): void {
  reader.skip(8)
  reader.unsigned()
  reader.unsigned()
  reader.skip(1)
}

/** From behind the colours on. */
function readFrameRate(reader: BitReader): number | null {
  if (reader.flag()) {
    reader.unsigned()
    reader.unsigned()
  }
  reader.skip(1)
  const isOfFields = reader.flag()
  reader.skip(1)
  // A window to be shown by default.
  if (reader.flag()) for (let index = 0; index < 4; index++) reader.unsigned()
  if (!reader.flag()) return null
  const tick = reader.bits(32)
  const scale = reader.bits(32)
  return reader.isPast ? null : frameRateOf(scale, isOfFields ? 2 * tick : tick)
}
