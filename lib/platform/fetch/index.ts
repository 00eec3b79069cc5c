import 'server-only'

export { type AddressRules, isGrantableNetwork, parseUpstreamUrl } from './address-policy'
export { type DecodeLimits, decodeBody, isHonest } from './decode-body'
export type { Gather } from './guarded-body'
export { HOP_HEADER, isLoopedHop } from './hops'
export { readBody } from './read-body'
export { type SafeRequest, type SafeResponse, safeFetch } from './safe-fetch'
export {
  configureSafeFetch,
  type ResolvedAddress,
  type Resolver,
  type SafeFetchOptions,
  type SafeFetchSettings,
  safeFetchSettings,
} from './settings'
