import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import type { PlaybackInput } from '@/lib/playback/schema'
import { expectMovingPicture, shootAt } from './playing'
import { addSource, admin, apiFor, type Person, pageFor } from './world'

// How high a picture is fetched: as the viewer wants it, and as the account includes it.
const emma: Person = { name: 'Emma Heights', email: 'emma@example.com', password: 'seven ladders for emma' }
let api: APIRequestContext
let source = 0
let channel = 0
let page: Page
/** What was asked of the server, in order. */
const asked: PlaybackInput[] = []

test.describe.configure({ mode: 'serial' })
test.beforeAll(async ({ browser }) => {
  api = await apiFor(emma)
  source = await addSource(api, 'formats', 'Heights TV')
  const listed = await (await api.get(`/api/items?kind=channel&limit=60&provider=${source}`)).json()
  channel = listed.items.find(({ name }: { name: string }) => name === 'MPEG-2 576i').id
  page = await pageFor(browser, emma)
  page.on('request', request => {
    if (request.method() === 'POST' && new URL(request.url()).pathname === '/api/playback') asked.push(request.postDataJSON())
  })
})
test.afterAll(async () => {
  await page.context().close()
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

const heightOf = () => page.evaluate(() => document.querySelector('video')?.videoHeight ?? 0)
const layer = (name: string) => page.getByRole('dialog', { name, exact: true })
const settings = (name: string) => layer('Settings').getByRole('button', { name, exact: true }).click()

async function shoot(name: string): Promise<void> {
  for (const [width, height] of [
    [390, 844],
    [1280, 720],
    [1920, 1080],
  ] as const) {
    await page.setViewportSize({ width, height })
    await page.screenshot({ path: `tests/output/screens/${name}-${width}.png` })
  }
  await page.setViewportSize({ width: 1280, height: 720 })
}

test('the data saver makes the picture smaller at once, and is remembered', async () => {
  test.setTimeout(90_000)
  await page.goto(`/watch/${channel}`)
  await expect.poll(heightOf, { timeout: 20_000 }).toBe(576)
  expect(asked.at(-1)).not.toHaveProperty('maxHeight')
  await page.keyboard.press('s')
  await settings('Data saver')
  await expect(layer('Data saver').getByRole('radio', { name: /Automatic/ })).toBeChecked()
  await layer('Data saver').getByRole('radio', { name: '480p', exact: true }).click()
  await expect(layer('Data saver').getByRole('radio', { name: '480p', exact: true })).toBeChecked()
  await shoot('data-saver')
  await expect.poll(heightOf, { timeout: 20_000 }).toBe(480)
  await page.reload()
  await expect.poll(heightOf, { timeout: 20_000 }).toBe(480)
  expect(asked.map(({ maxHeight }) => maxHeight)).toEqual([undefined, 480, 480])
  await expectMovingPicture(page, 2)
})

test('"why?" names the way it plays, every reason and the cost', async () => {
  await page.keyboard.press('s')
  await settings('Statistics')
  await expect(layer('Statistics')).toContainText('What it sends')
  await expect(layer('Statistics')).toContainText(/Looked at(just now|\d+ min ago)/)
  await expect(layer('Statistics')).toContainText(/\d+ × \d+ · 25\/s interlaced · MPEG-2 · \S/)
  const why = page.getByRole('region', { name: 'Why does it play this way?' })
  await expect(why.getByText('Picture and sound are converted.')).toBeVisible()
  for (const reason of [
    'This browser cannot show MPEG-2 video.',
    'You asked for no more than 480p.',
    'The picture comes in half frames; we make whole ones of them.',
  ])
    await expect(why.getByText(reason)).toBeVisible()
  await expect(why.getByText(/takes about 0\.\d+ of the server’s processor cores/)).toBeVisible()
  await shoot('why')
  await page.keyboard.press('Escape')
})

test('the page of a channel says what each of its sources is known to send', async ({ browser }) => {
  const other = await pageFor(browser, emma)
  await other.goto(`/title/${channel}`)
  const list = other.getByRole('region', { name: 'Sources' })
  await expect(list).toContainText(/\d+ × \d+ · 25\/s interlaced · MPEG-2 · \S/)
  await expect(list).toContainText(/ · looked at (just now|\d+ min ago)/)
  await expect(list).not.toContainText(/https?:|:\d{4}/)
  await shootAt(other, 'holdings', { before: () => list.scrollIntoViewIfNeeded() })
  await other.context().close()
})

test('the device tells of its decoders, and is believed on the next page', async () => {
  const { capabilities } = asked.at(-1) as PlaybackInput
  const h264 = capabilities.decoders?.find(({ codec }) => codec === 'h264')
  expect(h264?.height).toBeGreaterThanOrEqual(480)
  // This Chromium has no HEVC, so that nothing of it is told.
  expect(capabilities.decoders?.some(({ codec }) => codec === 'hevc')).toBe(false)
  expect(capabilities.keySystems).toBeNull()
})

test('an administrator says how high a picture an account includes, whatever its viewer asks for', async ({ browser }) => {
  test.setTimeout(90_000)
  const people = await pageFor(browser, admin)
  const choose = async (label: string) => {
    await people.getByRole('button', { name: `Change ${emma.name}` }).click()
    await people.getByLabel('Highest picture').selectOption({ label })
    await people.screenshot({ path: 'tests/output/screens/person-height.png' })
    await people.getByRole('button', { name: 'Save' }).click()
    await expect(people.getByRole('dialog')).toHaveCount(0)
  }
  await people.goto('/admin/people')
  await choose('480p (SD)')
  const row = people.getByRole('listitem').filter({ hasText: emma.email })
  await expect(row.getByText('Up to 480p')).toBeVisible()
  await page.keyboard.press('s')
  await settings('Data saver')
  await layer('Data saver').getByRole('radio', { name: /^Off/ }).click()
  await expect.poll(() => asked.length).toBe(4)
  await expect.poll(heightOf, { timeout: 20_000 }).toBe(480)
  await page.keyboard.press('Escape')
  await page.keyboard.press('s')
  await settings('Statistics')
  await expect(page.getByText('Your account includes pictures up to 480p.')).toBeVisible()
  await choose('Any')
  await expect(row.getByText('Up to 480p')).toHaveCount(0)
  await people.context().close()
})
