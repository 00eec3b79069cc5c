import type { Film, FilmPacket } from '../film'
import { pictureOf } from '../layout'
import type { FilmBytes } from './film-bytes'

/** In seconds: from which moment of the film, and how far from there. */
interface Stretch {
  from: number
  within: number
}

/** So many times in a row beyond the stretch are no damage of one of them. */
const SURE = 10

/**
 * The packets of the picture in a stretch. Where a file has no index the sound is read along: some pictures end long before
 * their film, and then nothing else tells that the stretch is over.
 */
export async function* readPictures(film: Film, bytes: FilmBytes, { from, within }: Stretch): AsyncGenerator<FilmPacket> {
  const picture = pictureOf(film)
  if (picture === null) return
  const read = film.tracks.filter(({ id, kind }) => id === picture.id || (kind === 'audio' && film.keyTimes === null))
  let beyond = 0
  for await (const packet of film.read(bytes, from, new Set(read.map(({ id }) => id)))) {
    beyond = packet.pts > from + within ? beyond + 1 : 0
    if (beyond === SURE) return
    if (packet.track === picture.id) yield packet
  }
}
