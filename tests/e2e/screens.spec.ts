import AxeBuilder from '@axe-core/playwright'
import { type APIRequestContext, type Browser, expect, type Page, test } from '@playwright/test'
import { expectMovingPicture } from './playing'
import { newDataDir, type Running, removeDataDir, startServer } from './server'
import { addSource, anna, apiFor, firstItem, pageFor } from './world'

// Every screen at phone, desk and television width: a picture to look at, nothing that scrolls sideways, and axe.
const widths = [390, 1280, 1920]
const publicScreens = ['/sign-in', '/sign-up', '/forgot', '/reset']
const screens = ['/', '/channels', '/movies', '/shows', '/search?q=light', '/sources', '/settings']

let api: APIRequestContext
let movie = 0
let series = 0
let channel = 0
let source = 0

test.beforeAll(async () => {
  api = await apiFor(anna)
  source = await addSource(api, 'normal', 'Demo TV')
  movie = (await firstItem(api, 'movie')).id
  series = (await firstItem(api, 'series')).id
  channel = (await firstItem(api, 'channel')).id
  await api.put(`/api/favourites/${channel}`)
  await api.put(`/api/favourites/${movie}`)
})

test.afterAll(async () => {
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

interface Shot {
  path: string
  name: string
  width: number
}

const resize = (page: Page, width: number) =>
  page.setViewportSize({ width, height: width === 390 ? 844 : Math.round((width * 9) / 16) })

async function open(page: Page, { path, width }: Shot): Promise<void> {
  await resize(page, width)
  await page.goto(path)
  await page.waitForLoadState('networkidle')
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  await page.waitForTimeout(600)
}

/** A picture that plays is never done with the network: it has moved, and the controls are asked for. */
async function openPlayer(page: Page, { path, width }: Shot): Promise<void> {
  await resize(page, width)
  await page.goto(path)
  await expectMovingPicture(page, 2)
  await page.mouse.move(width / 2, 200)
  await page.mouse.move(width / 2 + 20, 220)
  await expect(page.getByRole('button', { name: 'Settings' })).toBeVisible()
  await page.waitForTimeout(400)
}

async function judge(page: Page, { name, width }: Shot): Promise<void> {
  await page.screenshot({ path: `tests/output/screens/${name}-${width}.png` })
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(overflow, 'scrolls sideways').toBeLessThanOrEqual(0)
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(' | ')}`)).toEqual([])
}

async function inspect(page: Page, shot: Shot, look = open): Promise<void> {
  await look(page, shot)
  await judge(page, shot)
  await page.context().close()
}

const stranger = async (browser: Browser, baseURL?: string) =>
  (await browser.newContext(baseURL === undefined ? {} : { baseURL })).newPage()
const nameOf = (path: string) => path.slice(1).replace(/[^a-z]+/g, '-') || 'home'

for (const width of widths) {
  for (const path of publicScreens)
    test(`${path} at ${width}`, async ({ browser }) => inspect(await stranger(browser), { path, name: nameOf(path), width }))
  for (const path of screens)
    test(`${path} at ${width}`, async ({ browser }) => inspect(await pageFor(browser, anna), { path, name: nameOf(path), width }))
  for (const kind of ['channel', 'movie', 'series'] as const)
    test(`a ${kind} at ${width}`, async ({ browser }) => {
      const path = `/title/${{ channel, movie, series }[kind]}`
      await inspect(await pageFor(browser, anna), { path, name: `title-${kind}`, width })
    })
  for (const kind of ['channel', 'movie'] as const)
    test(`the player with a ${kind} at ${width}`, async ({ browser }) => {
      const path = `/watch/${{ channel, movie }[kind]}`
      await inspect(await pageFor(browser, anna), { path, name: `watch-${kind}`, width }, openPlayer)
    })
}

test.describe('on an empty server', () => {
  let empty: Running
  const dataDir = newDataDir()

  test.beforeAll(async () => {
    empty = await startServer({ port: 4180, dataDir, env: { LOG_LEVEL: 'warn' } })
  })

  test.afterAll(async () => {
    await empty?.end('SIGTERM')
    removeDataDir(dataDir)
  })

  for (const width of widths)
    test(`/setup at ${width}`, async ({ browser }) =>
      inspect(await stranger(browser, empty.address), { path: '/setup', name: 'setup', width }))
})
