/**
 * Gathers packets until they are handed on in one piece. Neighbours in memory are kept as one run: a view for each of
 * thousands of packets a second would be most of the work.
 */
export class PacketBatch {
  #views: Buffer[] = []
  #keyframes: number[] = []
  #length = 0
  #runBuffer: ArrayBufferLike | null = null
  #runStart = 0
  #runEnd = 0

  get isEmpty(): boolean {
    return this.#length === 0
  }

  get length(): number {
    return this.#length
  }

  add(bytes: Buffer, isKeyframe = false): void {
    if (isKeyframe) this.#keyframes.push(this.#length)
    this.#length += bytes.length
    if (bytes.buffer !== this.#runBuffer || bytes.byteOffset !== this.#runEnd) {
      this.#endRun()
      this.#runBuffer = bytes.buffer
      this.#runStart = bytes.byteOffset
    }
    this.#runEnd = bytes.byteOffset + bytes.length
  }

  /** Everything gathered, with the positions of key frames inside; a copy only of what does not lie together. The batch is empty afterwards. */
  take(): { bytes: Buffer; keyframes: number[] } {
    const keyframes = this.#keyframes
    const views = this.takeViews()
    const [only] = views
    return { bytes: only !== undefined && views.length === 1 ? only : Buffer.concat(views), keyframes }
  }

  /** The same as it lies in memory. */
  takeViews(): Buffer[] {
    this.#endRun()
    const views = this.#views
    this.#views = []
    this.#keyframes = []
    this.#length = 0
    return views
  }

  #endRun(): void {
    if (this.#runBuffer === null) return
    this.#views.push(Buffer.from(this.#runBuffer as ArrayBuffer, this.#runStart, this.#runEnd - this.#runStart))
    this.#runBuffer = null
  }
}
