import ipaddr from 'ipaddr.js'
import { AppError } from '@/lib/kernel/errors'

/** Longest address we accept, in characters: signed playlist addresses of CDNs reach a few thousand. */
export const MAX_URL_LENGTH = 8_192

export interface AddressRules {
  /** Our own `host` or `host:port` names, lower case. A request to one of them would call ourselves. */
  ownHosts: readonly string[]
  /** Exact `host:port` loopback addresses that are allowed all the same (demo, tests). */
  loopbackAllowed: readonly string[]
  /** CIDR ranges an admin granted to this provider. Only private ranges can be granted. */
  privateNetworks: readonly string[]
}

// Ports of services that speak line protocols or hold data. A provider never lives there, an attacker's target does.
const blockedPorts = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113,
  115, 117, 119, 123, 135, 137, 138, 139, 143, 161, 179, 389, 427, 445, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548,
  554, 556, 563, 587, 601, 636, 873, 989, 990, 993, 995, 1433, 1521, 1719, 1720, 1723, 2049, 2375, 2376, 2379, 2380, 3306, 3389,
  3659, 4045, 4190, 5060, 5061, 5432, 5433, 5672, 5900, 5984, 6000, 6379, 6380, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
  9042, 9100, 9200, 9300, 10250, 10255, 11211, 15672, 26379, 27017, 27018,
])

const grantableRanges = new Set(['private', 'uniqueLocal', 'carrierGradeNat'])

// Addresses inside grantable ranges at which clouds serve instance credentials.
const metadataAddresses = new Set(['100.100.100.200', 'fd00:ec2:0:0:0:0:0:254', 'fd20:ce:0:0:0:0:0:254'])

/**
 * Reads an address that a person or a provider supplied and checks everything that can be judged without the network.
 * Throws UPSTREAM_URL_TOO_LONG, UPSTREAM_URL_INVALID, UPSTREAM_SCHEME_NOT_ALLOWED, UPSTREAM_IS_SELF,
 * UPSTREAM_ADDRESS_BLOCKED, UPSTREAM_URL_HAS_CREDENTIALS or UPSTREAM_PORT_BLOCKED.
 */
export function parseUpstreamUrl(text: string, rules: AddressRules): URL {
  if (text.length > MAX_URL_LENGTH) throw new AppError('UPSTREAM_URL_TOO_LONG')
  // The WHATWG parser silently drops tabs and line breaks, so `good\r\n.evil` would become another host.
  if (hasControlCharacter(text.trim()) || !URL.canParse(text)) throw new AppError('UPSTREAM_URL_INVALID')
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new AppError('UPSTREAM_SCHEME_NOT_ALLOWED')
  if (url.hostname === '') throw new AppError('UPSTREAM_URL_INVALID')
  if (isOwnHost(url, rules.ownHosts)) throw new AppError('UPSTREAM_IS_SELF')
  requireAllowedHost(url, rules)
  if (url.username !== '' || url.password !== '') throw new AppError('UPSTREAM_URL_HAS_CREDENTIALS')
  if (!isAllowedLoopback(url, rules) && blockedPorts.has(portOf(url))) throw new AppError('UPSTREAM_PORT_BLOCKED')
  return url
}

/** Throws UPSTREAM_ADDRESS_BLOCKED unless `address` (an IP) is on the public internet or in a granted private range. */
export function requireAllowedAddress(address: string, privateNetworks: readonly string[]): void {
  if (!isAllowedAddress(address, privateNetworks)) throw blocked(address)
}

/** The port a request to `url` goes to, defaults filled in. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' ? 443 : 80
}

/** The host as the socket layer wants it: IPv6 without brackets, no root dot, lower case. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}

/** True when exactly this `host:port` was allowed although it is a loopback address. */
export function isAllowedLoopback(url: URL, rules: Pick<AddressRules, 'loopbackAllowed'>): boolean {
  return rules.loopbackAllowed.includes(`${hostOf(url)}:${portOf(url)}`)
}

/** True when `text` is a CIDR range inside the ranges an admin may grant to a provider. */
export function isGrantableNetwork(text: string): boolean {
  if (!ipaddr.isValidCIDR(text)) return false
  const [base, bits] = ipaddr.parseCIDR(text)
  return grantableRanges.has(base.range()) && bits >= (base.kind() === 'ipv4' ? 8 : 7)
}

function isAllowedAddress(address: string, privateNetworks: readonly string[]): boolean {
  const ip = parseIp(address)
  if (ip === null) return false
  if (ip.kind() === 'ipv6') return isAllowedIpv6(ip as ipaddr.IPv6, privateNetworks)
  return isPublicOrGranted(ip, privateNetworks)
}

function isAllowedIpv6(ip: ipaddr.IPv6, privateNetworks: readonly string[]): boolean {
  const range = ip.range()
  const inside = embeddedIpv4(ip)
  // NAT64 is how IPv6-only hosts reach IPv4, so the address behind it decides. The other disguises have no honest use.
  if (range === 'rfc6052') return inside !== null && isPublicOrGranted(inside, [])
  if (inside !== null) return false
  if (range === 'unicast' && (ip.parts[0] ?? 0) >> 13 !== 1) return false
  return isPublicOrGranted(ip, privateNetworks)
}

function isPublicOrGranted(ip: ipaddr.IPv4 | ipaddr.IPv6, privateNetworks: readonly string[]): boolean {
  const range = ip.range()
  if (range === 'unicast') return true
  if (!grantableRanges.has(range) || metadataAddresses.has(ip.toString())) return false
  if (metadataAddresses.has(ip.toNormalizedString())) return false
  return privateNetworks.some(network => isGrantableNetwork(network) && isInside(ip, network))
}

function isInside(ip: ipaddr.IPv4 | ipaddr.IPv6, network: string): boolean {
  const [base, bits] = ipaddr.parseCIDR(network)
  return base.kind() === ip.kind() && ip.match(base, bits)
}

/** The IPv4 address hidden in a NAT64, mapped, compatible or ISATAP address. */
function embeddedIpv4(ip: ipaddr.IPv6): ipaddr.IPv4 | null {
  const parts = ip.parts
  const isIsatap = parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x200)
  const isWellKnownNat64 = parts[0] === 0x64 && parts[1] === 0xff9b && parts.slice(2, 6).every(part => part === 0)
  const isMapped = parts.slice(0, 4).every(part => part === 0)
  if (!isIsatap && !isWellKnownNat64 && !isMapped) return null
  const [high = 0, low = 0] = [parts[6], parts[7]]
  return new ipaddr.IPv4([high >> 8, high & 255, low >> 8, low & 255])
}

function requireAllowedHost(url: URL, rules: AddressRules): void {
  const host = hostOf(url)
  if (isAllowedLoopback(url, rules)) return
  if (host === 'localhost' || host.endsWith('.localhost')) throw blocked(host)
  if (parseIp(host) !== null) requireAllowedAddress(host, rules.privateNetworks)
}

function isOwnHost(url: URL, ownHosts: readonly string[]): boolean {
  const host = hostOf(url)
  return ownHosts.includes(host) || ownHosts.includes(`${host}:${portOf(url)}`)
}

function parseIp(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  return ipaddr.isValid(text) ? ipaddr.parse(text) : null
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code === 0x7f) return true
  }
  return false
}

function blocked(address: string): AppError {
  return new AppError('UPSTREAM_ADDRESS_BLOCKED', { message: `refused address ${address.slice(0, 64)}` })
}
