import type { BitReader } from './bit-reader'

/** Pictures before and behind that a set names, each by its distance: those before first, the nearest first. */
type Distances = readonly number[]

const MAX_SETS = 64
const MAX_PICTURES = 16

/** The short term reference picture sets of a sequence (H.265, 7.3.7); false when there are more than may be. */
export function skipReferenceSets(reader: BitReader): boolean {
  const count = reader.unsigned()
  if (count > MAX_SETS) return false
  let last: Distances = []
  for (let index = 0; index < count; index++) {
    const set = index > 0 && reader.flag() ? readPredicted(reader, last) : readPlain(reader)
    if (set === null) return false
    last = set
  }
  return true
}

/** How many flags come depends on the set before, so its distances have to be known (7.4.8). */
function readPredicted(reader: BitReader, last: Distances): Distances | null {
  const isNegative = reader.flag()
  const step = (reader.unsigned() + 1) * (isNegative ? -1 : 1)
  const moved = [...last.map(distance => distance + step), step].filter(distance => {
    const isUsed = reader.flag()
    return (isUsed || reader.flag()) && distance !== 0
  })
  if (moved.length > MAX_PICTURES) return null
  const before = moved.filter(distance => distance < 0).sort((a, b) => b - a)
  const behind = moved.filter(distance => distance > 0).sort((a, b) => a - b)
  return [...before, ...behind]
}

function readPlain(reader: BitReader): Distances | null {
  const [before, behind] = [reader.unsigned(), reader.unsigned()]
  if (before + behind > MAX_PICTURES) return null
  return [...readSide(reader, before, -1), ...readSide(reader, behind, 1)]
}

function readSide(reader: BitReader, count: number, sign: 1 | -1): number[] {
  let distance = 0
  return Array.from({ length: count }, () => {
    distance += sign * (reader.unsigned() + 1)
    reader.skip(1)
    return distance
  })
}
