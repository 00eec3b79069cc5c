import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '@/lib/kernel/errors'
import { decodeCanonical, deriveKey, hmac, type Keyring, type SigningKey } from './keyring'

export const tokenKinds = ['live', 'hls', 'file', 'film', 'catch-up', 'recording', 'licence'] as const
export type TokenKind = (typeof tokenKinds)[number]

export interface TokenClaims {
  sessionId: string
  profileId: string
  itemId: number
  sourceId: number
  kind: TokenKind
  /** Unix seconds. */
  issuedAt: number
  expiresAt: number
}

export type TokenScope = Partial<Pick<TokenClaims, 'sessionId' | 'profileId' | 'itemId' | 'sourceId' | 'kind'>>

/** Clocks of two servers may differ by this much, in seconds. */
const CLOCK_TOLERANCE = 30
const MAX_TOKEN_LENGTH = 1_024

const Payload = z.tuple([
  z.string().min(1).max(64),
  z.string().min(1).max(64),
  z.int().nonnegative(),
  z.int().nonnegative(),
  z.enum(tokenKinds),
  z.int(),
  z.int(),
])

/** Makes a stream token: `v1.kid.payload.mac`. */
export function signToken(keyring: Keyring, claims: TokenClaims): string {
  const { sessionId, profileId, itemId, sourceId, kind, issuedAt, expiresAt } = claims
  const payload = Buffer.from(JSON.stringify([sessionId, profileId, itemId, sourceId, kind, issuedAt, expiresAt])).toString(
    'base64url',
  )
  const key = keyring.current()
  const body = `v1.${key.id}.${payload}`
  return `${body}.${macOf(key, body).toString('base64url')}`
}

/**
 * Reads a stream token. `now` is Unix seconds; `scope` names what the token must be for; with `mayBeOver` whoever asks looks at
 * `expiresAt` himself. Throws TOKEN_TOO_LONG, TOKEN_INVALID, TOKEN_EXPIRED or TOKEN_SCOPE.
 */
export function verifyToken(
  keyring: Keyring,
  token: string,
  expected: { now: number; scope?: TokenScope; mayBeOver?: boolean },
): TokenClaims {
  if (token.length > MAX_TOKEN_LENGTH) throw new AppError('TOKEN_TOO_LONG')
  const [version = '', keyId = '', payload = '', mac = '', ...rest] = token.split('.')
  const key = keyring.find(keyId)
  if (version !== 'v1' || rest.length > 0 || key === null) throw new AppError('TOKEN_INVALID')
  const given = decodeCanonical(mac)
  const wanted = macOf(key, `${version}.${keyId}.${payload}`)
  if (given === null || given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new AppError('TOKEN_INVALID')
  const claims = readPayload(payload)
  if (claims.issuedAt > expected.now + CLOCK_TOLERANCE) throw new AppError('TOKEN_INVALID')
  if (expected.mayBeOver !== true && isExpired(claims, expected.now)) throw new AppError('TOKEN_EXPIRED')
  requireScope(claims, expected.scope ?? {})
  return claims
}

/** `now` is Unix seconds. */
export const isExpired = ({ expiresAt }: Pick<TokenClaims, 'expiresAt'>, now: number): boolean =>
  expiresAt + CLOCK_TOLERANCE < now

function readPayload(text: string): TokenClaims {
  const bytes = decodeCanonical(text)
  const parsed = Payload.safeParse(bytes === null ? null : parseJson(bytes.toString('utf8')))
  if (!parsed.success) throw new AppError('TOKEN_INVALID')
  const [sessionId, profileId, itemId, sourceId, kind, issuedAt, expiresAt] = parsed.data
  return { sessionId, profileId, itemId, sourceId, kind, issuedAt, expiresAt }
}

function requireScope(claims: TokenClaims, scope: TokenScope): void {
  for (const [name, wanted] of Object.entries(scope)) {
    if (claims[name as keyof TokenScope] !== wanted) throw new AppError('TOKEN_SCOPE')
  }
}

function macOf(key: SigningKey, body: string): Buffer {
  return hmac(deriveKey(key, 'stream-token'), body)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
