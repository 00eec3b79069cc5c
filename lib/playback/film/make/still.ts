import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import type { Film, FilmPacket } from '../film'
import { pictureOf } from '../layout'
import type { FilmBytes } from '../read/film-bytes'
import { convert } from './convert'
import { turnsOf } from './encode-picture'
import { sizeFor } from './encode-settings'

const WIDTH = 160
/** A small share: whoever watches comes first, and when nothing is free there is no picture. */
const CORES = 0.1
/** Two clocks of one file may differ by so much, in seconds. */
const HAIR = 0.01
/** The player rounds to the nearest picture, which may lie so far behind the end; in seconds. */
const AFTER_END = 5
/** Where no index says where a key frame is, so many seconds are looked through. */
const SEARCH_SECONDS = 20

interface Wanted {
  film: Film
  bytes: FilmBytes
  /** Seconds from the beginning. */
  moment: number
  signal: AbortSignal
}

/** A small JPEG of the key frame nearest to a moment. Throws NOT_FOUND where there is none, TRANSCODE_* and UPSTREAM_*. */
export async function makeStill({ film, bytes, moment, signal }: Wanted): Promise<Buffer> {
  const track = pictureOf(film)
  if (track === null || moment > film.duration + AFTER_END) throw new AppError('NOT_FOUND')
  const packet = await findKey({ film, bytes, moment, signal }, track.id)
  if (packet === null) throw new AppError('NOT_FOUND')
  const { width, height } = sizeFor(track, track.height ?? 180)
  const lines = Math.max(2, Math.round((WIDTH * height) / width / 2) * 2)
  const filters = [...turnsOf(track), `scale=${WIDTH}:${lines}:flags=bilinear`, 'setsar=1', 'format=yuvj420p']
  const jpeg = await convert({
    track,
    packets: [packet],
    output: { format: 'mjpeg', options: ['-map', '0:0', '-vf', filters.join(','), '-frames:v', '1', '-q:v', '6'] },
    cores: CORES,
    isUrgent: () => false,
    signal,
  })
  if (jpeg.length === 0) throw new AppError('NOT_FOUND')
  return jpeg
}

async function findKey({ film, bytes, moment, signal }: Wanted, track: number): Promise<FilmPacket | null> {
  const target = nearestKey(film, moment)
  for await (const packet of film.read(bytes, target, new Set([track]))) {
    signal.throwIfAborted()
    if (packet.isKey && packet.pts >= target - HAIR) return packet
    if (packet.pts > moment + SEARCH_SECONDS) return null
  }
  return null
}

/** Where the nearest key frame is; without an index, from where on the first one is near enough. */
export function nearestKey({ keyTimes, keySeconds }: Pick<Film, 'keyTimes' | 'keySeconds'>, moment: number): number {
  if (keyTimes === null || keyTimes.length === 0) return Math.max(0, moment - (keySeconds ?? 4) / 2)
  return keyTimes.reduce((best, time) => (Math.abs(time - moment) < Math.abs(best - moment) ? time : best))
}
