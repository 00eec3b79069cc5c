interface RingChunk {
  offset: number
  bytes: Buffer
}

/**
 * The newest bytes of a stream, at most `maxBytes` of them. Offsets count from the start of the stream and never start
 * over. Chunks are immutable, so readers may hand them to sockets without copying.
 */
export class Ring {
  readonly #maxBytes: number
  #chunks: RingChunk[] = []
  #keyframes: number[] = []
  #head = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Offset of the next byte to come. */
  get head(): number {
    return this.#head
  }

  /** Offset of the oldest byte still here. */
  get tail(): number {
    return this.#chunks[0]?.offset ?? this.#head
  }

  /** Adds `parts`; `keyframes` are the positions in all of them at which a decoder can start. */
  append(parts: readonly Buffer[], keyframes: readonly number[] = []): void {
    for (const position of keyframes) this.#keyframes.push(this.#head + position)
    for (const bytes of parts) {
      if (bytes.length === 0) continue
      this.#chunks.push({ offset: this.#head, bytes })
      this.#head += bytes.length
    }
    while (this.#chunks.length > 1 && this.#head - this.tail > this.#maxBytes) this.#chunks.shift()
    const tail = this.tail
    while ((this.#keyframes[0] ?? tail) < tail) this.#keyframes.shift()
  }

  /** Where a new reader starts: the newest key frame still here, or null. */
  newestKeyframe(): number | null {
    return this.#keyframes.at(-1) ?? null
  }

  /** The bytes from `offset` on, in order, at most `maxBytes` of them. `offset` must lie between tail and head. */
  read(offset: number, maxBytes = Number.POSITIVE_INFINITY): Buffer[] {
    let first = this.#chunks.length
    while (first > 0 && (this.#chunks[first - 1]?.offset ?? 0) + (this.#chunks[first - 1]?.bytes.length ?? 0) > offset) first--
    const parts: Buffer[] = []
    let left = maxBytes
    for (let at = first; at < this.#chunks.length && left > 0; at++) {
      const chunk = this.#chunks[at]
      if (chunk === undefined) break
      const from = Math.max(0, offset - chunk.offset)
      const part = chunk.bytes.subarray(from, from + left)
      parts.push(part)
      left -= part.length
    }
    return parts
  }

  /** Forgets everything before the next byte: what comes does not continue what came. */
  clear(): void {
    this.#chunks = []
    this.#keyframes = []
  }
}
