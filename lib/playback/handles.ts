import { createCipheriv, createDecipheriv } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '@/lib/kernel/errors'
import { decodeCanonical, deriveKey, hmac, type Keyring } from './keyring'
import type { LinkRole } from './rewrite-playlist'

export interface UpstreamHandle {
  url: string
  role: LinkRole
  /** How many playlists lead here; a provider that nests without end is refused. */
  depth: number
}

/** Playlists inside playlists: a master, its variant, and one level for providers that wrap both. */
export const MAX_PLAYLIST_DEPTH = 3
const IV_BYTES = 12
const TAG_BYTES = 16
const MAX_HANDLE_LENGTH = 16_384

const Payload = z.tuple([z.string(), z.enum(['playlist', 'segment', 'key', 'map']), z.int().min(0).max(10)])

/**
 * Hides an upstream address in a text that only this server can open, and only for the same session. The same address
 * always gives the same text: players take a segment or a key with another address for another one.
 */
export function sealHandle(keyring: Keyring, sessionId: string, handle: UpstreamHandle): string {
  const plain = JSON.stringify([handle.url, handle.role, handle.depth])
  const current = keyring.current()
  // An IV derived from the content keeps the text stable; only identical content can meet the same IV.
  const iv = hmac(deriveKey(current, 'handle-iv'), `${sessionId}\n${plain}`).subarray(0, IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', deriveKey(current, 'handle'), iv, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(sessionId))
  const sealed = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${current.id}~${sealed.toString('base64url')}`
}

/** Opens a handle made for this session. Throws TOKEN_INVALID for anything else, TOKEN_TOO_LONG beyond 16 kB. */
export function openHandle(keyring: Keyring, sessionId: string, text: string): UpstreamHandle {
  if (text.length > MAX_HANDLE_LENGTH) throw new AppError('TOKEN_TOO_LONG')
  const [keyId = '', body = ''] = text.split('~')
  const key = keyring.find(keyId)
  const sealed = decodeCanonical(body)
  if (key === null || sealed === null || text !== `${keyId}~${body}` || sealed.length <= IV_BYTES + TAG_BYTES) {
    throw new AppError('TOKEN_INVALID')
  }
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(key, 'handle'), sealed.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(Buffer.from(sessionId))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    const plain = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()])
    const [url, role, depth] = Payload.parse(JSON.parse(plain.toString('utf8')))
    return { url, role, depth }
  } catch (cause) {
    throw new AppError('TOKEN_INVALID', { cause })
  }
}
