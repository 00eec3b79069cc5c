import { createHmac, hkdfSync } from 'node:crypto'

export interface SigningKey {
  /** 1 to 16 letters and digits; travels with what the key made. */
  id: string
  secret: Buffer
}

export interface Keyring {
  /** Makes new tokens and handles. */
  current(): SigningKey
  /** The key with this id while it lives; after a rotation the one before it does, too. Null for a retired one. */
  find(id: string): SigningKey | null
}

/** A keyring of keys that are already there, newest first. */
export function fixedKeyring(newest: SigningKey, ...older: SigningKey[]): Keyring {
  return { current: () => newest, find: id => [newest, ...older].find(key => key.id === id) ?? null }
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
