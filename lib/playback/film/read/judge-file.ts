import { AppError } from '@/lib/kernel/errors'
import type { FilmBytes } from './film-bytes'

/** How files begin that no browser plays and that we do not read either. */
const foreign: readonly [name: string, signature: string][] = [
  ['Windows Media', '3026b2758e66cf11'],
  ['Flash', '464c5601'],
  ['RealMedia', '2e524d46'],
  ['a DVD', '000001ba'],
]
/** How files begin that some browser may play although we could not look into them. */
const familiar = ['1a45dfa3', '4f676753', '494433', 'fff', '664c6143', '47', '52494646', '2345585433'] as const

const MAX_BOXES = 64
const MP4_BEGINNINGS: ReadonlySet<string> = new Set(['ftyp', 'styp', 'moov', 'mdat', 'wide', 'free', 'skip', 'moof', 'sidx'])

/**
 * What to think of a file that could not be read as a film: throws FILM_FORMAT for a kind that nothing here plays and FILM_BROKEN for what
 * is no film; says nothing where a browser may still succeed.
 */
export async function judgeUnreadable(bytes: FilmBytes): Promise<void> {
  const head = (await bytes.read(0, 16)).toString('hex')
  const [name] = foreign.find(([, signature]) => head.startsWith(signature)) ?? []
  if (name !== undefined) {
    const say = `This film is a file of ${name}, a format that neither this browser nor this server can read.`
    throw new AppError('FILM_FORMAT', { say })
  }
  if (familiar.some(signature => head.startsWith(signature)) || (await isWholeMp4(bytes))) return
  throw new AppError('FILM_BROKEN')
}

/** An MP4 file without its tables is one that was cut off: nobody can find anything in it. */
async function isWholeMp4(bytes: FilmBytes): Promise<boolean> {
  let at = 0
  for (let count = 0; count < MAX_BOXES; count++) {
    const head = await bytes.read(at, 16)
    const type = head.toString('latin1', 4, 8)
    if (head.length < 8 || (count === 0 && !MP4_BEGINNINGS.has(type))) return false
    if (type === 'moof' || type === 'moov') return true
    const size = head.readUInt32BE(0)
    if (size === 0) return false
    at += size === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : Math.max(8, size)
  }
  return false
}
