/** Bytes that can be read anywhere. */
export interface ByteSource {
  readonly size: number
  read(offset: number, length: number): Promise<Buffer>
}

const WINDOW = 64 * 1024

/** Reads a file on from a place, without asking twice for what is at hand. */
export class ByteCursor {
  at: number
  readonly #bytes: ByteSource
  #window: Buffer = Buffer.alloc(0)
  #from = 0

  constructor(bytes: ByteSource, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.size
  }

  /** The next bytes without moving on; fewer at the end of the file. */
  async peek(length: number): Promise<Buffer> {
    const inWindow = this.at - this.#from
    if (inWindow < 0 || inWindow + length > this.#window.length) {
      this.#window = await this.#bytes.read(this.at, Math.max(length, WINDOW))
      this.#from = this.at
    }
    return this.#window.subarray(this.at - this.#from, this.at - this.#from + length)
  }

  async take(length: number): Promise<Buffer> {
    const bytes = await this.peek(length)
    this.at += bytes.length
    return bytes
  }
}
