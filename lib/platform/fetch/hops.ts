import { safeFetchSettings } from './settings'

/** Carries the ids of the deployments a stream has already passed, so that two servers feeding each other notice. */
export const HOP_HEADER = 'x-iptv-hop'

const MAX_HOPS = 4

/** The header value for an outbound request made on behalf of one that carried `incoming`. */
export function nextHop(incoming?: string): string {
  return [...hopIds(incoming), safeFetchSettings().instanceId].join(',')
}

/** True when a request with this hop header has already passed this deployment, or too many others. */
export function isLoopedHop(incoming: string | undefined): boolean {
  const ids = hopIds(incoming)
  return ids.length >= MAX_HOPS || ids.includes(safeFetchSettings().instanceId)
}

function hopIds(header: string | undefined): string[] {
  if (header === undefined) return []
  return header
    .split(',')
    .map(id => id.trim())
    .filter(id => /^[A-Za-z0-9]{1,64}$/.test(id))
    .slice(0, MAX_HOPS)
}
