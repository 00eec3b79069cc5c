import { type APIRequestContext, expect, type Locator, type Page, test } from '@playwright/test'
import { expectMovingPicture, picture, shootAt } from './playing'
import { addSource, anna, apiFor, pageFor } from './world'

// What hands do with a film: the line, speed, what comes next, the keys of the system, the browser's own small window.
interface Listed {
  id: number
  name: string
}

let api: APIRequestContext
let source = 0
let movies: Listed[] = []
let page: Page

test.describe.configure({ mode: 'serial' })

/** Keeps what the page tells the system, so that the test can press the system's keys. */
function listenToSystem(): void {
  const deeds = new Map<string, (details: object) => void>()
  Object.assign(window, { deeds })
  const own = navigator.mediaSession.setActionHandler.bind(navigator.mediaSession)
  navigator.mediaSession.setActionHandler = (name: MediaSessionAction, deed) => {
    own(name, deed)
    if (deed) deeds.set(name, details => deed({ action: name, ...details }))
    else deeds.delete(name)
  }
}

test.beforeAll(async ({ browser }) => {
  api = await apiFor(anna)
  source = await addSource(api, 'normal.films', 'Films TV')
  movies = (await (await api.get(`/api/items?kind=movie&limit=30&provider=${source}`)).json()).items
  page = await pageFor(browser, anna)
  await page.addInitScript(listenToSystem)
  await page.goto(`/watch/${movies[0]?.id}`)
  await expectMovingPicture(page, 2)
})

