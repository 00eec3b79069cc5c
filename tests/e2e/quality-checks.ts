import { readFileSync } from 'node:fs'
import { expect, type Page } from '@playwright/test'
import { picture } from './playing'

// A network that becomes slow, and what a viewer sees of it.

/** Enough for the lower of the qualities 360 (1,300 kbit/s) and 240 (250 kbit/s), not for what the higher one may take. */
export const SLOW_BITS = 900_000
export const FAST_BITS = 50_000_000

export const heightOf = (page: Page): Promise<number> => page.evaluate(() => document.querySelector('video')?.videoHeight ?? 0)

/** Seconds in hand. */
export const ahead = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const video = document.querySelector('video')
    return video?.buffered.length ? video.buffered.end(video.buffered.length - 1) - video.currentTime : 0
  })

/** From now on `stalls` tells how often the picture has had to wait. */
export const countStalls = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const holder = window as unknown as { stalls: number }
    holder.stalls = 0
    document.querySelector('video')?.addEventListener('waiting', () => holder.stalls++)
  })

export const stalls = (page: Page): Promise<number> => page.evaluate(() => (window as unknown as { stalls: number }).stalls)

/** What sets the speed of the page's network, in bits a second. */
export async function throttleOf(page: Page): Promise<(bits: number) => Promise<unknown>> {
  const network = await page.context().newCDPSession(page)
  await network.send('Network.enable')
  return bits =>
    network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 20,
      downloadThroughput: bits / 8,
      uploadThroughput: bits / 8,
    })
}

interface HlsClass {
  new (): {
    levels: { height: number }[]
    nextLevel: number
    loadSource(address: string): void
    attachMedia(video: HTMLVideoElement): void
    on(event: 'hlsError', heard: (event: string, data: { fatal: boolean; details: string }) => void): void
  }
}

/** Fails unless hls.js finds these heights in the playlist, and plays each of them. */
export async function expectHlsPlays(page: Page, url: string, heights: readonly number[]): Promise<void> {
  const library = readFileSync(new URL('../../node_modules/hls.js/dist/hls.min.js', import.meta.url), 'utf8')
  await page.evaluate(`${library}\n;0`)
  const levels = await page.evaluate(
    address =>
      new Promise<number[] | string>(resolve => {
        const holder = window as unknown as { Hls: HlsClass; player: InstanceType<HlsClass> }
        const video = document.createElement('video')
        video.muted = true
        document.body.append(video)
        const player = new holder.Hls()
        holder.player = player
        player.on('hlsError', (_event, { fatal, details }) => fatal && resolve(details))
        player.loadSource(address)
        player.attachMedia(video)
        video.addEventListener('playing', () => resolve(player.levels.map(({ height }) => height)), { once: true })
        void video.play()
      }),
    url,
  )
  expect(levels).toEqual(heights)
  for (const [level, height] of heights.entries()) {
    await page.evaluate(number => {
      ;(window as unknown as { player: InstanceType<HlsClass> }).player.nextLevel = number
    }, level)
    await expect.poll(() => heightOf(page), { message: `level ${level}`, timeout: 20_000 }).toBe(height)
    const before = await picture(page)
    await expect.poll(async () => (await picture(page)).time, { message: 'goes on' }).toBeGreaterThan(before.time + 1)
  }
}
