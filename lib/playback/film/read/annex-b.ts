import { BitReader, unescapeNal } from '../../ts/bit-reader'
import { describeVideo } from '../../ts/codec-strings'

/** The units between start codes. */
export function splitUnits(bytes: Buffer): Buffer[] {
  const units: Buffer[] = []
  let start = bytes.indexOf('\0\0\x01', 0, 'latin1')
  while (start !== -1) {
    const next = bytes.indexOf('\0\0\x01', start + 3, 'latin1')
    let end = next === -1 ? bytes.length : next
    while (end > start + 3 && bytes[end - 1] === 0) end--
    if (end > start + 3) units.push(bytes.subarray(start + 3, end))
    start = next
  }
  return units
}

/** The units of a picture that stand behind their lengths, in so many bytes each. What a length reaches beyond the end is left out. */
export function splitPrefixed(bytes: Buffer, lengthBytes: number): Buffer[] {
  const units: Buffer[] = []
  for (let at = 0; at + lengthBytes < bytes.length; ) {
    const start = at + lengthBytes
    at = start + bytes.readUIntBE(at, lengthBytes)
    if (at > bytes.length) break
    if (at > start) units.push(bytes.subarray(start, at))
  }
  return units
}

/** The same picture as MP4 and Matroska store it: each unit behind its length. Delimiters are left out. */
export function toLengthPrefixed(codec: 'h264' | 'hevc', units: readonly Buffer[]): Buffer {
  const parts: Buffer[] = []
  for (const unit of units) {
    const type = codec === 'h264' ? (unit[0] ?? 0) & 0x1f : ((unit[0] ?? 0) >> 1) & 0x3f
    if (type === (codec === 'h264' ? 9 : 35)) continue
    const length = Buffer.alloc(4)
    length.writeUInt32BE(unit.length)
    parts.push(length, unit)
  }
  return Buffer.concat(parts)
}

/** The decoder's configuration from parameter sets; null when some are missing. */
export function buildConfig(codec: 'h264' | 'hevc', sets: readonly Buffer[]): Buffer | null {
  return codec === 'h264' ? buildAvc(sets) : buildHevc(sets)
}

/** The parameter sets of H.264 inside such a configuration. */
export function setsOfAvc(config: Buffer): Buffer[] {
  const sets: Buffer[] = []
  let at = 5
  for (const mask of [0x1f, 0xff]) {
    const count = (config[at++] ?? 0) & mask
    for (let n = 0; n < count && at + 2 <= config.length; n++) {
      const end = at + 2 + config.readUInt16BE(at)
      sets.push(config.subarray(at + 2, end))
      at = end
    }
  }
  return sets
}

const counted = (unit: Buffer) => Buffer.concat([Buffer.from([unit.length >> 8, unit.length & 0xff]), unit])

function buildAvc(sets: readonly Buffer[]): Buffer | null {
  // As many as their counts can say.
  const sequences = firstOfEach(sets, 7).slice(0, 0x1f)
  const pictures = firstOfEach(sets, 8).slice(0, 0xff)
  const [sps] = sequences
  if (sps === undefined || pictures.length === 0) return null
  const head = Buffer.from([1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xff, 0xe0 | sequences.length])
  return Buffer.concat([head, ...sequences.map(counted), Buffer.from([pictures.length]), ...pictures.map(counted)])
}

/** The bytes of the shortest set, and the highest number of one (ITU-T H.264, 7.4.2): what is beyond them is damage. */
const LEAST = { 7: 4, 8: 2 }
const HIGHEST = { 7: 31, 8: 255 }

/** Pictures name their sets by number. Of one number the first is what a film begins with; what replaces it later stays in the pictures. */
function firstOfEach(sets: readonly Buffer[], type: 7 | 8): Buffer[] {
  const byNumber = new Map<number, Buffer>()
  for (const unit of sets) {
    if (((unit[0] ?? 0) & 0x1f) !== type) continue
    const number = numberOf(unit, type)
    if (unit.length >= LEAST[type] && number <= HIGHEST[type] && !byNumber.has(number)) byNumber.set(number, unit)
  }
  return [...byNumber.values()]
}

/** Profile and level stand before the number of a sequence set. */
function numberOf(unit: Buffer, type: 7 | 8): number {
  const reader = new BitReader(unescapeNal(unit.subarray(1, 32)))
  if (type === 7) reader.skip(24)
  return reader.unsigned()
}

function buildHevc(sets: readonly Buffer[]): Buffer | null {
  const byType = [32, 33, 34].map(type => ({ type, unit: sets.find(unit => (((unit[0] ?? 0) >> 1) & 0x3f) === type) }))
  const sps = byType[1]?.unit
  if (sps === undefined || byType.some(({ unit }) => unit === undefined)) return null
  // The general profile, tier and level stand behind two bytes of header and one of layers, without the escapes of NAL units.
  const head = Buffer.alloc(23)
  head[0] = 1
  withoutEscapes(sps).copy(head, 1, 3, 15)
  head.writeUInt16BE(0xf000, 13)
  head[15] = 0xfc
  head[16] = 0xfc | 1
  const deep = describeVideo('hevc', [sps]).codecString?.startsWith('hvc1.2') === true
  head[17] = 0xf8 | (deep ? 2 : 0)
  head[18] = 0xf8 | (deep ? 2 : 0)
  head[21] = 0x0f
  head[22] = 3
  const arrays = byType.flatMap(({ type, unit }) => (unit === undefined ? [] : [Buffer.from([0x80 | type, 0, 1]), counted(unit)]))
  return Buffer.concat([head, ...arrays])
}

function withoutEscapes(unit: Buffer): Buffer {
  const clean: number[] = []
  for (let at = 0; at < unit.length; at++) {
    const isEscape = unit[at] === 3 && at >= 2 && unit[at - 1] === 0 && unit[at - 2] === 0
    if (!isEscape) clean.push(unit[at] as number)
  }
  return Buffer.from(clean)
}
