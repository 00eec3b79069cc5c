/** Ticks of the MPEG clock per second. */
export const TICKS_PER_SECOND = 90_000
/** Timestamps have 33 bits. */
export const WRAP = 2 ** 33

export interface PesHeader {
  /** Presentation and decoding time in 90 kHz ticks, modulo 2^33; null when the packet carries none. */
  pts: number | null
  dts: number | null
  /** Where the elementary stream's bytes begin. */
  dataOffset: number
}

/** Reads the header at the start of a PES packet; null when these bytes do not begin one. */
export function parsePesHeader(bytes: Buffer): PesHeader | null {
  if (bytes.length < 9 || bytes[0] !== 0 || bytes[1] !== 0 || bytes[2] !== 1) return null
  const flags = bytes[7] ?? 0
  const dataOffset = 9 + (bytes[8] ?? 0)
  const pts = flags & 0x80 && bytes.length >= 14 ? readTimestamp(bytes, 9) : null
  const dts = flags & 0x40 && bytes.length >= 19 ? readTimestamp(bytes, 14) : pts
  return { pts, dts, dataOffset }
}

/** Bytes of the PES packet that begins here, its head included; without end when it does not say, as video may. */
export function lengthOfPes(bytes: Buffer): number {
  if (bytes.length < 6 || bytes.readUIntBE(0, 3) !== 1) return Number.POSITIVE_INFINITY
  const rest = bytes.readUInt16BE(4)
  return rest === 0 ? Number.POSITIVE_INFINITY : 6 + rest
}

/** A PES packet header with PTS and DTS for a video stream, of unknown length as video allows. */
export function buildVideoPesHeader(pts: number, dts: number): Buffer {
  const header = Buffer.from([0, 0, 1, 0xe0, 0, 0, 0x80, 0xc0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  writeTimestamp(header, 9, { prefix: 0x30, value: pts })
  writeTimestamp(header, 14, { prefix: 0x10, value: dts })
  return header
}

/** Turns 33-bit timestamps, which start over every 26.5 hours, into an ever growing count. */
export class TimestampUnwrapper {
  #last: number | null = null

  unwrap(value: number): number {
    if (this.#last === null) {
      this.#last = value
      return value
    }
    const delta = (((value - this.#last) % WRAP) + WRAP) % WRAP
    this.#last += delta > WRAP / 2 ? delta - WRAP : delta
    return this.#last
  }
}

export function readTimestamp(bytes: Buffer, at: number): number {
  const high = ((bytes[at] ?? 0) >> 1) & 0x07
  return high * 2 ** 30 + (bytes.readUInt16BE(at + 1) >> 1) * 2 ** 15 + (bytes.readUInt16BE(at + 3) >> 1)
}

export function writeTimestamp(bytes: Buffer, at: number, stamp: { prefix: number; value: number }): void {
  const value = ((stamp.value % WRAP) + WRAP) % WRAP
  bytes[at] = stamp.prefix | (Math.floor(value / 2 ** 30) << 1) | 1
  bytes.writeUInt16BE(((Math.floor(value / 2 ** 15) & 0x7fff) << 1) | 1, at + 1)
  bytes.writeUInt16BE(((value % 2 ** 15) << 1) | 1, at + 3)
}
