import { AppError } from '@/lib/kernel/errors'
import type { FilmPacket } from '../film'
import type { ByteCursor } from './byte-cursor'
import { gatherElements, readUnsigned, readVint, takeElement } from './ebml'
import { el } from './matroska-ids'
import type { MatroskaTrack } from './matroska-tracks'

/** One picture larger than this is none. */
const MAX_BLOCK = 32 * 2 ** 20
/** Frames of one track, one behind the other, that cannot be unpacked: what follows is not worth the trying. */
const MAX_LOST = 100

interface Block {
  head: Buffer
  frames: Buffer[]
  track: MatroskaTrack
}

/** Takes the frames out of clusters, from wherever the cursor stands. */
export class MatroskaBlocks {
  readonly #tracks: ReadonlyMap<number, MatroskaTrack>
  readonly #scale: number
  #clusterTime = 0
  /** Damaged frames of each track since its last good one. */
  readonly #lost = new Map<number, number>()

  constructor({ tracks, scale }: { tracks: ReadonlyMap<number, MatroskaTrack>; scale: number }) {
    this.#tracks = tracks
    this.#scale = scale
  }

  async *read(cursor: ByteCursor): AsyncGenerator<FilmPacket> {
    while (!cursor.isAtEnd) {
      const element = await takeElement(cursor)
      if (element === null) {
        if (!(await resync(cursor))) return
        continue
      }
      // Clusters are entered, not passed over; what lies between them is of no use here.
      if (element.id === el.cluster) continue
      const size = element.end - element.start
      if (element.id === el.clusterTimestamp) this.#clusterTime = readUnsigned(await cursor.peek(size)) ?? 0
      else if (element.id === el.simpleBlock && size <= MAX_BLOCK) yield* await this.#simpleBlock(cursor, size)
      else if (element.id === el.blockGroup && size <= MAX_BLOCK) yield* this.#group(await cursor.peek(size))
      if (!Number.isFinite(element.end)) return
      cursor.at = element.end
    }
  }

  /** The number of the track comes first: what nobody wants need not be fetched. */
  async #simpleBlock(cursor: ByteCursor, size: number): Promise<Iterable<FilmPacket>> {
    const head = await cursor.peek(Math.min(size, 12))
    const number = readVint(head, 0, false)
    if (number === null || !this.#tracks.has(number.value)) return []
    const bytes = await cursor.peek(size)
    return this.#packets(bytes, { isKey: ((bytes[number.length + 2] ?? 0) & 0x80) !== 0, duration: null })
  }

  #group(body: Buffer): Iterable<FilmPacket> {
    const found = gatherElements(body)
    const block = found.get(el.block)?.[0]
    if (block === undefined) return []
    const duration = readUnsigned(found.get(el.blockDuration)?.[0])
    return this.#packets(block, {
      isKey: !found.has(el.referenceBlock),
      duration: duration === null ? null : duration * this.#scale,
    })
  }

  /** One after the other: what a small block is unpacked to may be large. */
  *#packets(bytes: Buffer, { isKey, duration }: { isKey: boolean; duration: number | null }): Generator<FilmPacket> {
    const block = this.#split(bytes)
    if (block === null) return
    const { track, frames, head } = block
    const start = (this.#clusterTime + head.readInt16BE(0)) * this.#scale - track.delay
    const step = frames.length > 1 && duration !== null ? duration / frames.length : (track.frameSeconds ?? duration)
    for (const [index, frame] of frames.entries()) {
      const data = this.#unpack(track, frame)
      if (data === null) continue
      yield {
        track: track.track.id,
        pts: start + index * (step ?? 0),
        duration: track.track.kind === 'subtitle' ? duration : step,
        isKey,
        data,
      }
    }
  }

  /** Null for a frame that is damaged. Throws FILM_BROKEN when nothing else comes of a picture or a sound; a film goes on without subtitles. */
  #unpack({ track, unpack }: MatroskaTrack, frame: Buffer): Buffer | null {
    const lost = this.#lost.get(track.id) ?? 0
    if (lost > MAX_LOST && track.kind === 'subtitle') return null
    const data = unpack(frame)
    this.#lost.set(track.id, data === null ? lost + 1 : 0)
    if (data === null && lost >= MAX_LOST && track.kind !== 'subtitle')
      throw new AppError('FILM_BROKEN', { message: `${lost + 1} damaged frames of track ${track.id} in a row` })
    return data
  }

  #split(bytes: Buffer): Block | null {
    const number = readVint(bytes, 0, false)
    const track = number === null ? undefined : this.#tracks.get(number.value)
    if (number === null || track === undefined || bytes.length < number.length + 3) return null
    const head = bytes.subarray(number.length, number.length + 3)
    const lacing = ((head[2] ?? 0) >> 1) & 3
    const body = bytes.subarray(number.length + 3)
    const frames = lacing === 0 ? [body] : splitLaced(body, lacing)
    return frames === null ? null : { head, frames, track }
  }
}

/** Several frames in one block: 1 = Xiph's sizes, 3 = differences, 2 = all of one size. */
function splitLaced(body: Buffer, lacing: number): Buffer[] | null {
  const count = (body[0] ?? 0) + 1
  let at = 1
  const sizes: number[] = []
  for (let index = 0; index < count - 1; index++) {
    if (lacing === 2) continue
    if (lacing === 1) {
      let size = 0
      let byte: number
      do {
        byte = body[at++] ?? 0
        size += byte
      } while (byte === 255)
      sizes.push(size)
    } else {
      const vint = readVint(body, at, false)
      if (vint === null) return null
      at += vint.length
      const bias = 2 ** (7 * vint.length - 1) - 1
      sizes.push(index === 0 ? vint.value : (sizes[index - 1] ?? 0) + vint.value - bias)
    }
  }
  if (lacing === 2) sizes.push(...Array.from({ length: count - 1 }, () => Math.floor((body.length - at) / count)))
  const frames: Buffer[] = []
  for (const size of sizes) {
    if (size < 0 || at + size > body.length) return null
    frames.push(body.subarray(at, at + size))
    at += size
  }
  return [...frames, body.subarray(at)]
}

/** Broken bytes: on to the next cluster. False when there is none. */
async function resync(cursor: ByteCursor): Promise<boolean> {
  const mark = Buffer.from([0x1f, 0x43, 0xb6, 0x75])
  cursor.at++
  for (let looked = 0; looked < 64 && !cursor.isAtEnd; looked++) {
    const window = await cursor.peek(256 * 1024)
    const found = window.indexOf(mark)
    if (found !== -1) {
      cursor.at += found
      return true
    }
    cursor.at += Math.max(window.length - 3, 1)
  }
  return false
}
