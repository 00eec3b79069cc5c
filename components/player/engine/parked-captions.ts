import type shaka from 'shaka-player/dist/shaka-player.hls-es2021.js'

type Cue = Pick<shaka.text.Cue, 'startTime' | 'endTime'>

/** After everything: Shaka neither shows what is there, nor throws it away with old pictures, nor counts it to what it has of subtitles. */
const AWAY = { start: Number.POSITIVE_INFINITY, end: Number.POSITIVE_INFINITY }
/** Nowhere: it goes with the next pictures that are thrown away, and beside captions that have a place it does not count either. */
const NOWHERE = { start: Number.POSITIVE_INFINITY, end: Number.NEGATIVE_INFINITY }
/** A quarter of an hour of captions; players keep less of the picture. */
const MOST = 500

interface Times {
  start: number
  end: number
}

interface Known {
  cue: Cue
  /** While it is put away: when it belongs on the screen. */
  times: Times | null
}

/**
 * Shaka reads the captions in a picture whether somebody wants them or not, and takes what it has read of them for subtitles that are
 * there already: subtitles chosen beside them would begin behind the last caption, seconds after what plays. So captions that nobody
 * wants are put out of its way until somebody does.
 */
export class ParkedCaptions {
  readonly #wishes = new Set<object>()
  #known: Known[] = []

  /** Shaka moves what a decoder hands over to its place, files it at once and counts; afterwards it can be put away. */
  take(cues: readonly Cue[]): void {
    for (const { cue, times } of this.#known) if (times !== null) place(cue, NOWHERE)
    queueMicrotask(() => {
      this.#known.push(...cues.map(cue => ({ cue, times: null })))
      this.#forget()
      this.#settle()
    })
  }

  /** Does this player show captions of the picture? */
  want(player: object, isWanted: boolean): void {
    if (isWanted) this.#wishes.add(player)
    else this.#wishes.delete(player)
    this.#settle()
  }

  #settle(): void {
    for (const known of this.#known) {
      const { cue, times } = known
      if (this.#wishes.size === 0) {
        known.times ??= { start: cue.startTime, end: cue.endTime }
        place(cue, AWAY)
      } else if (times !== null) {
        known.times = null
        place(cue, times)
      }
    }
  }

  #forget(): void {
    for (const { cue, times } of this.#known.splice(0, Math.max(0, this.#known.length - MOST))) {
      if (times !== null) place(cue, NOWHERE)
    }
  }
}

function place(cue: Cue, { start, end }: Times): void {
  cue.startTime = start
  cue.endTime = end
}
