import { TICKS_PER_SECOND, WRAP } from '../ts/pes'
import type { TsPacket, TsSink } from '../ts/scanner'
import { findStamps, readPcr, readStamp, shiftStamps } from '../ts/shift-timestamps'

/** A clock that moves further between two frames, or back, is another clock. */
const MAX_STEP = 5 * TICKS_PER_SECOND
/** Sound and picture of one moment lie closer together than this. */
const MAX_APART = 10 * TICKS_PER_SECOND
/** Between the last frame of one clock and the first of the next: one picture at 25 a second. */
const FRAME = TICKS_PER_SECOND / 25

/**
 * Rewrites the timestamps of an archive's stream to the time since the beginning of the programme, whatever clock the provider's
 * encoder ran on and however often that was started anew. So pieces from several connections fit together, in any order.
 */
export class ProgrammeClock implements TsSink {
  readonly #next: TsSink
  readonly #startTicks: number
  #offset: number | null = null
  /** Sound may belong to the clock before for a moment longer. */
  #formerOffset: number | null = null
  #last = 0
  /** Streams whose open packet fits no clock, to be left out until their next one. */
  readonly #dropped = new Set<number>()

  /** `startSeconds`: where in the programme the first key frame stands. */
  constructor(startSeconds: number, next: TsSink) {
    this.#startTicks = Math.round(startSeconds * TICKS_PER_SECOND)
    this.#next = next
  }

  onProgramChange(): void {
    this.#next.onProgramChange()
  }

  onPacket(packet: TsPacket): void {
    if (packet.role === 'table') this.#next.onPacket(packet)
    else this.#rewrite(packet)
  }

  #rewrite(packet: TsPacket): void {
    if (packet.frame !== null) this.#follow(packet.frame)
    const offset = this.#offset
    if (offset === null) return
    const shift = this.#shiftOf(packet, offset)
    if (packet.startsUnit && shift !== null) this.#dropped.delete(packet.pid)
    if (shift === null) this.#dropped.add(packet.pid)
    if (this.#dropped.has(packet.pid)) return
    const stamps = findStamps(packet.bytes)
    if (shift !== null) shiftStamps(packet.bytes, stamps, shift)
    const { frame } = packet
    this.#next.onPacket(
      frame === null ? packet : { ...packet, frame: { ...frame, dts: frame.dts + offset, pts: frame.pts + offset } },
    )
  }

  #follow(frame: { dts: number; isKey: boolean }): void {
    if (this.#offset === null) {
      if (!frame.isKey) return
      this.#offset = this.#startTicks - frame.dts
    } else {
      const step = frame.dts + this.#offset - this.#last
      if (step < 0 || step > MAX_STEP) {
        this.#formerOffset = this.#offset
        this.#offset = this.#last + FRAME - frame.dts
      }
    }
    this.#last = frame.dts + this.#offset
  }

  /** By how much this packet moves; null for one that no clock leads near the picture, or before the programme's beginning. */
  #shiftOf({ bytes, frame, startsUnit }: TsPacket, offset: number): number | null {
    if (frame !== null) return offset
    const { pts, pcr } = findStamps(bytes)
    if (pts === null) return pcr === null || startsUnit ? offset : (this.#fit(readPcr(bytes, pcr), offset) ?? offset)
    const shift = this.#fit(readStamp(bytes, pts), offset)
    if (shift === null) return null
    return this.#last + apart(readStamp(bytes, pts) + shift, this.#last) < 0 ? null : shift
  }

  #fit(stamp: number, offset: number): number | null {
    const isNear = (shift: number) => Math.abs(apart(stamp + shift, this.#last)) <= MAX_APART
    if (isNear(offset)) return offset
    return this.#formerOffset !== null && isNear(this.#formerOffset) ? this.#formerOffset : null
  }
}

/** Signed distance between two times of the 33-bit clock. */
function apart(time: number, from: number): number {
  const distance = (((time - from) % WRAP) + WRAP) % WRAP
  return distance > WRAP / 2 ? distance - WRAP : distance
}
