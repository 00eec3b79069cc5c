import { BitReader, unescapeNal } from './bit-reader'
import { highProfiles, readHighProfileFields } from './h264-parameters'

/** How a stream tells in which order its pictures are shown. */
export interface SequenceOrder {
  id: number
  frameNumberBits: number
  /** Bits of the count that each picture carries; null where pictures are shown in the order in which they lie. */
  countBits: number | null
  hasColour: boolean
}

/** Reads it from a sequence parameter set. Null for what is not told here: half frames, counts by a pattern, colours as pictures. */
export function readSequenceOrder(sps: Buffer): SequenceOrder | null {
  const reader = new BitReader(unescapeNal(sps).subarray(1))
  const profile = reader.bits(8)
  reader.skip(16)
  const id = reader.unsigned()
  const chroma = highProfiles.has(profile) ? readHighProfileFields(reader).chroma : 1
  const frameNumberBits = reader.unsigned() + 4
  const type = reader.unsigned()
  const told = { id, frameNumberBits, hasColour: chroma > 0 }
  // The baseline profile has no pictures that look ahead, and the third kind of counting no others than those in order.
  if (profile === 66 || type === 2) return reader.isPast ? null : { ...told, countBits: null }
  const countBits = reader.unsigned() + 4
  reader.unsigned()
  reader.skip(1)
  reader.unsigned()
  reader.unsigned()
  const isFrameCoded = reader.flag()
  return type === 0 && isFrameCoded && chroma !== 3 && countBits <= 16 && !reader.isPast ? { ...told, countBits } : null
}

interface PictureSet {
  id: number
  sequence: number
  hasBottomCount: boolean
  references: readonly [number, number]
  isWeighted: boolean
  isWeightedBoth: boolean
  hasRedundant: boolean
}

/** Null for slices in groups, which no encoder of films makes. */
function readPictureSet(pps: Buffer): PictureSet | null {
  const reader = new BitReader(unescapeNal(pps).subarray(1))
  const [id, sequence] = [reader.unsigned(), reader.unsigned()]
  reader.skip(1)
  const hasBottomCount = reader.flag()
  if (reader.unsigned() > 0) return null
  const references = [reader.unsigned() + 1, reader.unsigned() + 1] as const
  const isWeighted = reader.flag()
  const isWeightedBoth = reader.bits(2) === 1
  for (let field = 0; field < 3; field++) reader.signed()
  reader.skip(2)
  const hasRedundant = reader.flag()
  return { id, sequence, hasBottomCount, references, isWeighted, isWeightedBoth, hasRedundant }
}

/** Where a picture is shown among those since the last border. */
export interface PicturePlace {
  /** Lower ones are shown earlier. */
  count: number
  /** Is everything that lies before it shown before it and before what follows? */
  isBorder: boolean
}

/** Is this a picture that nothing behind it looks back beyond? Others to begin at may be followed by some that are shown before them. */
export const isInstant = (units: readonly Buffer[]): boolean => units.some(unit => ((unit[0] ?? 0) & 0x1f) === 5)

/** The head of a slice, with lists for 32 references, is shorter. */
const HEAD_BYTES = 1_024

interface Slice {
  isInstant: boolean
  isIntra: boolean
  isReference: boolean
  /** Does it forget all references, so that counting begins anew? */
  resets: boolean
  /** Null where pictures lie as they are shown. */
  low: number | null
  countBits: number
  /** Of the second half frame, against the first. */
  bottom: number
}

/** Counts the pictures of a stream of H.264 in the order in which they are shown (ITU-T H.264, 8.2.1). */
export class PictureOrder {
  readonly #sequences = new Map<number, SequenceOrder>()
  readonly #pictures = new Map<number, PictureSet>()
  /** Of the reference before: the part of the count that slices leave out, and the part that they carry. */
  #before = { high: 0, low: 0 }
  #last = 0

  /** `sets` are parameter sets that lie elsewhere than in the pictures. */
  constructor(sets: readonly Buffer[]) {
    for (const unit of sets) this.#learn(unit)
  }

