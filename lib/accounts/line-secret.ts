import { createHmac, randomBytes, randomInt } from 'node:crypto'
import { AppError } from '@/lib/kernel/errors'
import { derivedKey } from '@/lib/platform/secrets'
import { isReservedName } from './schema'

/** @throws USERNAME_RESERVED */
export function requireFreeName(username: string): void {
  if (isReservedName(username)) throw new AppError('USERNAME_RESERVED', { field: 'username' })
}

// No 0 and o, 1 and l: these are read off one screen and typed on another.
const letters = 'abcdefghijkmnpqrstuvwxyz'
const digits = '23456789'
const pick = (alphabet: string, count: number): string =>
  Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join('')

/** Five letters and three digits: quick to type with a remote. It is no secret. */
export const newUsername = (): string => `${pick(letters, 5)}${pick(digits, 3)}`

/** At least 128 bits, letters and digits only, because apps disagree about every other character. */
export function newPassword(): string {
  const alphabet = letters + digits
  // 27 of 32 characters are 135 bits; taking 5 bits a byte keeps every character equally likely.
  return Array.from(randomBytes(27), byte => alphabet[byte & 31]).join('')
}

/** What is stored of a line's credentials: nobody can try passwords against it without the server's key. */
export function credentialHash(username: string, password: string, keyId?: string): { keyId: string; hash: Buffer } {
  const found = derivedKey('device-line', keyId)
  if (found === null) throw new AppError('SECRET_UNREADABLE', { message: 'no key for device lines' })
  return { keyId: found.kid, hash: hashWith(found.key, username, password) }
}

/** The hash under one derived key. Fixed lengths first, so that no two pairs of texts read as the same bytes. */
export function hashWith(key: Buffer, username: string, password: string): Buffer {
  return createHmac('sha256', key)
    .update(`${Buffer.byteLength(username)}:${username}:${password}`)
    .digest()
}
