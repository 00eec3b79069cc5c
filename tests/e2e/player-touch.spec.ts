import { type APIRequestContext, type BrowserContext, type CDPSession, expect, type Page, test } from '@playwright/test'
import { expectMovingPicture, picture } from './playing'
import { addSource, anna, apiFor, firstItem, pageFor } from './world'

// Fingers on a phone: what Chromium makes of real touches.
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const
let api: APIRequestContext
let source = 0
let context: BrowserContext
let page: Page
let fingers: CDPSession

interface Point {
  x: number
  y: number
}

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  api = await apiFor(anna)
  source = await addSource(api, 'normal.touch', 'Touch TV')
  const signedIn = (await pageFor(browser, anna)).context()
  context = await browser.newContext({ ...phone, storageState: await signedIn.storageState() })
  await signedIn.close()
  page = await context.newPage()
  fingers = await context.newCDPSession(page)
})

test.afterAll(async () => {
  await context.close()
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: (Point & { id?: number })[]) =>
  fingers.send('Input.dispatchTouchEvent', { type, touchPoints })

async function tap(point: Point): Promise<void> {
  await touch('touchStart', [point])
  await touch('touchEnd', [])
}

async function swipe(from: Point, to: Point): Promise<void> {
  await touch('touchStart', [from])
  for (let step = 1; step <= 6; step += 1)
    await touch('touchMove', [{ x: from.x + ((to.x - from.x) * step) / 6, y: from.y + ((to.y - from.y) * step) / 6 }])
  await touch('touchEnd', [])
}

const time = async () => (await picture(page)).time
const volume = () => page.evaluate(() => document.querySelector('video')?.volume ?? 0)
const idNow = () => Number(/\/watch\/(\d+)/.exec(page.url())?.[1])

test('two taps skip ten seconds, three twenty; one tap shows the controls, whose buttons skip too', async () => {
  const movie = await firstItem(api, 'movie')
  await page.goto(`/watch/${movie.id}`)
  await expectMovingPicture(page, 2)
  await page.evaluate(() => {
    const video = document.querySelector('video') as HTMLVideoElement
    video.pause()
    video.currentTime = 5
  })
  await page.waitForTimeout(4_000)
  const [left, right] = [
    { x: 50, y: 300 },
    { x: 340, y: 300 },
  ]
  const moves = async (by: number, deed: () => Promise<void>) => {
    const before = await time()
    await deed()
    await expect.poll(async () => Math.abs((await time()) - before - by)).toBeLessThan(1)
    await page.waitForTimeout(400)
  }
  await moves(10, async () => {
    await tap(right)
    await tap(right)
  })
  await moves(20, async () => {
    for (let n = 0; n < 3; n += 1) await tap(right)
  })
  await moves(-10, async () => {
    await tap(left)
    await tap(left)
  })
  const button = (name: string) => page.locator('[data-player-controls]').getByRole('button', { name }).first()
  if (!(await button('30 seconds on').isVisible())) await tap({ x: 195, y: 120 })
  await moves(30, () => button('30 seconds on').tap())
  if (process.env.SHOTS) await page.screenshot({ path: 'tests/output/screens/player-touch-390.png' })
})

test('a swipe along the right half is the volume, one along the left edge the channel; two fingers fill the screen', async () => {
  const channel = await firstItem(api, 'channel')
  await page.goto(`/watch/${channel.id}`)
  await expectMovingPicture(page, 2)
  const loud = await volume()
  await swipe({ x: 320, y: 300 }, { x: 320, y: 500 })
  expect(await volume()).toBeLessThan(loud - 0.2)
  const quiet = await volume()
  await swipe({ x: 320, y: 500 }, { x: 320, y: 380 })
  expect(await volume()).toBeGreaterThan(quiet + 0.1)
  expect(idNow()).toBe(channel.id)
  await swipe({ x: 30, y: 500 }, { x: 30, y: 300 })
  await expect.poll(idNow).not.toBe(channel.id)
  await expectMovingPicture(page, 2)
  await swipe({ x: 30, y: 300 }, { x: 30, y: 500 })
  await expect.poll(idNow).toBe(channel.id)
  const fit = () => page.locator('[data-player-frame]').getAttribute('data-fit')
  const spread = async (from: number, to: number) => {
    const pair = (half: number) => [
      { x: 195 - half, y: 400, id: 0 },
      { x: 195 + half, y: 400, id: 1 },
    ]
    await touch('touchStart', pair(from))
    for (let step = 1; step <= 5; step += 1) await touch('touchMove', pair(from + ((to - from) * step) / 5))
    await touch('touchEnd', [])
  }
  await spread(40, 140)
  await expect.poll(fit).toBe('fill')
  await spread(140, 40)
  await expect.poll(fit).toBe('whole')
})

test('a finger that rests on a channel of the list is for more of it; one that scrolls or taps is not', async () => {
  const before = idNow()
  const sheet = (name: string) => page.getByRole('dialog', { name, exact: true })
  await tap({ x: 195, y: 300 })
  await expect(
    page
      .getByText('LIVE', { exact: true })
      .locator('..')
      .getByText(/^\d+(\.\d)? s/),
  ).toBeVisible()
  await page.getByRole('button', { name: 'Channels' }).tap()
  const rows = sheet('Channels').locator('[data-channel-options]')
  await expect(rows.nth(1)).toBeVisible()
  const middle = async () => {
    const box = await rows.nth(1).boundingBox()
    return { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 }
  }
  const from = await middle()
  await swipe(from, { x: from.x, y: from.y - 60 })
  await page.waitForTimeout(700)
  await expect(rows.nth(1)).toBeVisible()
  const beside = Number(await rows.nth(1).getAttribute('data-channel-options'))
  const { name } = await (await api.get(`/api/items/${beside}`)).json()
  await touch('touchStart', [await middle()])
  await expect(sheet(name).getByRole('button', { name: 'Add to favourites' })).toBeVisible()
  await page.screenshot({ path: 'tests/output/screens/player-touch-options.png' })
  await touch('touchEnd', [])
  await expect(sheet(name)).toBeVisible()
  expect(idNow()).toBe(before)
})
