import { PICTURE_TITLE_SECONDS, type PictureTitlePiece } from '../../schema'
import { printPictures, type TitleDecoder } from '../../titles/bitmap'
import { DvbTitleDecoder } from '../../titles/dvb'
import { PgsDecoder } from '../../titles/pgs'
import { VobSubDecoder } from '../../titles/vobsub'
import type { Film, FilmTrack } from '../film'
import type { FilmBytes } from '../read/film-bytes'
import { readTitlePackets } from './text'

const decoders = new Map<string, (config: Buffer | null) => TitleDecoder>([
  ['hdmv_pgs_subtitle', () => new PgsDecoder()],
  ['dvb_subtitle', config => new DvbTitleDecoder(config)],
  ['dvd_subtitle', config => new VobSubDecoder(config)],
])
/** In one piece: ten seconds of the liveliest song. */
const MAX_TITLES = 200
const MAX_BYTES = 8 * 2 ** 20
/** What a stretch is read for at most: packets that claim to be pictures and are none are work as well. */
const MAX_PACKETS = 5_000
const MAX_PACKET_BYTES = 64 * 2 ** 20

/** The tracks of a film whose subtitles are pictures. */
export const pictureTracksOf = ({ tracks }: Pick<Film, 'tracks'>): FilmTrack[] =>
  tracks.filter(({ kind, codec }) => kind === 'subtitle' && decoders.has(codec)).slice(0, 64)

interface Wanted {
  film: Film
  bytes: FilmBytes
  track: FilmTrack
  /** Which stretch of PICTURE_TITLE_SECONDS. */
  number: number
  signal: AbortSignal
}

/** The picture subtitles that begin in a stretch of the film, and perhaps some from before it, for the player to draw. */
export async function pictureTitlesOf({ film, bytes, track, number, signal }: Wanted): Promise<PictureTitlePiece> {
  const isPgs = track.codec === 'hdmv_pgs_subtitle'
  const decoder = decoders.get(track.codec)?.(track.matroska.config)
  const start = number * PICTURE_TITLE_SECONDS
  const titles: PictureTitlePiece['titles'] = []
  let size = 0
  const read = { packets: 0, bytes: 0 }
  for await (const { pts, duration, data } of readTitlePackets({
    ...{ film, bytes, track, signal },
    ...{ start, end: start + PICTURE_TITLE_SECONDS },
  })) {
    read.packets++
    read.bytes += data.length
    if (read.packets > MAX_PACKETS || read.bytes > MAX_PACKET_BYTES) break
    for (const title of decoder?.push(pts, data) ?? []) {
      const end = duration !== null && duration > 0 ? pts + duration : title.end
      const printed = { start: title.start, end, ...printPictures(title) }
      size += printed.images.reduce((sum, { png }) => sum + png.length, 0)
      if (size > MAX_BYTES || titles.length >= MAX_TITLES) return { isSquare: isPgs, titles }
      titles.push(printed)
    }
  }
  return { isSquare: isPgs, titles }
}
