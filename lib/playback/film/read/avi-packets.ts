import { PictureOrder, readSequenceOrder } from '../../ts/h264-order'
import type { FilmPacket, FilmTrack } from '../film'
import { buildConfig, setsOfAvc, splitPrefixed, splitUnits, toLengthPrefixed } from './annex-b'
import { splitMpegAudio } from './audio-frames'
import { ShownOrder } from './shown-order'

/** Seconds that the index and the frames may differ before the index is believed. */
const APART = 0.2

/** Takes a piece apart into the units of H.264. */
export type Split = (piece: Buffer) => Buffer[]

interface Shown {
  track: FilmTrack
  split: Split
  /** May pictures be shown in another order than that in which they lie? */
  looksAhead: boolean
}

/** What a header of a bitmap takes before what belongs to the codec. */
const BITMAP_HEADER = 40

/**
 * A picture of AVI as other files would describe it, from its first key frame. Null where it has to be encoded: AVI has no times, so the
 * picture itself has to say in which order it is shown.
 */
export function describeShown(track: FilmTrack, firstKey: Buffer): Shown | null {
  if (track.codec !== 'h264') return null
  const own = track.matroska.config?.subarray(BITMAP_HEADER) ?? Buffer.alloc(0)
  // Some writers leave it as it was in an MP4.
  const isPrefixed = own[0] === 1
  const lengthBytes = ((own[4] ?? 0) & 3) + 1
  const split: Split = isPrefixed ? piece => splitPrefixed(piece, lengthBytes) : splitUnits
  const sets = isPrefixed ? setsOfAvc(own) : [...splitUnits(firstKey), ...splitUnits(own)]
  const sps = sets.find(unit => ((unit[0] ?? 0) & 0x1f) === 7)
  const config = buildConfig('h264', sets)
  const order = sps === undefined ? null : readSequenceOrder(sps)
  if (config === null || order === null || split(firstKey).length === 0) return null
  return { track: { ...track, matroska: { id: 'V_MPEG4/ISO/AVC', config } }, split, looksAhead: order.countBits !== null }
}

interface Piece {
  seconds: number
  isKey: boolean
  data: Buffer
}

/** Makes packets of the pieces of one stream. Some writers cut sound anywhere, so its frames are put together again. */
export class AviPackets {
  readonly #track: FilmTrack
  #rest: Buffer = Buffer.alloc(0)
  /** Where the next frame of sound belongs, in seconds. */
  #next: number | null = null
  /** Of a picture that says in which order it is shown. */
  readonly #order: PictureOrder | null
  readonly #shown = new ShownOrder()

  readonly #split: Split

  constructor(track: FilmTrack, split: Split = splitUnits) {
    this.#track = track
    this.#split = split
    const { id, config } = track.matroska
    this.#order = id === 'V_MPEG4/ISO/AVC' && config !== null ? new PictureOrder(setsOfAvc(config)) : null
  }

  /** The packets that are whole with this piece, and whose moments are known. */
  push(piece: Piece): FilmPacket[] {
    const { id, codec } = this.#track
    const whole = { track: id, pts: piece.seconds, duration: null, isKey: piece.isKey, data: piece.data }
    if (this.#order !== null) {
      const units = this.#split(piece.data)
      const place = this.#order.read(units, piece.isKey)
      // A piece without a picture only keeps the time.
      return place === null ? [] : this.#shown.push({ ...whole, data: toLengthPrefixed('h264', units) }, place)
    }
    if (codec !== 'mp3' && codec !== 'mp2') return [whole]
    const { frames, rest } = splitMpegAudio(Buffer.concat([this.#rest, piece.data]))
    if (this.#next === null || Math.abs(this.#next - piece.seconds) > APART) this.#next = piece.seconds
    this.#rest = rest
    return frames.map(({ data, seconds }) => {
      const pts = this.#next ?? 0
      this.#next = pts + seconds
      return { ...whole, pts, duration: seconds, isKey: true, data }
    })
  }

  /** What is left when nothing follows. */
  end(): FilmPacket[] {
    return this.#shown.end()
  }
}
