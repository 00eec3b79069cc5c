import { type APIRequestContext, expect, type Locator, type Page, test } from '@playwright/test'
import { expectMovingPicture, picture, shootAt } from './playing'
import { addSource, anna, apiFor, firstItem, pageFor } from './world'

// The line of a channel: what was on where, how late the picture is, and the keys of the system.
let api: APIRequestContext
let source = 0
let guide = 0
let page: Page
let channel: { id: number; name: string }

/** Seconds since now at which the programmes of the test begin. */
const starts = [-3_600, 30, 40] as const
const titles = ['Long running', 'Just begun', 'Newest'] as const

const moment = (seconds: number) =>
  `${new Date(Date.now() + seconds * 1_000).toISOString().replace(/[-:T]/g, '').slice(0, 14)} +0000`

function writeGuide(name: string): string {
  const programmes = starts.map(
    (start, at) =>
      `<programme start="${moment(start)}" stop="${moment(starts[at + 1] ?? 7_200)}" channel="spec.line"><title>${titles[at]}</title></programme>`,
  )
  return `<tv><channel id="spec.line"><display-name>${name}</display-name></channel>${programmes.join('')}</tv>`
}

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  api = await apiFor(anna)
  source = await addSource(api, 'normal.line', 'Line TV')
  channel = await firstItem(api, 'channel')
  page = await pageFor(browser, anna)
  const file = Buffer.from(writeGuide(channel.name)).toString('base64')
  const made = await api.post('/api/guide-sources', { data: { name: 'Line guide', file, priority: -10 } })
  expect(made.status(), await made.text()).toBe(201)
  guide = (await made.json()).id
  const now = async () => (await (await api.get(`/api/now?ids=${channel.id}`)).json())[channel.id]?.title
  await expect.poll(now, { timeout: 20_000 }).toBe(titles[0])
})

test.afterAll(async () => {
  await page.context().close()
  await api.delete(`/api/guide-sources/${guide}`)
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

const bar = () => page.getByRole('slider', { name: 'Seek' })
const marks = () => page.locator('[data-mark]')
const time = async () => (await picture(page)).time
const later = () => page.getByRole('button', { name: /Back to live/ })

const shoot = (name: string) =>
  shootAt(page, `player-${name}`, {
    isLowToo: true,
    before: async (width, height) => {
      await page.mouse.move(width / 2, height / 3)
      await bar().hover()
    },
  })

test('how late the picture is stands beside LIVE; every programme within reach has its mark and its title', async () => {
  test.setTimeout(120_000)
  await page.goto(`/watch/${channel.id}`)
  await expectMovingPicture(page, 2)
  await page.mouse.move(600, 300)
  await expect(page.getByText('LIVE', { exact: true }).locator('..')).toContainText(/LIVE\s*\d+(\.\d)? s behind/)
  await expect(marks()).toHaveCount(2, { timeout: 90_000 })
  await page.waitForTimeout(6_000)
  // The line grows below the pointer, and its controls may come and go on a busy machine: asked anew until it says so.
  const hoverAt = (place: Locator, title: string) =>
    expect(async () => {
      await page.mouse.move(600, 300)
      const box = await place.boundingBox()
      await page.mouse.move((box?.x ?? 0) + 4, (box?.y ?? 0) + (box?.height ?? 0) / 2)
      await expect(bar()).toContainText(title, { timeout: 1_000 })
    }).toPass({ timeout: 20_000 })
  await hoverAt(bar(), titles[0])
  await hoverAt(marks().nth(0), titles[1])
  await hoverAt(marks().nth(1), titles[2])
  await shoot('marks')
  // Where the marks stand is where the clock says: the newest is 10 s after the one before it.
  const { apart, width, seconds } = await bar().evaluate(line => {
    const places = [...line.querySelectorAll('[data-mark]')].map(mark => mark.getBoundingClientRect().x)
    const seconds = Number(line.getAttribute('aria-valuemax')) - Number(line.getAttribute('aria-valuemin'))
    return { apart: (places[1] ?? 0) - (places[0] ?? 0), width: line.getBoundingClientRect().width, seconds }
  })
  expect((apart / width) * seconds).toBeCloseTo(10, -0.5)
})

test('by keys the title is said, and behind live it says by how much, until one returns', async () => {
  await bar().focus()
  await page.keyboard.press('Home')
  await expect(bar()).toHaveAttribute('aria-valuetext', /behind live, (Long running|Just begun)/)
  await page.keyboard.press('Escape')
  await page.mouse.move(620, 300)
  await expect(later()).toContainText(/\d+ s behind|\d:\d\d behind/)
  await shoot('behind')
  await later().click()
  await page.mouse.move(600, 310)
  await expect(page.getByText('LIVE', { exact: true })).toBeVisible()
})

test('ten seconds on, on a channel: by Shift and the arrow, and never beyond what there is', async () => {
  const live = await time()
  await page.keyboard.press(',')
  await expect.poll(time, { intervals: [50] }).toBeLessThan(live - 20)
  const behind = await time()
  await page.keyboard.press('Shift+ArrowRight')
  await expect.poll(time, { intervals: [50] }).toBeGreaterThan(behind + 9)
  expect(await time()).toBeLessThan(behind + 14)
  await page.keyboard.press('.')
  const most = Number(await bar().getAttribute('aria-valuemax'))
  expect(await time()).toBeLessThan(most + 2)
  await page.keyboard.press('l')
})
