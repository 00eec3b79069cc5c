import { sleep } from '@/lib/kernel/time'

interface Piece {
  bytes: Buffer
  seconds: number
  /** It does not continue the piece before. */
  isBreak: boolean
}

const BEAT_MS = 100
/** Slightly faster than real time: a reserve that is used up once would never come back otherwise. */
const SPEED = 1.05
const MAX_WAITING = 2

/**
 * Hands pieces of several seconds on in small steps at the speed of the picture. Players of raw streams would otherwise
 * get nothing for seconds and then everything at once.
 */
export class Pacer {
  readonly #emit: (bytes: Buffer) => void
  readonly #onBreak: () => void
  #waiting: Piece[] = []
  #isFirst = true
  #wake: () => void = () => {}

  constructor(hooks: { emit: (bytes: Buffer) => void; onBreak: () => void }) {
    this.#emit = hooks.emit
    this.#onBreak = hooks.onBreak
  }

  /** Resolves when there is room for another piece. */
  async room(signal: AbortSignal): Promise<void> {
    while (this.#waiting.length >= MAX_WAITING) await sleep(BEAT_MS, signal)
  }

  add(piece: Piece): void {
    this.#waiting.push(piece)
    this.#wake()
  }

  /** Until the signal aborts, whose reason it rejects with. */
  async run(signal: AbortSignal): Promise<never> {
    for (;;) {
      const [piece] = this.#waiting
      if (piece === undefined) await this.#nextPiece(signal)
      else {
        if (piece.isBreak) this.#onBreak()
        // The first piece at once: it is what viewers begin with.
        if (this.#isFirst) this.#emit(piece.bytes)
        else await this.#spread(piece, signal)
        this.#isFirst = false
        this.#waiting.shift()
      }
    }
  }

  async #spread({ bytes, seconds }: Piece, signal: AbortSignal): Promise<void> {
    const startedAt = performance.now()
    const wholeMs = (seconds * 1_000) / SPEED
    for (let sent = 0; sent < bytes.length; ) {
      const share = Math.min(1, (performance.now() - startedAt + BEAT_MS) / wholeMs)
      const until = Math.max(sent, Math.floor(bytes.length * share))
      this.#emit(bytes.subarray(sent, until))
      sent = until
      await sleep(Math.min(BEAT_MS, wholeMs), signal)
    }
  }

  #nextPiece(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const onAbort = () => reject(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      this.#wake = () => {
        signal.removeEventListener('abort', onAbort)
        this.#wake = () => {}
        resolve()
      }
    })
  }
}
