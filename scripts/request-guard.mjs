// What every request passes before either door: who is at the other end, what must not come in, what every answer says.
import { randomBytes } from 'node:crypto'
import { BlockList, isIP } from 'node:net'

// Headers that steer Next from outside (reliability.md B13); only Next's own client may send the router's on page requests.
const INTERNAL = [
  'x-nonce',
  'content-security-policy',
  'x-matched-path',
  'x-now-route-matches',
  'x-invoke-path',
  'x-invoke-query',
]

/** Believes X-Forwarded-For only of listed proxies, and then the last address that is not one of them (reliability.md B21). */
export function createClientAddress(trusted) {
  const list = new BlockList()
  for (const entry of trusted
    .split(',')
    .map(part => part.trim())
    .filter(Boolean)) {
    const [address, bits] = entry.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits) list.addSubnet(address, Number(bits), family)
    else list.addAddress(address, family)
  }
  const plain = address => (address?.startsWith('::ffff:') ? address.slice('::ffff:'.length) : (address ?? ''))
  if (trusted.trim() === '') return request => plain(request.socket.remoteAddress)
  const isTrusted = address => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return request => {
    const hops = String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .map(part => plain(part.trim()))
      .filter(hop => isIP(hop) !== 0)
    let address = plain(request.socket.remoteAddress)
    while (isTrusted(address) && hops.length > 0) address = hops.pop()
    return address
  }
}

const policy = nonce =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ')

function isReadable(pathname) {
  try {
    decodeURIComponent(pathname)
    return true
  } catch {
    return false
  }
}

/**
 * `isForApps(pathname)`: taken by the gateway, which says itself what its answers need.
 * Returns a function (request, response) => pathname, or null when the request has been answered here.
 * Next reads the nonce for its own scripts from the request's content-security-policy header.
 */
export function createRequestGuard({ dev, trustedProxies, isForApps }) {
  const clientAddress = createClientAddress(trustedProxies)
  return (request, response) => {
    // People write our address with a slash at its end, and apps put theirs behind it.
    if (request.url?.startsWith('//')) {
      const folded = request.url.replace(/^\/+/, '/')
      if (isForApps(folded.split('?', 1)[0])) request.url = folded
    }
    const url = request.url ?? ''
    if (!url.startsWith('/') || url.startsWith('//') || request.method === 'TRACE') {
      response.writeHead(request.method === 'TRACE' ? 405 : 400, { connection: 'close' }).end()
      return null
    }
    const pathname = url.split('?', 1)[0]
    request.headers['x-client-address'] = clientAddress(request)
    // No page, and nothing of Next's: what protects these costs apps bytes and us time, thousands of times a second.
    if (isForApps(pathname)) return pathname
    for (const name of Object.keys(request.headers)) {
      if (INTERNAL.includes(name) || name.startsWith('x-middleware-')) delete request.headers[name]
    }
    if (pathname.startsWith('/_next/image')) {
      response.writeHead(404).end()
      return null
    }
    // Next answers 500 to what it cannot decode. Taken as it stands it is an address that nothing has.
    if (!isReadable(pathname)) request.url = pathname.replaceAll('%', '%25') + url.slice(pathname.length)
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('referrer-policy', 'no-referrer')
    response.setHeader('cross-origin-opener-policy', 'same-origin')
    response.setHeader('permissions-policy', 'camera=(), microphone=(), geolocation=()')
    if (!dev) {
      const nonce = randomBytes(16).toString('base64')
      request.headers['content-security-policy'] = policy(nonce)
      request.headers['x-nonce'] = nonce
      response.setHeader('content-security-policy', policy(nonce))
    }
    return pathname
  }
}
