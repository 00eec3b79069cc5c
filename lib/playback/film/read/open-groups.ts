import { toAppError } from '@/lib/kernel/errors'
import { isInstant } from '../../ts/h264-order'
import type { Film } from '../film'
import { pictureOf } from '../layout'
import { splitPrefixed } from './annex-b'
import type { FilmBytes } from './film-bytes'
import { readPictures } from './read-pictures'

/** Seconds. Behind a key frame, and behind where the second one should be: what is further away need not be known. */
const LITTLE = 0.05
const MOST = 12

/**
 * Do its groups of pictures reach into each other? The first begins with a picture that forgets all before it (IDR), so the second is looked
 * at. Chromium begins at no other picture, whatever the container says of it (crbug.com/40625346): after a jump nothing would be shown.
 */
export async function hasOpenGroups(film: Film, bytes: FilmBytes): Promise<boolean> {
  try {
    return await isSecondOpen(film, bytes)
  } catch (error) {
    // Damage there is told where somebody comes to it.
    if (toAppError(error).code === 'FILM_CHANGED') throw error
    return false
  }
}

async function isSecondOpen(film: Film, bytes: FilmBytes): Promise<boolean> {
  const picture = pictureOf(film)
  const config = picture?.matroska.config ?? null
  if (picture === null || config === null || picture.matroska.id !== 'V_MPEG4/ISO/AVC') return false
  const second = film.keyTimes === null ? (film.keySeconds ?? 0) + LITTLE : (film.keyTimes[1] ?? 0)
  for await (const { pts, isKey, data } of readPictures(film, bytes, { from: second, within: MOST })) {
    // Without an index the file may be read from a little before.
    if (!isKey || pts <= LITTLE) continue
    const units = splitPrefixed(data, ((config[4] ?? 3) & 3) + 1)
    return units.length > 0 && !isInstant(units)
  }
  return false
}
