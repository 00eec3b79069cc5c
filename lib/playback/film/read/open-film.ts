import type { Film } from '../film'
import { openAvi } from './avi'
import type { FilmBytes } from './film-bytes'
import { openMatroska } from './matroska'
import { openMp4 } from './mp4'
import { openTs } from './ts-film'

/** Looks into a file of any kind we know; the name it has counts for nothing. Null when it is none of them. */
export async function openFilm(bytes: FilmBytes): Promise<Film | null> {
  await bytes.identify()
  for (const open of [openMatroska, openMp4, openTs, openAvi]) {
    const film = await open(bytes)
    if (film !== null && film.tracks.length > 0 && film.duration > 0) return film
  }
  return null
}
