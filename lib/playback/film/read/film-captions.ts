import { toAppError } from '@/lib/kernel/errors'
import { type CaptionKind, captionsIn, mergeCaptions } from '../../captions'
import type { Film } from '../film'
import { pictureOf } from '../layout'
import type { FilmBytes } from './film-bytes'
import { readPictures } from './read-pictures'

/** Half a second: the beginning of the first segment, which is read next for almost everybody. */
const PICTURES = 12
/** Seconds. A picture that has shown fewer by then stands still, or is over. */
const MOST = 12

const carriers: ReadonlySet<string> = new Set(['h264', 'hevc', 'mpeg2video'])

/** What the first pictures of a film carry. Null also when they cannot be read: then nobody reads captions of them either. */
export async function findCaptions(film: Film, bytes: FilmBytes): Promise<CaptionKind | null> {
  const picture = pictureOf(film)
  if (picture === null || !carriers.has(picture.codec)) return null
  let kind: CaptionKind | null = null
  let count = 0
  try {
    for await (const { data } of readPictures(film, bytes, { from: film.keyTimes?.[0] ?? 0, within: MOST })) {
      kind = mergeCaptions(kind, captionsIn(picture.codec, data))
      if (kind === '608' || ++count === PICTURES) break
    }
  } catch (error) {
    if (toAppError(error).code === 'FILM_CHANGED') throw error
  }
  return kind
}
