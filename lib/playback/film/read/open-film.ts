import type { Film } from '../film'
import { openAvi } from './avi'
import type { FilmBytes } from './film-bytes'
import { findCaptions } from './film-captions'
import { openMatroska } from './matroska'
import { openMp4 } from './mp4'
import { hasOpenGroups } from './open-groups'
import { openTs } from './ts-film'

/** Seconds. What claims to be longer claims anything; each four of them are a line of a playlist. */
const MAX_SECONDS = 48 * 3_600

/** Looks into a file of any kind we know; the name it has counts for nothing. Null when it is none of them. */
export async function openFilm(bytes: FilmBytes): Promise<Film | null> {
  await bytes.identify()
  for (const open of [openMatroska, openMp4, openTs, openAvi]) {
    const film = await open(bytes)
    if (film !== null && film.tracks.length > 0 && film.duration > 0 && film.duration < MAX_SECONDS)
      return { ...film, captions: await findCaptions(film, bytes), openGroups: await hasOpenGroups(film, bytes) }
  }
  return null
}
