import { AppError } from '@/lib/kernel/errors'
import type { Film, FilmPacket, FilmTrack } from '../film'
import type { Layout } from '../layout'
import type { FilmBytes } from '../read/film-bytes'
import { writeSegment } from './fmp4'

/** Two clocks of one file may differ by so much. */
const HAIR = 0.002
/** Sound and picture of one moment lie at most so far apart in a file, in seconds. */
const APART = 10
/** Of one segment: times that do not pass would have the whole film in one. */
const MAX_BYTES = 128 * 2 ** 20

export interface Cut {
  film: Film
  bytes: FilmBytes
  layout: Layout
  track: FilmTrack
  number: number
  signal: AbortSignal
}

const tooLarge = () => new AppError('UPSTREAM_TOO_LARGE', { message: 'one segment of the film is too large' })

/** A segment with the packets of one track as they are. Throws NOT_FOUND for a number beyond the film. */
export async function copySegment(cut: Cut): Promise<Buffer> {
  const { layout, track, number } = cut
  const end = layout.bounds[number + 1]
  if (layout.bounds[number] === undefined || end === undefined) throw new AppError('NOT_FOUND')
  const packets = track.kind === 'video' ? await pictures(cut) : await sounds(cut)
  return writeSegment({ number, track, packets, end })
}

async function pictures({ film, bytes, layout, track, number, signal }: Cut): Promise<FilmPacket[]> {
  const start = layout.bounds[number] as number
  const isLast = number + 2 === layout.bounds.length
  const end = isLast ? Number.POSITIVE_INFINITY : (layout.bounds[number + 1] as number)
  const packets: FilmPacket[] = []
  let size = 0
  for await (const packet of film.read(bytes, start, new Set([track.id]))) {
    signal.throwIfAborted()
    if (packet.isKey && packet.pts >= end - HAIR) break
    if (packets.length === 0 && !(packet.isKey && packet.pts >= start - HAIR)) {
      // The first segment takes whatever the film begins with.
      if (number > 0 || !packet.isKey) continue
    }
    size += packet.data.length
    if (size > MAX_BYTES) throw tooLarge()
    packets.push(packet)
  }
  return packets
}

async function sounds({ film, bytes, layout, track, number, signal }: Cut): Promise<FilmPacket[]> {
  // What lies before the beginning only warms the decoder up.
  const start = number === 0 ? 0 : (layout.bounds[number] as number)
  const isLast = number + 2 === layout.bounds.length
  const end = isLast ? Number.POSITIVE_INFINITY : (layout.bounds[number + 1] as number)
  return readSound({ film, bytes, track, start, end, signal })
}

interface Stretch {
  film: Film
  bytes: FilmBytes
  track: FilmTrack
  start: number
  end: number
  signal: AbortSignal
}

/** Packets of a track from one moment to another. */
export async function readSound(stretch: Stretch): Promise<FilmPacket[]> {
  const packets = await scanSound(stretch, stretch.start)
  // Sound lies beside its picture in almost every file; where it comes earlier the place before is read as well.
  const isMissing = packets[0] === undefined || packets[0].pts > stretch.start + 0.1
  return isMissing && stretch.start > 0 ? scanSound(stretch, Math.max(0, stretch.start - 2)) : packets
}

/** The picture is watched besides, to know when no more can come. */
async function scanSound({ film, bytes, track, start, end, signal }: Stretch, from: number): Promise<FilmPacket[]> {
  const packets: FilmPacket[] = []
  let size = 0
  const picture = film.tracks.find(({ kind }) => kind === 'video')
  // Tables name every packet's place: there nothing has to be watched.
  const isScanned = film.container !== 'mp4' && film.container !== 'avi'
  const tracks = new Set([track.id, ...(isScanned && picture !== undefined ? [picture.id] : [])])
  for await (const packet of film.read(bytes, from, tracks)) {
    signal.throwIfAborted()
    if (packet.track !== track.id) {
      if (packet.pts > end + APART) break
      continue
    }
    if (packet.pts >= end - HAIR) break
    if (packet.pts + HAIR < start) continue
    size += packet.data.length
    if (size > MAX_BYTES) throw tooLarge()
    packets.push(packet)
  }
  return packets
}
