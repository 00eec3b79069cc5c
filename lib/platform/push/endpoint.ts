import { AppError } from '@/lib/kernel/errors'
import { type AddressRules, parseUpstreamUrl } from '../fetch/address-policy'

/** Hosts at which browsers' makers take messages: Google, Mozilla, Apple, Microsoft. A leading dot means any name below. */
const hosts = [
  'fcm.googleapis.com',
  'jmt17.google.com',
  '.push.services.mozilla.com',
  '.push.apple.com',
  '.notify.windows.com',
] as const

const isKnownHost = (host: string): boolean =>
  hosts.some(known => (known.startsWith('.') ? host.endsWith(known) : host === known))

/**
 * The address of a browser's push service. It comes from a browser, so anybody can write anything: only the services that
 * browsers really use are called (reliability.md B33), and loopback addresses that were allowed for tests.
 * @throws PUSH_ENDPOINT_NOT_ALLOWED
 */
export function parsePushEndpoint(text: string, rules: Pick<AddressRules, 'loopbackAllowed'>): URL {
  try {
    const url = parseUpstreamUrl(text, { ownHosts: [], loopbackAllowed: rules.loopbackAllowed, privateNetworks: [] })
    const isTest = rules.loopbackAllowed.includes(url.host)
    const isKnown = url.protocol === 'https:' && url.port === '' && isKnownHost(url.hostname)
    if (isTest || isKnown) return url
  } catch (cause) {
    throw new AppError('PUSH_ENDPOINT_NOT_ALLOWED', { field: 'endpoint', cause })
  }
  throw new AppError('PUSH_ENDPOINT_NOT_ALLOWED', { field: 'endpoint' })
}
