import type { Socket } from 'node:net'

/** What a running FFmpeg has to read and write; Node gives each pipe as a socket. */
export interface FfmpegStreams {
  inputs: readonly Pick<Socket, 'writableLength' | 'writableEnded'>[]
  outputs: readonly Pick<Socket, 'bytesRead' | 'readableLength'>[]
}

/**
 * Says when an FFmpeg stands still although it could work: it has something to read and room to write, and yet nothing comes
 * out. One that waits for its source or for its reader is not at fault.
 */
export class StallGuard {
  readonly #streams: FfmpegStreams
  readonly #limitMs: number
  #movedAt = performance.now()
  #bytes = 0
  #position = ''

  constructor(streams: FfmpegStreams, limitMs: number) {
    this.#streams = streams
    this.#limitMs = limitMs
  }

  /** FFmpeg's own report of how far it is; files give no bytes to count. */
  noteReport(report: string): void {
    const position = /out_time_us=(\d+)/.exec(report)?.[1] ?? ''
    if (position === this.#position) return
    this.#position = position
    this.#movedAt = performance.now()
  }

  isStalled(now = performance.now()): boolean {
    const { inputs, outputs } = this.#streams
    const bytes = outputs.reduce((sum, { bytesRead }) => sum + bytesRead, 0)
    const isStarved = inputs.length > 0 && inputs.every(input => input.writableLength === 0 && !input.writableEnded)
    const isHeldUp = outputs.some(output => output.readableLength > 0)
    if (bytes > this.#bytes || isStarved || isHeldUp) this.#movedAt = now
    this.#bytes = bytes
    return now - this.#movedAt > this.#limitMs
  }
}
