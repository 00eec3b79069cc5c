import AxeBuilder from '@axe-core/playwright'
import { type APIRequestContext, type Browser, expect, type Page, test } from '@playwright/test'
import { addDevice, channelOf, type Device, playLive, type Stream } from './lines'
import { expectMovingPicture } from './playing'
import { newDataDir, type Running, removeDataDir, startServer } from './server'
import { addSource, admin, anna, apiFor, bert, firstItem, ownPort, pageFor } from './world'

// Every screen at phone, desk and television width: a picture to look at, nothing that scrolls sideways, and axe.
test.describe.configure({ mode: 'parallel' })

const widths = [390, 1280, 1920]
const publicScreens = ['/sign-in', '/sign-up', '/forgot', '/reset']
const screens = [
  '/',
  '/channels',
  '/guide',
  '/reminders',
  '/movies',
  '/shows',
  '/search?q=light',
  '/sources',
  '/devices',
  '/settings',
]

let api: APIRequestContext
let movie = 0
let series = 0
let channel = 0
let source = 0
let device: Device

test.beforeAll(async () => {
  api = await apiFor(anna)
  source = await addSource(api, 'normal', 'Demo TV')
  movie = (await firstItem(api, 'movie')).id
  series = (await firstItem(api, 'series')).id
  channel = (await firstItem(api, 'channel')).id
  device = await addDevice(api, { name: 'Living room television', maxConnections: 3 })
  await api.put(`/api/favourites/${channel}`)
  await api.put(`/api/favourites/${movie}`)
})

test.afterAll(async () => {
  await api.delete(`/api/lines/${device.id}`)
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
  await settle(page)
}

async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  // What moves once has arrived; what turns for ever does not count.
  await page.waitForFunction(() =>
    document.getAnimations().every(each => each.playState !== 'running' || each.effect?.getComputedTiming().endTime === Infinity),
  )
  await page.waitForTimeout(150)
}

/** A picture that plays is never done with the network: it has moved, and the controls are asked for. */
async function openPlayer(page: Page, { path, width }: Shot): Promise<void> {
  await resize(page, width)
  await page.goto(path)
  await expectMovingPicture(page, 2)
  await showControls(page)
}

async function showControls(page: Page): Promise<void> {
  const { width } = page.viewportSize() ?? { width: 0 }
  await page.mouse.move(width / 2, 200)
  await page.mouse.move(width / 2 + 20, 220)
  await expect(page.getByRole('button', { name: 'Settings' })).toBeVisible()
  await page.waitForTimeout(400)
}

/** How a screen is come to, when it has settled after another width, and whether it is to be seen as a whole too. */
interface Way {
  open: (page: Page, shot: Shot) => Promise<void>
  settle: (page: Page) => Promise<void>
  whole?: true
}
const plain: Way = { open, settle }
const player: Way = { open: openPlayer, settle: showControls }

