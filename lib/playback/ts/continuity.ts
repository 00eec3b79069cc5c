const UNKNOWN = 255

/** Counts packets that have been lost on the way: each stream numbers its own, from 0 to 15 and over again. */
export class Continuity {
  errors = 0
  readonly #counters = new Uint8Array(8_192).fill(UNKNOWN)

  /** `fourth` is the packet's fourth byte, which ends with its number. */
  count(pid: number, fourth: number): void {
    const counter = fourth & 0x0f
    const last = this.#counters[pid] ?? UNKNOWN
    this.#counters[pid] = counter
    // A repeated number is a duplicate packet, which the standard allows once.
    if (last !== UNKNOWN && counter !== ((last + 1) & 0x0f) && counter !== last) this.errors++
  }
}
