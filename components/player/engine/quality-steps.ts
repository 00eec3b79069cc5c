/** Seconds in hand that a better quality leaves alone: enough to take the step back and fetch a lower one, should it not arrive. */
const KEPT = 7
/** Seconds that are worth being replaced: a segment. With no more in hand than both, a lower quality is fetched at once. */
const WORTH = 4
/** Seconds for which any other change has to be called for. */
const STANDS = 3
/** Seconds within which a better quality that is left again was a mistake; each one doubles how long the next is called for, up to a minute. */
const TRIAL = 60
const LONGEST = 60

export interface Call {
  /** Bits a second of the quality that is called for, and of the one that is fetched now. */
  bandwidth: number
  current: number
  /** Seconds, of any clock. */
  at: number
  /** Where the film is, and how far its picture is in hand, in seconds of the film. */
  position: number
  end: number
}

/** `kept`: the better quality takes the place of all that lies more than so many seconds ahead. */
export type Step = 'wait' | 'switch' | { kept: number }

/**
 * When a film changes its quality, and from where on. What is called for only for an instant is left out while there is time. What is in
 * hand would all be shown before a better quality: what is worse of it gives way. Since that is fetched a second time, a better quality that
 * turned out to be rash makes the next one wait longer.
 */
export class QualitySteps {
  /** What is in hand: each quality reaches to where the next one begins. */
  #parts: { from: number; bandwidth: number }[] = []
  #direction = 0
  #since = 0
  #replacedAt = Number.NEGATIVE_INFINITY
  #patience = STANDS

  take(call: Call): Step {
    const { bandwidth, current, at, position, end } = call
    const direction = Math.sign(bandwidth - current)
    if (direction !== this.#direction) this.#since = at
    this.#direction = direction
    const isUrgent = direction < 0 && end - position < KEPT + WORTH
    const isHeard = at - this.#since >= (direction < 0 ? STANDS : this.#patience)
    if (direction === 0 || !(isUrgent || isHeard)) return 'wait'
    if (direction < 0) this.#patience = at - this.#replacedAt < TRIAL ? Math.min(this.#patience * 2, LONGEST) : STANDS
    this.#parts = this.#parts.filter(part => part.from < end)
    // Somebody sought elsewhere, or chose by hand: all that is in hand has come since.
    if (this.#parts.at(-1)?.bandwidth !== current) this.#parts = [{ from: Number.NEGATIVE_INFINITY, bandwidth: current }]
    const from = direction > 0 ? Math.max(position + KEPT, this.#worseFrom(bandwidth, position)) : end
    const isReplaced = end - from >= WORTH
    if (isReplaced) this.#replacedAt = at
    this.#fetchFrom(isReplaced ? from : end, bandwidth)
    return isReplaced ? { kept: from - position } : 'switch'
  }

  #worseFrom(bandwidth: number, position: number): number {
    const worse = this.#parts.find((part, index) => {
      const until = this.#parts[index + 1]?.from ?? Number.POSITIVE_INFINITY
      return part.bandwidth < bandwidth && until > position
    })
    return worse?.from ?? Number.POSITIVE_INFINITY
  }

  #fetchFrom(from: number, bandwidth: number): void {
    this.#parts = [...this.#parts.filter(part => part.from < from), { from, bandwidth }]
  }
}
