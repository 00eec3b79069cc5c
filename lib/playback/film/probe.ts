import 'server-only'
import { noteSourceResult, type SourceRecord } from '@/lib/catalogue'
import { AppError, toAppError } from '@/lib/kernel/errors'
import { log } from '@/lib/platform/log'
import type { StreamAddress } from '@/lib/providers'
import { atSlot, dialFile, type SessionSlot } from '../dial'
import type { SourceFacts } from '../facts'
import { factsOfFilm } from './facts-of-film'
import { findFilm, forgetFilm, type KnownFilm, lookInto, readHead } from './known-films'
import { FilmBytes } from './read/film-bytes'
import { judgeUnreadable } from './read/judge-file'

/** Milliseconds for looking into a file: whoever clicked is waiting. */
const PROBE_MS = 6_000

export interface Door {
  source: SourceRecord
  address: () => Promise<StreamAddress>
  slot: SessionSlot
  /** Ends every connection of it. */
  over: AbortSignal
  hop?: string | undefined
}

/** The file of a source, read under a session's slot. */
export async function openBytes({ source, address, slot, over, hop }: Door): Promise<FilmBytes> {
  const known = findFilm(source.id)
  const kept = known === null ? await readHead(source.id) : { identity: known.identity, blocks: new Map<number, Buffer>() }
  const bytes = new FilmBytes(async headers => {
    const where = await address()
    return slot.use(over, (signal, n) => dialFile(atSlot(where, n), { headers, signal, hop }))
  }, kept)
  over.addEventListener('abort', () => void bytes.close(), { once: true })
  return bytes
}

/**
 * What is in a source. Null when we cannot look into it. Throws why the provider does not send it, FILM_BROKEN and FILM_FORMAT for what
 * nothing here can play.
 */
export async function probeFilm(
  door: Pick<Door, 'source' | 'slot'>,
  bytes: FilmBytes,
): Promise<{ known: KnownFilm; facts: SourceFacts } | null> {
  const deadline = Promise.withResolvers<null>()
  const timer = setTimeout(() => deadline.resolve(null), PROBE_MS)
  try {
    const looking = lookAgain(door.source.id, bytes).then(async found => {
      if (found === null) await judgeUnreadable(bytes)
      return found
    })
    looking.catch(() => {})
    const known = await Promise.race([looking, deadline.promise])
    if (known === null) return null
    const facts = factsOfFilm(known.film, known.identity.size)
    const noted = noteSourceResult(door.source.id, true, { ...facts, file: known.identity })
    noted.catch(error => log().warn({ err: error }, 'what is in a film could not be noted'))
    return { known, facts }
  } catch (error) {
    // Providers that send only whole files exist: the browser may still play those from the beginning.
    if (toAppError(error).code === 'RANGE_INVALID') return null
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** A file that has become another one since is looked at anew. */
export async function lookAgain(sourceId: number, bytes: FilmBytes): Promise<KnownFilm | null> {
  try {
    return await lookInto(sourceId, bytes)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'FILM_CHANGED') throw error
    forgetFilm(sourceId)
    return lookInto(sourceId, bytes)
  }
}