async function judge(page: Page, { name, width }: Shot): Promise<void> {
  await page.screenshot({ path: `tests/output/screens/${name}-${width}.png` })
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(overflow, 'scrolls sideways').toBeLessThanOrEqual(0)
  // A television shows what a desk shows, only larger.
  if (width === 1920) return
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(' | ')}`)).toEqual([])
}

/** The whole of a long page in one picture, beside the part that is seen first. */
const shootWhole = (page: Page, { name, width }: Shot) =>
  page.screenshot({ path: `tests/output/screens/${name}-whole-${width}.png`, fullPage: true })

/** One page at every width: loaded as a phone loads it, then drawn out, as somebody turns a tablet or pulls a window. */
async function inspectWidths(page: Page, { path, name }: Omit<Shot, 'width'>, way = plain): Promise<void> {
  for (const [at, width] of widths.entries()) {
    const shot = { path, name, width }
    if (at === 0) await way.open(page, shot)
    else {
      await resize(page, width)
      await way.settle(page)
    }
    if (way.whole) await shootWhole(page, shot)
    await judge(page, shot)
  }
  await page.context().close()
}

const stranger = async (browser: Browser, baseURL?: string) =>
  (await browser.newContext(baseURL === undefined ? {} : { baseURL })).newPage()
const nameOf = (path: string) => path.slice(1).replace(/[^a-z]+/g, '-') || 'home'

for (const path of publicScreens)
  test(`${path} at every width`, async ({ browser }) => inspectWidths(await stranger(browser), { path, name: nameOf(path) }))
for (const path of screens)
  test(`${path} at every width`, async ({ browser }) => inspectWidths(await pageFor(browser, anna), { path, name: nameOf(path) }))
for (const path of ['/admin/people', '/admin/guide'])
  test(`${path} at every width`, async ({ browser }) =>
    inspectWidths(await pageFor(browser, admin), { path, name: nameOf(path) }))
for (const kind of ['channel', 'movie', 'series'] as const)
  test(`a ${kind} at every width`, async ({ browser }) => {
    const path = `/title/${{ channel, movie, series }[kind]}`
    await inspectWidths(await pageFor(browser, anna), { path, name: `title-${kind}` })
  })

for (const kind of ['channel', 'movie'] as const)
  test(`the player with a ${kind} at every width`, async ({ browser }) => {
    const path = `/watch/${{ channel, movie }[kind]}`
    await inspectWidths(await pageFor(browser, anna), { path, name: `watch-${kind}` }, player)
  })

/** The login of a new device, with the form that made it behind. */
async function addOnPage(page: Page, shot: Shot): Promise<void> {
  await open(page, shot)
  await page.getByRole('button', { name: 'Add a device' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Kitchen')
  for (const width of [...widths].reverse()) {
    await resize(page, width)
    await page.waitForTimeout(400)
    await judge(page, { ...shot, name: 'devices-add', width })
  }
  await page.getByRole('button', { name: 'Add this device' }).click()
  await expect(page.getByRole('img', { name: 'QR code of the guide address' })).toBeVisible()
  await page.waitForTimeout(600)
}

test('no device yet at every width', async ({ browser }) =>
  inspectWidths(await pageFor(browser, bert), { path: '/devices', name: 'devices-empty' }))
test('a new device at every width', async ({ browser }) => {
  await inspectWidths(await pageFor(browser, anna), { path: '/devices', name: 'devices-new' }, { open: addOnPage, settle })
  const lines: { id: number; name: string }[] = await (await api.get('/api/lines')).json()
  for (const { id, name } of lines) if (name === 'Kitchen') await api.delete(`/api/lines/${id}`)
})

test.describe('while people watch', () => {
  const streams: Stream[] = []

  test.beforeAll(async () => {
    const [news, other] = [await channelOf(device, 'Meridian News HD'), channel]
    streams.push(await playLive(device, news))
    streams.push(await playLive(device, news, 'VLC/3.0.20 LibVLC/3.0.20'))
    streams.push(await playLive(device, other, 'Kodi/20.2 (X11; Linux x86_64)'))
    // What has flowed is written down every ten seconds.
    const adminApi = await apiFor(admin)
    const sent = async (): Promise<number[]> =>
      (await (await adminApi.get('/api/connections')).json()).map(({ bytes }: { bytes: number }) => bytes)
    await expect.poll(async () => Math.min(...(await sent())), { timeout: 30_000 }).toBeGreaterThan(100_000)
    await adminApi.dispose()
  })

  test.afterAll(() => {
    for (const stream of streams) stream.stop()
  })

  test('/admin/connections at every width', async ({ browser }) => {
    const look = async (page: Page, shot: Shot) => {
      await open(page, shot)
      await page.getByText('What is kept').click()
      await expect(page.getByRole('list', { name: 'Lists in memory' })).toBeVisible()
    }
    const page = await pageFor(browser, admin)
    await inspectWidths(page, { path: '/admin/connections', name: 'connections' }, { open: look, settle, whole: true })
  })
})

test.describe('on an empty server', () => {
  let empty: Running
  const dataDir = newDataDir()

  test.beforeAll(async () => {
    empty = await startServer({ port: ownPort, dataDir, env: { LOG_LEVEL: 'warn' } })
  })

  test.afterAll(async () => {
    await empty?.end('SIGTERM')
    removeDataDir(dataDir)
  })

  test('/setup at every width', async ({ browser }) =>
    inspectWidths(await stranger(browser, empty.address), { path: '/setup', name: 'setup' }))
})
