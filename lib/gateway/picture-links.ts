import 'server-only'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { pictureVersion } from '@/lib/catalogue'
import { AppError } from '@/lib/kernel/errors'
import { derivedKeys } from '@/lib/platform/secrets'

const SIGNATURE_LENGTH = 22

/**
 * Address of an item's picture for apps, which have no session: the signature is the right to see it, and the provider's
 * own address stays with us. Empty when there is no picture.
 */
export function pictureLink(itemId: number, image: string | null, origin: string): string {
  if (!image) return ''
  const version = pictureVersion(image)
  return `${origin}/images/${itemId}-${version}-${sign(newestKey(), itemId, version)}.webp`
}

/** The item behind such an address. @throws NOT_FOUND */
export function readPictureLink(name: string): number {
  const [, id = '', version = '', signature = ''] = /^(\d{1,10})-([\w-]{8})-([\w-]{22})\.webp$/.exec(name) ?? []
  const given = Buffer.from(signature)
  const isOurs = derivedKeys('picture-link').some(key => {
    const wanted = Buffer.from(sign(key, Number(id), version))
    return wanted.length === given.length && timingSafeEqual(wanted, given)
  })
  if (id === '' || !isOurs) throw new AppError('NOT_FOUND')
  return Number(id)
}

const sign = (key: Buffer, itemId: number, version: string): string =>
  createHmac('sha256', key).update(`${itemId}|${version}`).digest('base64url').slice(0, SIGNATURE_LENGTH)

let known: { keys: Buffer[]; at: number } | null = null

/** A list asks 150,000 times: deriving the key each time would double its cost. */
function newestKey(): Buffer {
  const now = performance.now()
  if (known === null || now - known.at > 10_000) known = { keys: derivedKeys('picture-link'), at: now }
  const [newest] = known.keys
  if (newest === undefined) throw new AppError('SECRET_UNREADABLE')
  return newest
}
