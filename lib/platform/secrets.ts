import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '@/lib/kernel/errors'
import { env } from './env'
import { forget, shared } from './shared'

export interface SecretKey {
  id: string
  key: Buffer
}

/** Where a sealed value stands. Part of what is authenticated, so a value moved to another row does not open. */
export interface SecretPlace {
  table: string
  column: string
  row: string | number
}

const TAG_BYTES = 16
const additional = (place: SecretPlace) => Buffer.from(`${place.table}|${place.column}|${place.row}`)

/** Reads `id:base64,id:base64`, newest first. Throws on anything that is not 32 bytes. */
export function parseKeys(text: string): SecretKey[] {
  const keys = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(part => {
      const [id = '', encoded = ''] = part.split(':')
      return { id, key: Buffer.from(encoded, 'base64') }
    })
  if (keys.length === 0 || keys.some(({ id, key }) => !/^[a-z0-9]{1,16}$/.test(id) || key.length !== 32)) {
    throw new Error('SECRET_KEYS must be id:base64 of 32 bytes, separated by commas.')
  }
  return keys
}

export const newKey = (): string => `k${Date.now().toString(36)}:${randomBytes(32).toString('base64')}`
export const keyFile = (): string => join(env().DATA_DIR, 'secret.keys')

/** All keys, newest first; the first seals. Makes the key file (mode 0600) when neither setting nor file exists. */
function keys(): SecretKey[] {
  return shared('secret-keys', () => {
    const configured = env().SECRET_KEYS
    if (configured) return parseKeys(configured)
    const file = keyFile()
    if (!existsSync(file)) createKeyFile(file)
    chmodSync(file, 0o600)
    return parseKeys(readFileSync(file, 'utf8'))
  })
}

// Linked into place whole: roles that start together must not read a half-written file, and only one of them wins.
function createKeyFile(file: string): void {
  mkdirSync(env().DATA_DIR, { recursive: true })
  const side = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(side, `${newKey()}\n`, { mode: 0o600 })
  try {
    linkSync(side, file)
  } catch (error) {
    if (!existsSync(file)) throw error
  } finally {
    rmSync(side)
  }
}

/** Reads the keys, making the key file where none is configured. For boot: a bad key must stop the start, not the first sign-in. */
export function requireKeys(): void {
  keys()
}

/** Reads the key file again; for a key that another process has added. Configured keys stay as they are. */
export function reloadKeys(): void {
  if (!env().SECRET_KEYS) forget('secret-keys')
}

function findKey(kid: string | undefined, ring: readonly SecretKey[] | undefined): Buffer | undefined {
  const find = (all: readonly SecretKey[]) => all.find(({ id }) => id === kid)?.key
  if (ring) return find(ring)
  const known = find(keys())
  if (known) return known
  // A rotation that runs while we serve: the key is in the file, but not yet in our memory.
  reloadKeys()
  return find(keys())
}

/** AES-256-GCM envelope `v1:kid:iv:tag:ciphertext` (base64url), bound to its row. */
export function seal(plain: string, place: SecretPlace, ring: readonly SecretKey[] = keys()): string {
  const [newest] = ring
  if (!newest) throw new AppError('SECRET_UNREADABLE', { message: 'no key' })
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', newest.key, iv, { authTagLength: TAG_BYTES })
  cipher.setAAD(additional(place))
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return ['v1', newest.id, iv.toString('base64url'), cipher.getAuthTag().toString('base64url'), body.toString('base64url')].join(
    ':',
  )
}

/** @throws SECRET_UNREADABLE for an unknown key, a moved row or a changed byte */
export function open(sealed: string, place: SecretPlace, ring?: readonly SecretKey[]): string {
  const [version, kid, iv, tag, body] = sealed.split(':')
  const key = findKey(kid, ring)
  const tagBytes = Buffer.from(tag ?? '', 'base64url')
  if (version !== 'v1' || !key || !iv || body === undefined || tagBytes.length !== TAG_BYTES) {
    throw new AppError('SECRET_UNREADABLE', { message: `sealed value of ${place.table} ${place.row} has key ${kid ?? '?'}` })
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: TAG_BYTES })
    decipher.setAAD(additional(place))
    decipher.setAuthTag(tagBytes)
    return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8')
  } catch (cause) {
    throw new AppError('SECRET_UNREADABLE', { message: `sealed value of ${place.table} ${place.row} does not open`, cause })
  }
}

/** True when `sealed` was made with another key than the newest: rotation re-seals it. */
export const isOldSeal = (sealed: string): boolean => sealed.split(':')[1] !== keys()[0]?.id

/** A 32-byte key for one purpose, derived from a master key; `kid` picks an older one (token verification). */
export function derivedKey(purpose: string, kid?: string): { kid: string; key: Buffer } | null {
  const found = kid === undefined ? keys()[0] : keys().find(({ id }) => id === kid)
  return found ? { kid: found.id, key: createHmac('sha256', found.key).update(purpose).digest() } : null
}

/** The derived key of every key id, newest first: what was signed before a rotation stays valid. */
export const derivedKeys = (purpose: string): Buffer[] =>
  keys().map(({ key }) => createHmac('sha256', key).update(purpose).digest())

/** What is stored of a one-time token: its hash. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()
export const newToken = (): string => randomBytes(24).toString('base64url')

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
