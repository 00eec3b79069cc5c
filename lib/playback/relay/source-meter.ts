import type { Segment } from '../segmenter'
import type { TsPacket, TsProgram } from '../ts/scanner'

/** What is known of a source once it has been watched for a while. */
export interface Measured {
  /** kbit/s of everything together. */
  bitrate: number
  /** Longest distance between key frames, in seconds; null where none came. */
  keyframeSeconds: number | null
}

/** So much is looked at before it is told, in seconds. */
const ENOUGH_SECONDS = 12
const TICKS = 90_000

/** Measures one source, and notices when it sends something else than has been told of it. */
export class SourceMeter {
  #bytes = 0
  #seconds = 0
  #keyAt: number | null = null
  #keyTicks = 0
  #told = ''

  /** Another source, or one that does not continue: nothing of what was measured counts any more. */
  reset(): void {
    this.#bytes = 0
    this.#seconds = 0
    this.#keyAt = null
    this.#keyTicks = 0
    this.#told = ''
  }

  onPacket({ role, frame }: TsPacket): void {
    if (role !== 'video' || frame?.isKey !== true) return
    if (this.#keyAt !== null) this.#keyTicks = Math.max(this.#keyTicks, frame.pts - this.#keyAt)
    this.#keyAt = frame.pts
  }

  onSegment({ size, duration }: Pick<Segment, 'size' | 'duration'>): void {
    this.#bytes += size
    this.#seconds += duration
  }

  /** Is there anything to be told of it that has not been? Then with what was measured, as soon as that is enough. */
  isNews(program: TsProgram): boolean {
    const { video, audio, texts, captions } = program
    const now = JSON.stringify([video, audio, texts, captions, this.measured() !== null])
    const isNews = now !== this.#told
    this.#told = now
    return isNews
  }

  measured(): Measured | null {
    if (this.#seconds < ENOUGH_SECONDS) return null
    const keyframeSeconds = this.#keyTicks > 0 ? Math.round(this.#keyTicks / TICKS / 0.01) / 100 : null
    return { bitrate: Math.round((this.#bytes * 8) / this.#seconds / 1_000), keyframeSeconds }
  }
}
