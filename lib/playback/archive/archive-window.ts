/** Memory for the segments of one session. */
const MAX_BYTES = 32 * 2 ** 20
/** Cut ahead of the player, which has a reserve of its own. */
const AHEAD = 4
/** Segments ahead of the newest request that are surely kept. */
const SURE = 2

/** The segments of a programme that have been cut and may be asked for, a bounded number of bytes around the newest request. */
export class ArchiveWindow {
  readonly #segments = new Map<number, Buffer>()
  #bytes = 0
  #wanted = 0

  get bytes(): number {
    return this.#bytes
  }

  find(number: number): Buffer | null {
    return this.#segments.get(number) ?? null
  }

  /** Somebody asks for this segment: what lies around it is worth keeping. */
  want(number: number): void {
    this.#wanted = number
  }

  add(number: number, bytes: Buffer): void {
    this.#drop(number)
    this.#segments.set(number, bytes)
    this.#bytes += bytes.length
    while (this.#bytes > MAX_BYTES) {
      const furthest = this.#furthest()
      if (furthest === null) return
      this.#drop(furthest)
    }
  }

  /** Is there enough ahead of the newest request, with `next` as the number to be cut now? */
  isAhead(next: number): boolean {
    const ahead = next - this.#wanted
    return ahead > AHEAD || (ahead > SURE && this.#bytes > MAX_BYTES * 0.75)
  }

  clear(): void {
    this.#segments.clear()
    this.#bytes = 0
  }

  #drop(number: number): void {
    this.#bytes -= this.#segments.get(number)?.length ?? 0
    this.#segments.delete(number)
  }

  #furthest(): number | null {
    const distance = (number: number) => (number < this.#wanted ? 2 * (this.#wanted - number) : number - this.#wanted)
    const kept = (number: number) => number >= this.#wanted && number <= this.#wanted + SURE
    const candidates = [...this.#segments.keys()].filter(number => !kept(number))
    return candidates.toSorted((a, b) => distance(b) - distance(a))[0] ?? null
  }
}
