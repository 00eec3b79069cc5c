import { createHash } from 'node:crypto'

/** Short, and other when the provider's picture changes, so that browsers keep each one for good. */
export const pictureVersion = (url: string) => createHash('sha1').update(url).digest('base64url').slice(0, 8)

/** Our own address for an item's picture; the provider's never reaches a browser. */
export function pictureAddress(itemId: number, url: string | null, which: 'poster' | 'backdrop' = 'poster'): string | null {
  if (!url) return null
  return `/picture/${itemId}?v=${pictureVersion(url)}${which === 'backdrop' ? '&which=backdrop' : ''}`
}
