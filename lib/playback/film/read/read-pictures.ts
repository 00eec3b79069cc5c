import type { Film, FilmPacket } from '../film'
import { pictureOf } from '../layout'
import type { FilmBytes } from './film-bytes'

/** From which moment of the film to which, in seconds. */
interface Stretch {
  from: number
  until: number
}

/**
 * The packets of the picture in a stretch. Where a file has no index the sound is read along: some pictures end long before
 * their film, and then nothing else tells that the stretch is over.
 */
export async function* readPictures(film: Film, bytes: FilmBytes, { from, until }: Stretch): AsyncGenerator<FilmPacket> {
  const picture = pictureOf(film)
  if (picture === null) return
  const read = film.tracks.filter(({ id, kind }) => id === picture.id || (kind === 'audio' && film.keyTimes === null))
  for await (const packet of film.read(bytes, from, new Set(read.map(({ id }) => id)))) {
    if (packet.pts > until) return
    if (packet.track === picture.id) yield packet
  }
}
