/** More pieces than this cost more, with each write, than putting them together once. */
const MAX_PARTS = 4
/** Views that keep more memory alive than so many times their own bytes are copied out of it. */
const MAX_MEMORY_SHARE = 2

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

  /** Everything gathered, with the positions of key frames in all of it; copied only when it lies in many places. The batch is empty afterwards. */
  take(): { parts: Buffer[]; keyframes: number[] } {
    const keyframes = this.#keyframes
    const views = this.#takeViews()
    return { parts: views.length > MAX_PARTS ? [Buffer.concat(views)] : views, keyframes }
  }

  /** The same without key frames, put together by whoever asks first: most segments are never asked for. */
  takeLater(): () => Buffer {
    const size = this.#length
    const views = this.#takeViews()
    const memory = [...new Set(views.map(({ buffer }) => buffer))].reduce((sum, { byteLength }) => sum + byteLength, 0)
    let joined = memory > size * MAX_MEMORY_SHARE ? Buffer.concat(views.splice(0)) : null
    return () => {
      joined ??= Buffer.concat(views.splice(0))
      return joined
    }
  }

  /** All of it in one piece, now. */
  takeJoined(): Buffer {
    return this.takeLater()()
  }

  #takeViews(): Buffer[] {
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
