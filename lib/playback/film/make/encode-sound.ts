import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { conversionCost } from '../../conversion-cost'
import type { Film, FilmPacket, FilmTrack } from '../film'
import { splitAdts } from '../read/audio-frames'
import type { FilmBytes } from '../read/film-bytes'
import { convert, SHIFT } from './convert'
import { soundKbit } from './encode-settings'
import { writeSegment } from './fmp4'

const RATE = 48_000
const FRAME = 1_024
/** Frames made before the first that is kept: the encoder's own delay and what it needs to have heard. */
const LEAD = 3
/** Seconds read before, for decoders that need some. */
const BEFORE = 0.5
const AFTER = 0.3
const MAX_BYTES = 64 * 2 ** 20
/** Nothing, as one stereo frame: for stretches in which the film has no sound at all. */
const silence = Buffer.from([33, 0, 73, 144, 2, 25, 0, 35, 128])

export interface Stretch {
  film: Film
  bytes: FilmBytes
  track: FilmTrack
  /** Moments that part the segments, in seconds: one more than there are segments. */
  bounds: readonly number[]
  first: number
  isUrgent: () => boolean
  signal: AbortSignal
}

/** The track as others describe it once it is encoded. */
export const encodedSound = (track: FilmTrack): FilmTrack => ({
  ...track,
  codec: 'aac',
  channels: 2,
  sampleRate: RATE,
  matroska: { id: 'A_AAC', config: Buffer.from([0x11, 0x90]) },
})

/** All frames stand on one grid from the film's beginning, whoever makes them: so segments fit each other after any seek. */
const frameAt = (seconds: number) => Math.max(0, Math.ceil((seconds * RATE) / FRAME - 1e-6))

/** Encodes the sound of some segments to AAC. */
export async function encodeSound(stretch: Stretch): Promise<Buffer[]> {
  const { track, bounds, isUrgent, signal, first } = stretch
  const [from, to] = [frameAt(bounds[0] ?? 0), frameAt(bounds.at(-1) ?? 0)]
  const start = (from - LEAD + 1) * FRAME + Math.round(SHIFT * RATE)
  const packets: FilmPacket[] = []
  let size = 0
  for await (const packet of packetsOf(stretch)) {
    size += packet.data.length
    // Times that do not pass would have the whole film here.
    if (size > MAX_BYTES) throw new AppError('UPSTREAM_TOO_LARGE', { message: 'the sound of one segment is too large' })
    packets.push(packet)
  }
  const output = {
    format: 'adts',
    options: [
      ...['-map', '0:0', '-af', `aresample=${RATE}:async=1:first_pts=${start},apad`],
      ...['-ac', '2', '-ar', String(RATE), '-c:a', 'aac', '-b:a', `${soundKbit}k`, '-frames:a', String(to - from + LEAD)],
    ],
  }
  const cores = conversionCost(null, 'audio')
  const adts = packets.length === 0 ? Buffer.alloc(0) : await convert({ track, packets, output, cores, isUrgent, signal })
  const { frames } = splitAdts(adts)
  return bounds.slice(1).map((end, index) => {
    const [begin, stop] = [frameAt(bounds[index] ?? 0), frameAt(end)]
    const own = Array.from({ length: stop - begin }, (_, n): FilmPacket => {
      const frame = begin + n
      const data = frames[frame - from + LEAD]?.data ?? silence
      return { track: track.id, pts: (frame * FRAME) / RATE, duration: FRAME / RATE, isKey: true, data }
    })
    return writeSegment({ number: first + index, track: encodedSound(track), packets: own, end })
  })
}

async function* packetsOf({ film, bytes, track, bounds, signal }: Stretch): AsyncGenerator<FilmPacket> {
  const [start, end] = [Math.max(0, (bounds[0] ?? 0) - BEFORE), (bounds.at(-1) ?? 0) + AFTER]
  const picture = film.tracks.find(({ kind }) => kind === 'video')
  const isScanned = film.container !== 'mp4' && film.container !== 'avi'
  const tracks = new Set([track.id, ...(isScanned && picture !== undefined ? [picture.id] : [])])
  for await (const packet of film.read(bytes, start, tracks)) {
    signal.throwIfAborted()
    if (packet.track !== track.id) {
      if (packet.pts > end + 10) return
      continue
    }
    if (packet.pts > end) return
    if (packet.pts >= start - 0.2) yield packet
  }
}
