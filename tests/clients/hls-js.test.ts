import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium } from '@playwright/test'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type ClientWorld, startClientWorld } from '../integration/client-steps'

// A web app on another site, with the HLS player most of them have.

let world: ClientWorld
let browser: Browser
let site: Server

const page = `<!doctype html><title>An app elsewhere</title><video muted playsinline></video><script src="/hls.js"></script>`

beforeAll(async () => {
  world = await startClientWorld()
  const player = readFileSync(new URL('../../node_modules/hls.js/dist/hls.min.js', import.meta.url))
  site = createServer((request, response) => {
    const isPlayer = request.url === '/hls.js'
    response.setHeader('content-type', isPlayer ? 'text/javascript' : 'text/html')
    response.end(isPlayer ? player : page)
  })
  await new Promise<void>(done => site.listen(0, '127.0.0.1', done))
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required'],
  })
})

afterEach(() => world.hangUp())

afterAll(async () => {
  await browser?.close()
  site?.close()
  expect(world.failures).toEqual([])
  await world.endAll()
})

test.each([
  ['the argument', false],
  ['headers', true],
])('hls.js plays a channel from another origin, and tells how (CMCD) by %s', async (_by, useHeaders) => {
  const tab = await browser.newPage()
  const complaints: string[] = []
  tab.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  expect(origin).not.toBe(world.base)
  // The browser asks for the page's picture by itself; that is nobody's failure.
  await tab.route('**/favicon.ico', route => route.fulfill({ status: 204 }))
  await tab.goto(origin)
  const failed = await tab.evaluate(
    ([address, inHeaders]) =>
      new Promise<string | null>(resolve => {
        const video = document.querySelector('video') as HTMLVideoElement
        const { Hls } = window as unknown as { Hls: HlsClass }
        const player = new Hls({ cmcd: { useHeaders: inHeaders } })
        player.on('hlsError', (_event, { fatal, details }) => fatal && resolve(details))
        player.loadSource(address)
        player.attachMedia(video)
        video.addEventListener('playing', () => resolve(null), { once: true })
        void video.play()
      }),
    [world.at('live', `${world.channel.id}.m3u8`), useHeaders] as const,
  )
  expect([failed, complaints]).toEqual([null, []])
  const seen = () =>
    tab.evaluate(() => {
      const video = document.querySelector('video') as HTMLVideoElement
      const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality()
      return { at: video.currentTime, decoded: totalVideoFrames - droppedVideoFrames, width: video.videoWidth }
    })
  const before = await seen()
  await tab.waitForTimeout(4_000)
  const after = await seen()
  expect(after.at - before.at).toBeGreaterThan(2)
  expect(after.decoded).toBeGreaterThan(0)
  expect(after.decoded).toBeGreaterThan(before.decoded)
  expect(after.width).toBe(640)
  expect(complaints).toEqual([])
  await tab.close()
  await world.hangUp()
  const { pool } = await import('@/lib/platform/db')
  const told = async () =>
    (await pool().query('DELETE FROM playback_quality RETURNING item_id, browser, failed, watched_ms')).rows
  await expect.poll(told).toEqual([
    {
      item_id: world.channel.id,
      browser: 'Chrome',
      failed: false,
      watched_ms: expect.toSatisfy(ms => ms > 2_000 && ms < 20_000),
    },
  ])
})

interface HlsClass {
  new (options: {
    cmcd: { useHeaders: boolean }
  }): {
    loadSource(address: string): void
    attachMedia(video: HTMLVideoElement): void
    on(event: 'hlsError', heard: (event: string, data: { fatal: boolean; details: string }) => void): void
  }
}
