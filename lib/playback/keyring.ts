import { createHmac, hkdfSync } from 'node:crypto'

export interface SigningKey {
  /** 1 to 16 letters and digits; travels with what the key made. */
  id: string
  secret: Buffer
}

/** The key that makes new tokens and handles, and the one before it, which still opens what it made. */
export interface Keyring {
  current: SigningKey
  previous?: SigningKey
}

export function findKey(keyring: Keyring, id: string): SigningKey | null {
  if (id === keyring.current.id) return keyring.current
  return keyring.previous !== undefined && id === keyring.previous.id ? keyring.previous : null
}

const derived = new WeakMap<SigningKey, Map<string, Buffer>>()

/** A key of 32 bytes for one purpose, so that no two uses ever share one. */
export function deriveKey(key: SigningKey, purpose: string): Buffer {
  const known = derived.get(key) ?? new Map<string, Buffer>()
  derived.set(key, known)
  const found = known.get(purpose) ?? Buffer.from(hkdfSync('sha256', key.secret, Buffer.alloc(0), `watchtheflix/${purpose}`, 32))
  known.set(purpose, found)
  return found
}

export function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** Decodes base64url, refusing any other spelling of the same bytes; null when it is not canonical. */
export function decodeCanonical(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : null
}
