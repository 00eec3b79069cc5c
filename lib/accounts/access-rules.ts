import { BlockList, isIP } from 'node:net'
import { AccessRules } from './schema'

export interface Caller {
  /** IP address without an IPv4-in-IPv6 prefix. */
  address: string
  /** Two letters, null when it is not known. */
  country: string | null
  /** User-Agent. */
  app: string
}

/** May somebody who calls from there, with that app, pass these rules? Pure. */
export function passesRules(rules: AccessRules, caller: Caller): boolean {
  const { address, country, app } = caller
  if (isListed(rules.blockNetworks, address) || names(rules.blockApps, app)) return false
  if (country !== null && rules.blockCountries.includes(country)) return false
  if (rules.allowNetworks.length > 0 && !isListed(rules.allowNetworks, address)) return false
  // Who is asked for by country must be known to be there.
  if (rules.allowCountries.length > 0 && (country === null || !rules.allowCountries.includes(country))) return false
  return rules.allowApps.length === 0 || names(rules.allowApps, app)
}

/** Stored rules that cannot be read any more let nobody pass: they were made to keep somebody out. */
export const shutRules = (): AccessRules => ({ ...AccessRules.parse({}), allowNetworks: ['255.255.255.255'] })

/** No rule at all. */
export function isFree(rules: AccessRules): boolean {
  for (const name in rules) if (rules[name as keyof AccessRules].length > 0) return false
  return true
}

/** Does any rule need the caller's country? Looking it up costs a file read once, and a walk each time. */
export const asksCountry = (rules: AccessRules): boolean => rules.allowCountries.length + rules.blockCountries.length > 0

function names(parts: readonly string[], app: string): boolean {
  const text = app.toLowerCase()
  return parts.some(part => text.includes(part.toLowerCase()))
}

function isListed(networks: readonly string[], address: string): boolean {
  const family = isIP(address)
  if (family === 0 || networks.length === 0) return false
  const list = new BlockList()
  for (const network of networks) addNetwork(list, network)
  return list.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

/** Throws for a network that is none, so that a slip in a rule is told when it is saved, not ignored when it counts. */
export function addNetwork(list: BlockList, network: string): void {
  const [address = '', bits] = network.split('/')
  const family = isIP(address)
  if (family === 0) throw new RangeError(`not an address: ${network}`)
  const type = family === 6 ? ('ipv6' as const) : ('ipv4' as const)
  if (bits === undefined) list.addAddress(address, type)
  else list.addSubnet(address, Number(bits), type)
}
