import { readFileSync } from 'node:fs'
import { type APIRequestContext, type Browser, expect, type Page } from '@playwright/test'
import { changeConversion } from './conversion-settings'
import { picture } from './playing'
import { addSource, admin, anna, apiFor, pageFor } from './world'

// A network that becomes slow, and what a viewer sees of it.

const qualities = [
  { height: 360, kilobits: 1_300 },
  { height: 240, kilobits: 250 },
]

export interface QualityWorld {
  api: APIRequestContext
  chief: APIRequestContext
  source: number
  page: Page
  end: () => Promise<void>
}

/** A viewer with a source, on a server that makes everything in two qualities. */
export async function startQualities(browser: Browser, login: string, name: string): Promise<QualityWorld> {
  const api = await apiFor(anna)
  const chief = await apiFor(admin)
  const source = await addSource(api, login, name)
  const page = await pageFor(browser, anna)
  const putBack = await changeConversion(chief, { ladder: 'always', qualities })
  const end = async () => {
    await putBack()
    await page.close()
    await api.delete(`/api/providers/${source}`)
    await Promise.all([api.dispose(), chief.dispose()])
  }
  return { api, chief, source, page, end }
}

/** Enough for the lower of the qualities 360 (1,300 kbit/s) and 240 (250 kbit/s), not for what the higher one may take. */
const SLOW_BITS = 900_000
const FAST_BITS = 50_000_000

export const heightOf = (page: Page): Promise<number> => page.evaluate(() => document.querySelector('video')?.videoHeight ?? 0)

/** Seconds in hand. */
export const ahead = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const video = document.querySelector('video')
    return video?.buffered.length ? video.buffered.end(video.buffered.length - 1) - video.currentTime : 0
  })

/** From now on `stalls` tells how often the picture has had to wait. */
const countStalls = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const holder = window as unknown as { stalls: number }
    holder.stalls = 0
    document.querySelector('video')?.addEventListener('waiting', () => holder.stalls++)
  })

const stalls = (page: Page): Promise<number> => page.evaluate(() => (window as unknown as { stalls: number }).stalls)

/** What sets the speed of the page's network, in bits a second. */
async function throttleOf(page: Page): Promise<(bits: number) => Promise<unknown>> {
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

/** Shows the lower quality on a slow line and the higher one when it is fast again, within so many seconds each, without a stop. */
export async function expectDownAndUp(page: Page, what: string, limits: { down: number; up: number }): Promise<void> {
  await countStalls(page)
  const throttle = await throttleOf(page)
  const expectHeight = async (height: number, name: string, seconds: number) => {
    const since = Date.now()
    await expect.poll(() => heightOf(page), { message: name, timeout: seconds * 1_000, intervals: [200] }).toBe(height)
    process.stdout.write(`MEASURED ${what}: ${name} after ${((Date.now() - since) / 1_000).toFixed(1)} s\n`)
  }
  await throttle(SLOW_BITS)
  await expectHeight(240, 'lower quality', limits.down)
  const before = await picture(page)
  await page.waitForTimeout(4_000)
  expect((await picture(page)).time - before.time).toBeGreaterThan(2.5)
  expect(await stalls(page)).toBe(0)
  await throttle(FAST_BITS)
  await expectHeight(360, 'higher quality', limits.up)
  expect(await stalls(page)).toBe(0)
}

/** A quality chosen by hand stays, on a connection that could do better; Auto takes the best again. */
export async function expectHandChoiceStays(page: Page): Promise<void> {
  const choose = async (name: RegExp) => {
    await page.keyboard.press('s')
    await page.getByRole('radiogroup', { name: 'Quality' }).getByRole('radio', { name }).click()
    await page.keyboard.press('Escape')
  }
  await choose(/^240p/)
  await expect.poll(() => heightOf(page), { timeout: 30_000 }).toBe(240)
  const before = await picture(page)
  await expect.poll(async () => (await picture(page)).time - before.time, { timeout: 25_000 }).toBeGreaterThan(9)
  expect(await heightOf(page)).toBe(240)
  await choose(/^Auto/)
  await expect.poll(() => heightOf(page), { timeout: 40_000 }).toBe(360)
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
