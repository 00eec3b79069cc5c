import { createHash } from 'node:crypto'
import { PACKET_SIZE, payloadOf } from '../ts/packet-aligner'
import { parsePesHeader, TICKS_PER_SECOND } from '../ts/pes'
import { TsScanner } from '../ts/scanner'

export interface SeenFrame {
  /** Seconds by the stream's own clock. */
  at: number
  isKey: boolean
  /** What the picture (H.264) is made of, without its clock and whatever box it comes in. */
  print: string
}

/** The pictures of a transport stream in order, each with a print of its bytes: which moment of a recording it shows. */
export function listFrames(bytes: Buffer): SeenFrame[] {
  const frames: (SeenFrame & { parts: Buffer[] })[] = []
  const scanner = new TsScanner({
    onPacket: ({ bytes: packets, role, frame }) => {
      if (role !== 'video') return
      if (frame !== null) {
        const payload = payloadOf(packets)
        const data = payload.subarray(parsePesHeader(payload)?.dataOffset ?? 0)
        frames.push({ at: frame.dts / TICKS_PER_SECOND, isKey: frame.isKey, print: '', parts: [data] })
        return
      }
      for (let at = 0; at < packets.length; at += PACKET_SIZE)
        frames.at(-1)?.parts.push(payloadOf(packets.subarray(at, at + PACKET_SIZE)))
    },
    onProgramChange: () => {},
  })
  scanner.push(bytes)
  return frames.map(({ at, isKey, parts }) => ({
    at,
    isKey,
    print: printOf(Buffer.concat(parts)),
  }))
}

/** Of its slices: delimiters and lengths of start codes differ from box to box. */
function printOf(unit: Buffer): string {
  const hash = createHash('sha1')
  for (let at = unit.indexOf('000001', 'hex'); at >= 0; ) {
    const next = unit.indexOf('000001', at + 3, 'hex')
    const type = (unit[at + 3] ?? 0) & 0x1f
    let end = next < 0 ? unit.length : next
    while (unit[end - 1] === 0) end--
    if (type >= 1 && type <= 5) hash.update(unit.subarray(at + 3, end))
    at = next
  }
  return hash.digest('hex')
}

/** Bytes of a transport stream from its last key frame at or before `seconds` after its first frame. */
export function cutFrom(bytes: Buffer, seconds: number): Buffer {
  let position = 0
  let found = 0
  let first: number | null = null
  const offsets: { at: number; offset: number }[] = []
  const scanner = new TsScanner({
    onPacket: ({ frame, bytes: packet }) => {
      if (frame === null) return
      first ??= frame.dts
      if (frame.isKey) offsets.push({ at: (frame.dts - first) / TICKS_PER_SECOND, offset: packet.byteOffset - bytes.byteOffset })
    },
    onProgramChange: () => {},
  })
  scanner.push(bytes)
  for (const { at, offset } of offsets) if (at <= seconds + 0.001) [position, found] = [offset, at]
  if (Math.abs(found - seconds) > 10) throw new Error(`no key frame near ${seconds}`)
  // The tables stand before the first frame; a panel's piece begins with them.
  return Buffer.concat([
    bytes.subarray(0, (offsets[0]?.offset ?? 0) - ((offsets[0]?.offset ?? 0) % 188)),
    bytes.subarray(position),
  ])
}

/** The packets of the nth picture of a transport stream, and its tables. */
export function frameOf(bytes: Buffer, nth: number): { tables: Buffer; frame: Buffer } {
  const frames: Buffer[][] = []
  const scanner = new TsScanner({
    onPacket: ({ bytes: packet, role, frame }) => {
      if (frame !== null) frames.push([])
      if (role === 'video') frames.at(-1)?.push(packet)
    },
    onProgramChange: () => {},
  })
  scanner.push(bytes)
  return { tables: Buffer.from(scanner.program?.tables ?? []), frame: Buffer.concat(frames[nth] ?? []) }
}
