import { BlockList, isIP } from 'node:net'
import { HOUR } from '@/lib/kernel/time'
import { shared } from '@/lib/platform/shared'

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

/** Addresses of the house under which apps come in without a name. Lists are kept for each, so their number has an end. */
const MAX_DIRECT = 16
/** One that nobody has come in by for so long gives way to another. */
const UNUSED_MS = HOUR
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
 * name server decides about. Notes such a one, so it is asked only for whoever has shown who they are.
 */
export function originOf(host: string | undefined, known: KnownOrigins): Origin {
  const found = findOrigin(host, known)
  return !found.isHouse || noteHouseAddress(found.origin.href) ? found.origin : mainOf(known)
}

/** The same without noting anything: null for an address of the house that nobody known has come in by yet. */
export function peekOrigin(host: string | undefined, known: KnownOrigins): Origin | null {
  const { origin, isHouse } = findOrigin(host, known)
  return isHouse && !houseAddresses().has(origin.href) ? null : origin
}

function findOrigin(host: string | undefined, known: KnownOrigins): { origin: Origin; isHouse: boolean } {
  const main = { origin: mainOf(known), isHouse: false }
  if (host === undefined || !/^[a-z0-9.:[\]_-]{1,255}$/i.test(host)) return main
  for (const text of known.origins) {
    const candidate = parseOrigin(text)
    if (candidate !== null && hostOf(candidate) === withPort(host, candidate.protocol))
      return { origin: candidate, isHouse: false }
  }
  const direct = parseOrigin(`http://${host}`)
  return direct !== null && isInHouse(direct.hostname) ? { origin: direct, isHouse: true } : main
}

const mainOf = ({ origins }: KnownOrigins): Origin => parseOrigin(origins[0] ?? 'http://localhost:3000') as Origin

function isInHouse(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return bare === 'localhost' || (isIP(bare) !== 0 && house.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4'))
}

/** When somebody last came in by each, the longest ago first. */
const houseAddresses = () => shared('gateway-house-addresses', () => new Map<string, number>())

/** False when there is no room. */
function noteHouseAddress(href: string, now = Date.now()): boolean {
  const all = houseAddresses()
  const [oldest] = all
  if (!all.has(href) && all.size >= MAX_DIRECT && oldest !== undefined) {
    if (now - oldest[1] < UNUSED_MS) return false
    all.delete(oldest[0])
  }
  all.delete(href)
  all.set(href, now)
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