  /**
   * The place of a picture, given its units; `mayStart` says that decoding may begin at it. Null when there is no picture in them.
   * One whose head makes no sense is shown behind the one before.
   */
  read(units: readonly Buffer[], mayStart: boolean): PicturePlace | null {
    for (const unit of units) this.#learn(unit)
    const unit = units.find(each => [1, 5].includes((each[0] ?? 0) & 0x1f))
    if (unit === undefined) return null
    const slice = this.#slice(unit)
    return slice === null ? { count: this.#last, isBorder: false } : this.#place(slice, mayStart)
  }

  #learn(unit: Buffer): void {
    const type = (unit[0] ?? 0) & 0x1f
    if (type === 7) {
      const sequence = readSequenceOrder(unit)
      if (sequence === null) this.#sequences.clear()
      else this.#sequences.set(sequence.id, sequence)
    } else if (type === 8) {
      const set = readPictureSet(unit)
      if (set !== null) this.#pictures.set(set.id, set)
    }
  }

  #slice(unit: Buffer): Slice | null {
    const reader = new BitReader(unescapeNal(unit.subarray(1, HEAD_BYTES)))
    reader.unsigned()
    const kind = reader.unsigned() % 5
    const set = this.#pictures.get(reader.unsigned())
    const sequence = set && this.#sequences.get(set.sequence)
    return set && sequence ? readSlice(reader, { header: unit[0] ?? 0, kind, set, sequence }) : null
  }

  #place({ isInstant, isIntra, isReference, resets, low, countBits, bottom }: Slice, mayStart: boolean): PicturePlace {
    if (low === null) return { count: 0, isBorder: true }
    const isBorder = isInstant || resets || (mayStart && isIntra)
    const half = 2 ** (countBits - 1)
    const before = isInstant ? { high: 0, low: 0 } : isBorder && !resets ? { high: 0, low } : this.#before
    const turns = low < before.low && before.low - low >= half ? 1 : low > before.low && low - before.low > half ? -1 : 0
    const high = before.high + turns * 2 * half
    if (isReference) this.#before = resets ? { high: 0, low: Math.max(0, -bottom) } : { high, low }
    this.#last = resets ? 0 : high + low + Math.min(0, bottom)
    return { count: this.#last, isBorder }
  }
}

interface SliceHead {
  header: number
  kind: number
  set: PictureSet
  sequence: SequenceOrder
}

/** From behind the number of its picture set on. */
function readSlice(reader: BitReader, { header, kind, set, sequence }: SliceHead): Slice {
  const isInstant = (header & 0x1f) === 5
  const isReference = (header & 0x60) !== 0
  const isIntra = kind === 2 || kind === 4
  reader.skip(sequence.frameNumberBits)
  if (isInstant) reader.unsigned()
  const low = sequence.countBits === null ? null : reader.bits(sequence.countBits)
  const bottom = low !== null && set.hasBottomCount ? reader.signed() : 0
  if (set.hasRedundant) reader.unsigned()
  const resets = low !== null && isReference && !isInstant && forgetsAll(reader, { kind, set, sequence })
  return { isInstant, isIntra, isReference, resets, low, countBits: sequence.countBits ?? 0, bottom }
}

/** Does the list of what to forget, behind the lists of references, name everything (operation 5)? */
function forgetsAll(reader: BitReader, { kind, set, sequence }: Omit<SliceHead, 'header'>): boolean {
  const isBoth = kind === 1
  const lists = isBoth ? 2 : kind === 0 || kind === 3 ? 1 : 0
  if (isBoth) reader.skip(1)
  let references = set.references
  if (lists > 0 && reader.flag()) references = [reader.unsigned() + 1, isBoth ? reader.unsigned() + 1 : 1]
  for (let list = 0; list < lists; list++) if (reader.flag()) skipPairs(reader, 3)
  if (isBoth ? set.isWeightedBoth : lists > 0 && set.isWeighted)
    skipWeights(reader, references.slice(0, lists), sequence.hasColour)
  if (!reader.flag()) return false
  while (!reader.isPast) {
    const operation = reader.unsigned()
    if (operation === 0 || operation === 5) return operation === 5
    reader.unsigned()
    if (operation === 3) reader.unsigned()
  }
  return false
}

/** Pairs of a kind and a number, up to the kind that ends them. */
function skipPairs(reader: BitReader, end: number): void {
  while (!reader.isPast && reader.unsigned() !== end) reader.unsigned()
}

function skipWeights(reader: BitReader, counts: readonly number[], hasColour: boolean): void {
  reader.unsigned()
  if (hasColour) reader.unsigned()
  for (const count of counts) {
    for (let reference = 0; reference < count && !reader.isPast; reference++) {
      if (reader.flag()) for (let n = 0; n < 2; n++) reader.signed()
      if (hasColour && reader.flag()) for (let n = 0; n < 4; n++) reader.signed()
    }
  }
}
