import { isShownInOrder } from '../../ts/h264-parameters'
import type { FilmPacket, FilmTrack } from '../film'
import { buildConfig, splitUnits, toLengthPrefixed } from './annex-b'
import { splitMpegAudio } from './audio-frames'

/** Seconds that the index and the frames may differ before the index is believed. */
const APART = 0.2

/**
 * A picture of AVI as other files would describe it, from its first key frame. Null where it has to be encoded: only pictures that are
 * shown in the order in which they lie have times in an AVI.
 */
export function describeInOrder(track: FilmTrack, firstKey: Buffer): FilmTrack | null {
  if (track.codec !== 'h264') return null
  const units = splitUnits(firstKey)
  const sps = units.find(unit => ((unit[0] ?? 0) & 0x1f) === 7)
  const config = buildConfig('h264', units)
  if (sps === undefined || config === null || !isShownInOrder(sps)) return null
  return { ...track, matroska: { id: 'V_MPEG4/ISO/AVC', config } }
}

/** Makes packets of the pieces of one stream. Some writers cut sound anywhere, so its frames are put together again. */
export class AviPackets {
  readonly #track: FilmTrack
  #rest: Buffer = Buffer.alloc(0)
  /** Where the next frame of sound belongs, in seconds. */
  #next: number | null = null

  constructor(track: FilmTrack) {
    this.#track = track
  }

  push(piece: { seconds: number; isKey: boolean; data: Buffer }): FilmPacket[] {
    const { id, codec, matroska } = this.#track
    const whole = { track: id, pts: piece.seconds, duration: null, isKey: piece.isKey, data: piece.data }
    if (matroska.id === 'V_MPEG4/ISO/AVC') return [{ ...whole, data: toLengthPrefixed('h264', piece.data) }]
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
}
