import 'server-only'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import type { Film } from './film'
import type { FileIdentity, FilmBytes } from './read/film-bytes'
import { openFilm } from './read/open-film'
import { keep, readKept } from './segment-disk'

/** Films whose tables stay in memory. The longest take some ten megabytes. */
const MAX_FILMS = 24
/** Bytes of a film's head and tail kept on disk, so that opening it again asks the provider for nothing. */
const MAX_KEPT = 24 * 2 ** 20

export interface KnownFilm {
  film: Film
  identity: FileIdentity
}

const films = () => shared('known-films', () => new Map<number, KnownFilm>())

/** What this process knows of a source already. */
export function findFilm(sourceId: number): KnownFilm | null {
  const known = films().get(sourceId)
  if (known === undefined) return null
  films().delete(sourceId)
  films().set(sourceId, known)
  return known
}

export function forgetFilm(sourceId: number): void {
  films().delete(sourceId)
}

/** Looks into the file, unless it is known. Null when it is none that can be read. Throws what reading throws. */
export async function lookInto(sourceId: number, bytes: FilmBytes): Promise<KnownFilm | null> {
  const known = findFilm(sourceId)
  if (known !== null) return known
  const film = await openFilm(bytes)
  if (film === null) return null
  const found = { film, identity: await bytes.identify() }
  films().set(sourceId, found)
  const [oldest] = films().keys()
  if (films().size > MAX_FILMS && oldest !== undefined) films().delete(oldest)
  keepHead(sourceId, found.identity, bytes).catch(error => log().warn({ err: error }, 'what begins a film could not be kept'))
  return found
}

const nameOf = (sourceId: number) => `${sourceId}/head`

async function keepHead(sourceId: number, identity: FileIdentity, bytes: FilmBytes): Promise<void> {
  const blocks = [...bytes.held]
  if (bytes.requests === 0 || blocks.reduce((sum, [, block]) => sum + block.length, 0) > MAX_KEPT) return
  const head = JSON.stringify({ identity, blocks: blocks.map(([n, block]) => [n, block.length]) })
  await keep(nameOf(sourceId), Buffer.concat([Buffer.from(`${head}\n`), ...blocks.map(([, block]) => block)]))
}

/** The head and tail of a source as they were read last; undefined when nothing usable is kept. */
export async function readHead(sourceId: number): Promise<{ identity: FileIdentity; blocks: Map<number, Buffer> } | undefined> {
  const kept = await readKept(nameOf(sourceId))
  const line = kept?.indexOf('\n') ?? -1
  if (kept === null || line === -1) return undefined
  try {
    const { identity, blocks } = JSON.parse(kept.toString('utf8', 0, line)) as {
      identity: FileIdentity
      blocks: [number, number][]
    }
    let at = line + 1
    const found = new Map<number, Buffer>()
    for (const [n, length] of blocks) {
      found.set(n, Buffer.from(kept.subarray(at, at + length)))
      at += length
    }
    return at === kept.length ? { identity, blocks: found } : undefined
  } catch {
    return undefined
  }
}
