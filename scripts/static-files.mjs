// The build's own scripts and styles, packed once at build time: names carry a hash, so browsers may keep them for good.
// The service worker's name never changes: browsers ask for it again each time.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'

const PREFIX = '/_next/static/'
const types = { '.js': 'application/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8' }
const typeOf = name => types[name.slice(name.lastIndexOf('.'))]

/** Writes a .br beside every script and style of the build. */
export function packStaticFiles(distDir) {
  const folder = join(distDir, 'static')
  for (const name of readdirSync(folder, { recursive: true }).filter(typeOf)) {
    const bytes = readFileSync(join(folder, name))
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, { params }))
  }
}

const WORKER = '/service-worker.js'

/** Returns a function that answers requests for the service worker, or null in a build that has none. */
function createWorkerFile(distDir) {
  const file = join(distDir, WORKER)
  if (!existsSync(file)) return null
  const bytes = readFileSync(file)
  const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`
  const headers = {
    'cache-control': 'no-cache',
    // Of itself it may fetch the build's files, and nothing else.
    'content-security-policy': "default-src 'none'; connect-src 'self'",
    'x-content-type-options': 'nosniff',
    etag,
  }
  return (request, response) => {
    if (request.headers['if-none-match'] === etag) response.writeHead(304, headers).end()
    else
      response
        .writeHead(200, { ...headers, 'content-type': types['.js'], 'content-length': bytes.length })
        .end(request.method === 'HEAD' ? undefined : bytes)
  }
}

/**
 * Returns a function (request, response, pathname) => true when it has answered. The list of files is read once: what is
 * not on it is never opened, so no path can lead outside.
 */
export function createStaticFiles(distDir) {
  const folder = join(distDir, 'static')
  const packed = new Map()
  for (const name of readdirSync(folder, { recursive: true }).filter(file => file.endsWith('.br'))) {
    const original = name.slice(0, -'.br'.length)
    packed.set(PREFIX + original, { file: join(folder, name), size: statSync(join(folder, name)).size, type: typeOf(original) })
  }
  const sendWorker = createWorkerFile(distDir)
  return (request, response, pathname) => {
    if (pathname === WORKER && sendWorker && ['GET', 'HEAD'].includes(request.method)) {
      sendWorker(request, response)
      return true
    }
    if (!pathname.startsWith(PREFIX)) return false
    const found = packed.get(pathname)
    if (!found || request.method !== 'GET' || !/\bbr\b/.test(String(request.headers['accept-encoding'] ?? ''))) return false
    response.writeHead(200, {
      'content-type': found.type,
      'content-length': found.size,
      'content-encoding': 'br',
      vary: 'accept-encoding',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    })
    createReadStream(found.file)
      .on('error', () => response.destroy())
      .pipe(response)
    return true
  }
}
