import type { PicturePlace } from '../../ts/h264-order'
import type { FilmPacket } from '../film'

/** A decoder holds no more pictures than this before it has to show one (ITU-T H.264, A.3.1). */
export const MOST_HELD = 16
/** A stream that claims otherwise does not fill the memory. */
const MOST_WAITING = 256

/**
 * Gives pictures that lie in the order of decoding, each with a moment, the moments at which they are shown: the same moments, handed
 * out in the order of showing. So nothing is late against the sound, and what lies from one border to the next fills just its own time.
 */
export class ShownOrder {
  /** In the order of decoding; without a moment while an earlier one may come. */
  #waiting: { packet: FilmPacket; count: number; pts: number | null }[] = []
  #moments: number[] = []

  /** The next packet, at its moment of decoding. Returns those whose moment is known now, in the order of decoding. */
  push(packet: FilmPacket, { count, isBorder }: PicturePlace): FilmPacket[] {
    const before = isBorder ? this.end() : []
    this.#waiting.push({ packet, count, pts: null })
    this.#moments.push(packet.pts)
    this.#show(this.#waiting.length > MOST_WAITING ? 0 : MOST_HELD)
    return [...before, ...this.#take()]
  }

  /** What is left when nothing follows. */
  end(): FilmPacket[] {
    this.#show(0)
    return this.#take()
  }

  /** Shows the earliest until so many are held. */
  #show(held: number): void {
    while (this.#moments.length > held) {
      const open = this.#waiting.filter(({ pts }) => pts === null)
      const first = open.reduce((a, b) => (b.count < a.count ? b : a))
      first.pts = this.#moments.shift() ?? first.packet.pts
    }
  }

  #take(): FilmPacket[] {
    const next = this.#waiting.findIndex(({ pts }) => pts === null)
    const known = this.#waiting.splice(0, next === -1 ? this.#waiting.length : next)
    return known.map(({ packet, pts }) => ({ ...packet, pts: pts ?? packet.pts }))
  }
}
