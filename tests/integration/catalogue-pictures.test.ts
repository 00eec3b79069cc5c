import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from './harness'

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>'
let world: World
let server: Server
let base: string
beforeAll(async () => {
  world = await startWorld()
  server = createServer((_, response) => response.end(svg)).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  base = `http://127.0.0.1:${port}`
  const { configureSafeFetch } = await import('@/lib/platform/fetch')
  configureSafeFetch({ ownHosts: [], loopbackAllowed: [`127.0.0.1:${port}`] })
})
afterAll(async () => {
  server.close()
  await world.end()
})

test('SVG is refused by its bytes, before any parser sees it', async () => {
  const { getPicture } = await import('@/lib/platform/pictures')
  await expect(getPicture({ url: `${base}/a.png` }, 96)).rejects.toMatchObject({
    code: 'UPSTREAM_NOT_MEDIA',
    message: 'not a picture by its first bytes',
  })
})

test('raster pictures are known by their first bytes', async () => {
  const { isRaster } = await import('@/lib/platform/pictures')
  const { default: sharp } = await import('sharp')
  const picture = sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif'] as const) {
    expect(isRaster(await picture.clone().toFormat(format).toBuffer()), format).toBe(true)
  }
  for (const text of [svg, `<?xml version="1.0"?>${svg}`, '%PDF-1.7', 'RIFF1234WAVE', '????ftypmp42', '', 'GIF']) {
    expect(isRaster(Buffer.from(text)), text).toBe(false)
  }
})
