import { isIP } from 'node:net'

/** The address under which an app reached us: everything we print for it begins with this. */
export interface Origin {
  protocol: 'http' | 'https'
  hostname: string
  port: string
  /** `https://tv.example:8443` */
  href: string
}

export interface KnownOrigins {
  /** PUBLIC_URL first. */
  origins: readonly string[]
}

/**
 * Which of our addresses a request came in by. A name that we do not know is answered with our main one, so that nobody can
 * have their own name printed into a playlist (reliability.md B31); an IP address or localhost is a way in that no name
 * server decides about.
 */
export function originOf(host: string | undefined, known: KnownOrigins): Origin {
  const main = parseOrigin(known.origins[0] ?? 'http://localhost:3000') as Origin
  if (host === undefined || !/^[a-z0-9.:[\]_-]{1,255}$/i.test(host)) return main
  for (const text of known.origins) {
    const candidate = parseOrigin(text)
    if (candidate !== null && hostOf(candidate) === withPort(host, candidate.protocol)) return candidate
  }
  const direct = parseOrigin(`http://${host}`)
  if (direct === null) return main
  const bare = direct.hostname.replace(/^\[|\]$/g, '')
  return isIP(bare) !== 0 || bare === 'localhost' ? direct : main
}

export function parseOrigin(text: string): Origin | null {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null
  const protocol = url.protocol === 'https:' ? ('https' as const) : ('http' as const)
  return { protocol, hostname: url.hostname, port: url.port || (protocol === 'https' ? '443' : '80'), href: url.origin }
}

const hostOf = ({ hostname, port }: Origin): string => `${hostname}:${port}`.toLowerCase()
const withPort = (host: string, protocol: 'http' | 'https'): string =>
  (/:\d+$/.test(host) ? host : `${host}:${protocol === 'https' ? '443' : '80'}`).toLowerCase()
