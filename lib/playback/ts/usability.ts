import type { BitReader } from './bit-reader'

/** What H.264 (E.1.1) and HEVC (E.2.1) say alike in their video usability information. */

const EXTENDED_ASPECT = 255
/** Of H.273: SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG). */
const hdrTransfers: readonly number[] = [16, 18]

/** Of H.273: the primaries and matrices that come with it. Without them a converter does not know what to make of the light. */
const hdrPrimaries: readonly number[] = [1, 9, 12]
const hdrMatrices: readonly number[] = [1, 9, 14]

/** Is the light of this transfer function that of HDR? Null when nothing is said of it. */
export const isHdrTransfer = (transfer: number | null): boolean | null =>
  transfer === null ? null : hdrTransfers.includes(transfer)

/** From the beginning on: the shape of pixels, and whether what overscans may be cut. */
export function skipAspect(reader: BitReader): void {
  if (reader.flag() && reader.bits(8) === EXTENDED_ASPECT) reader.skip(32)
  if (reader.flag()) reader.skip(1)
}

/** The signal's kind and its colours. */
export function readIsHdr(reader: BitReader): boolean | null {
  if (!reader.flag()) return null
  reader.skip(4)
  if (!reader.flag()) return null
  const [primaries, transfer, matrix] = [reader.bits(8), reader.bits(8), reader.bits(8)]
  if (reader.isPast) return null
  if (!isHdrTransfer(transfer)) return false
  return hdrPrimaries.includes(primaries) && hdrMatrices.includes(matrix) ? true : null
}

/** Pictures a second; null when what is said cannot be. */
export function frameRateOf(scale: number, tick: number): number | null {
  const rate = scale / tick
  return rate > 1 && rate <= 300 ? Math.round(rate * 1_000) / 1_000 : null
}
