import { BlockList, isIP } from 'node:net'

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

/** Addresses of the house under which apps come in without a name. */
const MAX_DIRECT = 16
const house = new BlockList()
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const) {
  house.addSubnet(network, bits, 'ipv4')
}
for (const [network, bits] of [
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  house.addSubnet(network, bits, 'ipv6')
house.addAddress('::1', 'ipv6')

/**
 * Which of our addresses a request came in by. A name that we do not know is answered with our main one, so that nobody can
 * have their own name printed into a playlist (reliability.md B31); a private IP address or localhost is a way in that no
 * name server decides about.
 */
export function originOf(host: string | undefined, known: KnownOrigins): Origin {
  const main = parseOrigin(known.origins[0] ?? 'http://localhost:3000') as Origin
  if (host === undefined || !/^[a-z0-9.:[\]_-]{1,255}$/i.test(host)) return main
  for (const text of known.origins) {
    const candidate = parseOrigin(text)
    if (candidate !== null && hostOf(candidate) === withPort(host, candidate.protocol)) return candidate
  }
  const direct = parseOrigin(`http://${host}`)
  return direct !== null && isHouseAddress(direct) ? direct : main
}

const direct = new Set<string>()

/** An address of the house we stand in. Lists are kept for each, so their number has an end. */
function isHouseAddress({ hostname, href }: Origin): boolean {
  if (direct.has(href)) return true
  const bare = hostname.replace(/^\[|\]$/g, '')
  const isHouse = bare === 'localhost' || (isIP(bare) !== 0 && house.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4'))
  if (!isHouse || direct.size >= MAX_DIRECT) return false
  direct.add(href)
  return true
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
