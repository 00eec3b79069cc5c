// The build's own scripts and styles, packed once at build time: names carry a hash, so browsers may keep them for good.
import { createReadStream, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
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
  return (request, response, pathname) => {
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
