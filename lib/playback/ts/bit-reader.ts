/** Reads the bit-wise fields of H.264 and HEVC headers. Past the end it reads zeros: headers may be cut short. */
export class BitReader {
  readonly #bytes: Buffer
  #bit = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** Bits read so far. */
  get position(): number {
    return this.#bit
  }

  /** Has more been read than there is? */
  get isPast(): boolean {
    return this.#bit > this.#bytes.length * 8
  }

  bits(count: number): number {
    let value = 0
    for (let index = 0; index < count; index++) {
      const byte = this.#bytes[this.#bit >> 3] ?? 0
      value = value * 2 + ((byte >> (7 - (this.#bit & 7))) & 1)
      this.#bit++
    }
    return value
  }

  skip(count: number): void {
    this.#bit += count
  }

  flag(): boolean {
    return this.bits(1) === 1
  }

  /** Unsigned Exp-Golomb. */
  unsigned(): number {
    let zeros = 0
    while (zeros < 32 && this.bits(1) === 0) zeros++
    return 2 ** zeros - 1 + this.bits(zeros)
  }

  /** Signed Exp-Golomb. */
  signed(): number {
    const value = this.unsigned()
    return value % 2 === 0 ? -value / 2 : (value + 1) / 2
  }
}

/** Removes the emulation prevention bytes (00 00 03) from a NAL unit. */
export function unescapeNal(nal: Buffer): Buffer {
  const clean = Buffer.alloc(nal.length)
  let length = 0
  for (let at = 0; at < nal.length; at++) {
    const isEscape = nal[at] === 3 && at >= 2 && nal[at - 1] === 0 && nal[at - 2] === 0
    if (!isEscape) clean[length++] = nal[at] ?? 0
  }
  return clean.subarray(0, length)
}