test.afterAll(async () => {
  await page.context().close()
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

const time = async () => (await picture(page)).time
const length = () => page.evaluate(() => document.querySelector('video')?.duration ?? 0)
const bar = () => page.getByRole('slider', { name: 'Seek' })
const pressSystem = (name: string, details: object = {}) =>
  page.evaluate(
    ([action, more]) => {
      const { deeds } = window as unknown as { deeds: Map<string, (details: object) => void> }
      const deed = deeds.get(action)
      if (!deed) throw new Error(`nothing for ${action}`)
      deed(more)
    },
    [name, details] as const,
  )
const speed = () => page.evaluate(() => document.querySelector('video')?.playbackRate)

const shoot = (name: string, onto?: Locator) =>
  shootAt(page, `player-${name}`, {
    before: async (width, height) => {
      await page.mouse.move(width / 2, height / 2)
      await onto?.hover()
    },
  })

/** Stands still, so that a place can be compared. */
async function pause(): Promise<void> {
  await page.evaluate(() => document.querySelector('video')?.pause())
}

test('a press on the line lands within a second of it, and a small picture tells where that would be', async () => {
  await pause()
  await page.mouse.move(600, 300)
  const box = await bar().boundingBox()
  if (!box) throw new Error('the line is not there')
  const at = (part: number) => [box.x + box.width * part, box.y + box.height / 2] as const
  const duration = await length()
  await page.mouse.move(...at(0.5))
  const small = bar().locator('img')
  await expect(small).toHaveAttribute('src', /thumb-\d+\.jpg/)
  await expect
    .poll(() => small.evaluate(image => (image as HTMLImageElement).naturalWidth), { timeout: 20_000 })
    .toBeGreaterThan(50)
  await shoot('thumbnail', bar())
  for (const part of [0.7, 0.25, 0.5]) {
    await page.mouse.move(...at(part))
    await page.mouse.down()
    await page.mouse.up()
    await expect.poll(async () => Math.abs((await time()) - duration * part)).toBeLessThan(1)
  }
  await page.mouse.move(...at(0.5))
  await page.mouse.down()
  await page.mouse.move(...at(0.6), { steps: 4 })
  await page.mouse.move(...at(0.8), { steps: 4 })
  await page.mouse.up()
  await expect.poll(async () => Math.abs((await time()) - duration * 0.8)).toBeLessThan(1)
})

test('the line by keys: tens, minutes, both ends, reached with arrows and said in words', async () => {
  await bar().focus()
  await page.keyboard.press('Home')
  await expect.poll(time).toBeLessThan(0.5)
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect.poll(async () => Math.abs((await time()) - 20)).toBeLessThan(1)
  await page.keyboard.press('ArrowLeft')
  await expect.poll(async () => Math.abs((await time()) - 10)).toBeLessThan(1)
  await expect(bar()).toHaveAttribute('aria-valuetext', /10 seconds of 1 minute/)
  await page.keyboard.press('ArrowDown')
  await expect(bar()).not.toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(bar()).toBeFocused()
  await page.keyboard.press('Escape')
})

test('ten and thirty seconds, back and on, each by its key and by its button', async () => {
  const settle = async (change: number, deed: () => Promise<void>) => {
    const before = await time()
    await deed()
    await expect.poll(async () => Math.abs((await time()) - before - change)).toBeLessThan(1)
  }
  await settle(30, () => page.keyboard.press('.'))
  await settle(-10, () => page.keyboard.press('j'))
  await settle(10, () => page.keyboard.press('Shift+ArrowRight'))
  await settle(-30, () => page.keyboard.press(','))
  await page.mouse.move(610, 310)
  for (const [name, change] of [
    ['30 seconds on', 30],
    ['10 seconds back', -10],
    ['10 seconds on', 10],
    ['30 seconds back', -30],
  ] as const)
    await settle(change, () => page.getByRole('button', { name, exact: true }).click())
  await shoot('skips')
})

test('speed by hand and by key is the speed of the picture', async () => {
  await page.keyboard.press('s')
  await page.getByRole('radiogroup', { name: 'Speed' }).getByRole('radio', { name: '1.5×' }).click()
  expect(await speed()).toBe(1.5)
  await page.keyboard.press('Escape')
  await page.keyboard.press('>')
  expect(await speed()).toBe(1.75)
  await page.keyboard.press('<')
  await page.keyboard.press('<')
  await page.keyboard.press('<')
  expect(await speed()).toBe(1)
})

test('the system is told what plays, and its keys play, pause and seek', async () => {
  const told = () => page.evaluate(() => navigator.mediaSession.metadata?.title)
  expect(await told()).toBe(movies[0]?.name)
  const isPaused = () => page.evaluate(() => document.querySelector('video')?.paused)
  await pressSystem('play')
  await expect.poll(isPaused).toBe(false)
  await pressSystem('pause')
  await expect.poll(isPaused).toBe(true)
  await pressSystem('seekto', { seekTime: 12 })
  await expect.poll(async () => Math.abs((await time()) - 12)).toBeLessThan(1)
  await pressSystem('seekforward', { seekOffset: 15 })
  await expect.poll(async () => Math.abs((await time()) - 27)).toBeLessThan(1)
  await pressSystem('seekbackward')
  await expect.poll(async () => Math.abs((await time()) - 17)).toBeLessThan(1)
})

test('where there is no window of our own, the browser’s small window has the picture, and gives it back', async ({
  browser,
}) => {
  const other = await pageFor(browser, anna)
  await other.addInitScript(() => Reflect.deleteProperty(window, 'documentPictureInPicture'))
  await other.goto(`/watch/${movies[1]?.id}`)
  await expectMovingPicture(other, 2)
  await other.mouse.move(600, 300)
  const isSmall = () => other.evaluate(() => document.pictureInPictureElement?.tagName ?? '')
  const button = other.getByRole('button', { name: 'Picture in picture' })
  await button.click()
  await expect.poll(isSmall).toBe('VIDEO')
  await expect(button).toHaveAttribute('aria-pressed', 'true')
  await expectMovingPicture(other, 2)
  await other.keyboard.press('p')
  await expect.poll(isSmall).toBe('')
  await other.context().close()
})

test('after an episode the next one is counted down to and begins; sent away, it stays', async () => {
  const { items } = await (await api.get(`/api/items?kind=series&limit=5&provider=${source}`)).json()
  const series = await (await api.get(`/api/items/${items[0].id}`)).json()
  const [first, second] = series.seasons[0].episodes
  await page.goto(`/watch/${first.id}`)
  await expectMovingPicture(page, 2)
  const card = page.getByRole('region', { name: 'What comes next' })
  const end = () =>
    page.evaluate(() => {
      const video = document.querySelector('video') as HTMLVideoElement
      video.currentTime = video.duration - 2
    })
  await end()
  await expect(card).toContainText(second.name, { timeout: 20_000 })
  await expect(card).toContainText(/in \d s/)
  await shoot('next-episode')
  await card.getByRole('button', { name: 'Stay here' }).click()
  await expect(card).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Watch again' })).toBeVisible()
  await page.getByRole('button', { name: 'Watch again' }).click()
  await expectMovingPicture(page, 2)
  await page.goto(`/watch/${first.id}`)
  await expectMovingPicture(page, 2)
  await end()
  await expect(card).toContainText(/in [78] s/, { timeout: 20_000 })
  await expect(page).toHaveURL(`/watch/${second.id}`, { timeout: 15_000 })
  await expectMovingPicture(page, 2)
})

test('on a channel the system’s keys for tracks change the channel, and it is told which one plays', async () => {
  const { items } = await (await api.get(`/api/items?kind=channel&limit=3&provider=${source}`)).json()
  const [first, second] = items as Listed[]
  await page.goto(`/watch/${first?.id}`)
  await expectMovingPicture(page, 2)
  const told = () => page.evaluate(() => navigator.mediaSession.metadata?.title)
  await expect.poll(told).toBe(first?.name)
  await pressSystem('nexttrack')
  await expect(page).toHaveURL(`/watch/${second?.id}`)
  await expect.poll(told).toBe(second?.name)
  await pressSystem('previoustrack')
  await expect(page).toHaveURL(`/watch/${first?.id}`)
})
