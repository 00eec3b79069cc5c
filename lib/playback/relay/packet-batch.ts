/** Gathers packets until they are handed on in one piece. Neighbours in memory stay one view instead of many. */
export class PacketBatch {
  #views: Buffer[] = []
  #keyframes: number[] = []
  #length = 0

  get isEmpty(): boolean {
    return this.#length === 0
  }

  add(bytes: Buffer, isKeyframe: boolean): void {
    if (isKeyframe) this.#keyframes.push(this.#length)
    const last = this.#views.at(-1)
    this.#length += bytes.length
    if (last !== undefined && last.buffer === bytes.buffer && last.byteOffset + last.length === bytes.byteOffset) {
      this.#views[this.#views.length - 1] = Buffer.from(last.buffer, last.byteOffset, last.length + bytes.length)
    } else this.#views.push(bytes)
  }

  /** Everything gathered, with the positions of key frames inside. The batch is empty afterwards. */
  take(): { bytes: Buffer; keyframes: number[] } {
    const taken = { bytes: Buffer.concat(this.#views, this.#length), keyframes: this.#keyframes }
    this.#views = []
    this.#keyframes = []
    this.#length = 0
    return taken
  }
}
