import { drawBackdrop, drawLogo, drawPoster } from './art/posters.ts'
import { sendText } from './replies.ts'
import type { Exchange } from './world.ts'

const CACHE_BYTES = 32 * 1024 * 1024

/** Insertion order is age: a hit is put back at the end, the oldest go first. */
const pictures = new Map<string, Buffer>()
let held = 0

function remember(path: string, png: Buffer): void {
  pictures.set(path, png)
  held += png.length
  for (const [oldest, bytes] of pictures) {
    if (held <= CACHE_BYTES) return
    pictures.delete(oldest)
    held -= bytes.length
  }
}

function draw(parts: string[]): Buffer | null {
  const [kind = '', a = '', b = '', c = '', d = ''] = parts
  if (kind === 'logo' && b) return drawLogo(`${a} ${b}`, b)
  if (kind === 'poster' && d) return drawPoster(`${b} ${d}`, d.slice(0, 60), b, a === 'series' ? `A SERIES  ${c}` : c)
  return kind === 'backdrop' && b ? drawBackdrop(`${a} ${b}`, a) : null
}

export function serveArtwork(x: Exchange): void {
  const { res, path } = x
  const known = pictures.get(path)
  const parts = path
    .replace(/\.png$/, '')
    .split('/')
    .slice(2)
    .map(decodeURIComponent)
  const png = known ?? draw(parts)
  if (!png) {
    sendText(res, 404, '')
    return
  }
  if (known) {
    pictures.delete(path)
    pictures.set(path, known)
  } else remember(path, png)
  res.writeHead(200, { 'content-type': 'image/png', 'content-length': png.length, 'cache-control': 'public, max-age=86400' })
  res.end(x.req.method === 'HEAD' ? undefined : png)
}
