import { type CaptionKind, captionsIn } from '../captions'
import { BitReader, unescapeNal } from './bit-reader'
import type { VideoCodec } from './psi'

export interface AccessUnit {
  /** Can a decoder start here? */
  isKey: boolean
  /** Parameter sets (SPS, PPS, VPS; of MPEG-2 the sequence header and extensions) before the first slice, without start codes. */
  parameterSets: Buffer[]
  /** Of a key frame of H.264: may pictures behind it look beyond it? IDR pictures are not open. */
  isOpen?: boolean
  /** Captions that lie in the picture. */
  captions?: CaptionKind
}

/**
 * Looks at the head of an access unit. Null means that the first slice is not among these bytes yet.
 */
export function inspectAccessUnit(codec: VideoCodec, head: Buffer): AccessUnit | null {
  const unit = inspect(codec, head)
  const captions = unit === null ? null : captionsIn(codec, head)
  return unit === null || captions === null ? unit : { ...unit, captions }
}

function inspect(codec: VideoCodec, head: Buffer): AccessUnit | null {
  switch (codec) {
    case 'h264':
      return inspectH264(head)
    case 'hevc':
      return inspectHevc(head)
    case 'mpeg2video':
      return inspectMpeg2(head)
    default:
      return { isKey: true, parameterSets: [] }
  }
}

function inspectH264(head: Buffer): AccessUnit | null {
  const parameterSets: Buffer[] = []
  let hasSps = false
  let hasRecoveryPoint = false
  for (const nal of listNals(head)) {
    const type = (nal.bytes[0] ?? 0) & 0x1f
    if (type === 5) return { isKey: true, parameterSets }
    if (type === 1) {
      if (nal.bytes.length < 8 && !nal.isWhole) return null
      const isKey = (hasSps || hasRecoveryPoint) && isIntraSlice(nal.bytes)
      return isKey ? { isKey, isOpen: true, parameterSets } : { isKey, parameterSets }
    }
    if (type === 7) hasSps = true
    if ((type === 7 || type === 8) && nal.isWhole) parameterSets.push(nal.bytes)
    // SEI payload type 6: broadcasters open their groups of pictures with a recovery point instead of an IDR.
    if (type === 6 && nal.bytes[1] === 6) hasRecoveryPoint = true
  }
  return null
}

function inspectHevc(head: Buffer): AccessUnit | null {
  const parameterSets: Buffer[] = []
  for (const nal of listNals(head)) {
    const type = ((nal.bytes[0] ?? 0) >> 1) & 0x3f
    if (type >= 16 && type <= 21) return { isKey: true, parameterSets }
    if (type <= 9) return { isKey: false, parameterSets }
    if (type >= 32 && type <= 34 && nal.isWhole) parameterSets.push(nal.bytes)
  }
  return null
}

function inspectMpeg2(head: Buffer): AccessUnit | null {
  const parameterSets: Buffer[] = []
  let picture: AccessUnit | null = null
  for (const unit of listNals(head)) {
    const [code = 0] = unit.bytes
    // Captions stand between the head of a picture and its first slice.
    if (picture !== null && code >= 0x01 && code <= 0xaf) return picture
    if (picture !== null) continue
    if ((code === 0xb3 || code === 0xb5) && unit.isWhole) parameterSets.push(unit.bytes)
    if (code !== 0x00) continue
    if (unit.bytes.length < 3) return null
    const hasSequence = parameterSets[0]?.[0] === 0xb3
    const isKey = hasSequence && (((unit.bytes[2] ?? 0) >> 3) & 7) === 1
    picture = { isKey, parameterSets: hasSequence ? parameterSets : [] }
  }
  return null
}

function isIntraSlice(nal: Buffer): boolean {
  const reader = new BitReader(unescapeNal(nal.subarray(1, 16)))
  reader.unsigned()
  const type = reader.unsigned() % 5
  return type === 2 || type === 4
}

/** The units between start codes (00 00 01). The last one is whole only when a start code follows it. */
function* listNals(bytes: Buffer): Generator<{ bytes: Buffer; isWhole: boolean }> {
  let start = findStartCode(bytes, 0)
  while (start !== -1) {
    const next = findStartCode(bytes, start + 3)
    const isWhole = next !== -1
    let end = isWhole ? next : bytes.length
    // The zero of a four-byte start code belongs to that code, not to this unit.
    while (isWhole && end > start + 3 && bytes[end - 1] === 0) end--
    if (end > start + 3) yield { bytes: bytes.subarray(start + 3, end), isWhole }
    start = next
  }
}

const startCode = Buffer.from([0, 0, 1])

function findStartCode(bytes: Buffer, from: number): number {
  return bytes.indexOf(startCode, from)
}
