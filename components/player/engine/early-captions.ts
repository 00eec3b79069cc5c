import type shaka from 'shaka-player/dist/shaka-player.hls-es2021.js'
import { CAPTION_ID } from './caption-seams'

type Decoder = shaka.extern.ICaptionDecoder
type Caption = shaka.extern.ICaptionDecoder.ClosedCaption

/** Seconds that are read again; a line that has stood for longer is one that somebody forgot to take away. */
const MEMORY = 20

/** Seconds from picture to picture within which captions go on. */
const NEXT = 0.5

/** As a picture would carry it (ATSC A/53). */
const pack = (...entries: number[]) =>
  Uint8Array.of(0xb5, 0, 0x31, 0x47, 0x41, 0x39, 0x34, 3, 0x40 | (entries.length / 3), 0xff, ...entries, 0xff)

/** What ends whatever stands there: "erase displayed memory" for channel 1 of CEA-608, "delete windows" for service 1 of CEA-708. */
const ERASE = [pack(0xfc, 0x94, 0x2c), pack(0xff, 0x02, 0x22, 0xfe, 0x8c, 0xff)]

interface Message {
  bytes: Uint8Array
  pts: number
  isRaw: boolean
}

const feed = (decoder: Decoder, { bytes, pts, isRaw }: Message) =>
  isRaw ? decoder.extractRaw608(bytes, pts) : decoder.extract(bytes, pts)

/**
 * Shaka's decoder tells a line when it is taken away: only then is it known how long it stood. A film is received far ahead of its
 * picture and nobody notices, but a line of a channel would come seconds late. So what still stands at the end of a segment is told
 * up to there, and told anew, longer, with the next: for that the last seconds are read a second time, with an end behind them.
 */
export class EarlyCaptions implements Decoder {
  readonly #create: () => Decoder
  readonly #onCues: (cues: shaka.text.Cue[]) => void
  readonly #decoder: Decoder
  #recent: Message[] = []
  #mayBeElsewhere = false

  /** `onCues` hears of all that is handed over, before Shaka does. */
  constructor(create: () => Decoder, onCues: (cues: shaka.text.Cue[]) => void = () => {}) {
    this.#create = create
    this.#onCues = onCues
    this.#decoder = create()
  }

  extract(bytes: Uint8Array, pts: number): void {
    this.#take({ bytes, pts, isRaw: false })
  }

  extractRaw608(bytes: Uint8Array, pts: number): void {
    this.#take({ bytes, pts, isRaw: true })
  }

  decode(): Caption[] {
    const captions = [...this.#decoder.decode(), ...this.#standing()]
    // Several windows of CEA-708 may stand there from the same moment on.
    for (const { cue, stream } of captions) cue.id = `${CAPTION_ID}${stream}${cue.region?.id ?? ''}:${cue.startTime.toFixed(3)}`
    this.#onCues(captions.map(({ cue }) => cue))
    return captions
  }

  /**
   * Shaka asks for this after a jump, but also whenever it throws old pictures away: a line that stands there at that moment would
   * be lost, so the next picture decides.
   */
  clear(): void {
    this.#mayBeElsewhere = true
  }

  getStreams(): string[] {
    return this.#decoder.getStreams()
  }

  #take(message: Message): void {
    if (this.#mayBeElsewhere && Math.abs(message.pts - this.#last()) > NEXT) {
      this.#recent = []
      this.#decoder.clear()
    }
    this.#mayBeElsewhere = false
    feed(this.#decoder, message)
    // The bytes are a part of the segment, which need not be kept for them.
    this.#recent.push({ ...message, bytes: message.bytes.slice() })
  }

  #last(): number {
    return this.#recent.reduce((latest, { pts }) => Math.max(latest, pts), Number.NEGATIVE_INFINITY)
  }

  /** What has not been taken away by the last picture. */
  #standing(): Caption[] {
    const last = this.#last()
    this.#recent = this.#recent.filter(({ pts }) => pts > last - MEMORY)
    if (this.#recent.length === 0) return []
    const reader = this.#create()
    for (const message of this.#recent) feed(reader, message)
    reader.decode()
    for (const bytes of ERASE) reader.extract(bytes, last)
    return reader.decode()
  }
}
