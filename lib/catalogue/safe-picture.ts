import { toPictureUrl } from '@/lib/providers'

/** From this length on a secret is searched for anywhere; shorter ones only as a whole path segment or value. */
const LONG_SECRET = 8
const credentialNames = /[?&;](?:user(?:name)?|pass(?:word)?|token|auth|api_key|access_token)=/i

/**
 * The address of a picture as it may be stored in clear, or null: an address that carries a word of the provider's
 * credentials is dropped, because pictures stand in the database unsealed.
 */
export function toSafePicture(value: unknown, secrets: readonly string[]): string | null {
  const url = toPictureUrl(value)
  if (url === null || /^https?:\/\/[^/]*@/i.test(url) || credentialNames.test(url)) return null
  if (secrets.length === 0) return url
  const words = new Set(url.split(/[/?&=#:;,|]/))
  const holds = secrets.some(secret => {
    const encoded = encodeURIComponent(secret)
    if (secret.length >= LONG_SECRET && (url.includes(secret) || url.includes(encoded))) return true
    return words.has(secret) || words.has(encoded)
  })
  return holds ? null : url
}
