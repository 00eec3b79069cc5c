export interface Caller {
  origin: string | undefined
  host: string | undefined
  hasCookie: boolean
}

/**
 * Browsers say which page connects: only pages of this server may (reliability.md B16), under an address of its own or under
 * the one they were opened with. Without an origin it is another app, which has no cookies to abuse.
 */
export function isAllowedOrigin({ origin, host, hasCookie }: Caller, own: readonly string[]): boolean {
  if (origin === undefined) return !hasCookie
  const url = URL.parse(origin)
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  return own.includes(url.origin) || (host !== undefined && url.host === host.toLowerCase())
}
