import { type APIRequestContext, type Browser, expect, type Locator, type Page, test } from '@playwright/test'
import { expectMovingPicture, picture } from './playing'
import { addSource, anna, apiFor, pageFor, waitForGuide } from './world'

// Ways through the guide: which channels, which time, and from a cell to the picture.

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const EARLY = 'Fifteen days ago'
const LATE = 'In thirteen days'

type Cell = [start: number, stop: number, title: string, genre: number, flags: number]
interface Channel {
  id: number
  name: string
  archiveDays: number
  cells: Cell[]
}

let api: APIRequestContext
const sources: number[] = []
let guide = 0

test.beforeAll(async () => {
  api = await apiFor(anna)
  sources.push(await addSource(api, 'normal.ways', 'Ways TV'))
  await waitForGuide(api)
})

test.afterAll(async () => {
  if (guide) await api.delete(`/api/guide-sources/${guide}`)
  for (const id of sources) await api.delete(`/api/providers/${id}`)
  await api.dispose()
})

const listIds = async (query = ''): Promise<number[]> => (await (await api.get(`/api/guide/channels${query}`)).json()).ids

async function readWindow(ids: readonly number[], from: number, hours: number): Promise<Channel[]> {
  const answer = await api.get(`/api/guide?ids=${ids.slice(0, 30)}&from=${Math.floor(from / 1_000)}&hours=${hours}`)
  return (await answer.json()).channels
}

async function open(browser: Browser, [width, height] = [1280, 800]): Promise<Page> {
  const page = await pageFor(browser, anna)
  await page.setViewportSize({ width: width ?? 1280, height: height ?? 800 })
  await page.goto('/guide')
  return page
}

const programmes = (page: Page) => page.locator('[role="gridcell"][data-kind="programme"]')
const rowsOf = (page: Page) => page.locator('[data-row]')
const grid = (page: Page) => page.getByRole('grid', { name: 'Guide' })

async function choose(page: Page, menu: RegExp, item: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: menu }).click()
  await page.getByRole('menuitemradio', { name: item }).click()
}

/** The channels of the first rows, from the top. */
const firstRows = (page: Page, count: number) =>
  page.evaluate(most => {
    const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')]
    const inOrder = rows.sort((a, b) => Number(a.dataset.row) - Number(b.dataset.row))
    return inOrder.slice(0, most).map(row => Number(row.dataset.channel))
  }, count)

test('a group, favourites and this evening: the rows and hours that were asked for, also after a reload', async ({ browser }) => {
  const all = await listIds()
  const favourite = all[20] ?? 0
  await api.put(`/api/favourites/${favourite}`)
  const page = await open(browser)
  await expect(programmes(page).first()).toBeVisible()
  await expect.poll(() => firstRows(page, 3)).toEqual([favourite, all[0], all[1]])

  const categories: { id: number; name: string; count: number }[] = await (await api.get('/api/categories?kind=channel')).json()
  const group = categories.find(({ count }) => count > 2 && count < 20) ?? categories[0]
  const own = await listIds(`?category=${group?.id}&favourites=first`)
  await choose(page, /^Category/, new RegExp(`^${group?.name}`))
  await expect(grid(page)).toHaveAttribute('aria-rowcount', String(own.length))
  await expect.poll(() => firstRows(page, own.length)).toEqual(own)
  await page.reload()
  await expect(grid(page)).toHaveAttribute('aria-rowcount', String(own.length))
  await choose(page, /^Category/, 'Favourites')
  await expect.poll(() => firstRows(page, 9)).toEqual([favourite])
  await choose(page, /^Category/, 'All channels')

  const chip = page.getByRole('button', { name: 'Favourites first' })
  await chip.click()
  await expect.poll(() => firstRows(page, 2)).toEqual([all[0], all[1]])
  await page.reload()
  await expect.poll(() => firstRows(page, 2)).toEqual([all[0], all[1]])
  await chip.click()
  await expect.poll(() => firstRows(page, 2)).toEqual([favourite, all[0]])

  await page.getByRole('button', { name: 'Prime time' }).click()
  const evening = await page.evaluate(() => new Date().setHours(20, 0, 0, 0))
  const active = page.locator('[data-active]')
  const covers = async (at: number) => {
    const [start, stop] = [await active.getAttribute('data-start'), await active.getAttribute('data-stop')]
    return Number(start) <= at && at < Number(stop)
  }
  await expect.poll(() => covers(evening)).toBe(true)
  await expect(active).toBeInViewport()
  // The same by keys, on the day one is at.
  await active.focus()
  await page.keyboard.press('Control+ArrowRight')
  await page.keyboard.press('p')
  await expect.poll(() => covers(evening + DAY)).toBe(true)
  await api.delete(`/api/favourites/${favourite}`)
  await page.context().close()
})

/** A channel with an archive of three weeks, and a guide that tells of whole days at both ends of what is kept. */
async function addDeepChannel(today: number): Promise<void> {
  const entry = '#EXTINF:-1 tvg-id="deep" catchup="default" catchup-days="20" group-title="Deep",Deep Archive'
  const playlistText = `#EXTM3U\n${entry}\nhttp://127.0.0.1:9/deep.ts\n`
  const provider = await (await api.post('/api/providers', { data: { kind: 'm3u', name: 'Deep TV', playlistText } })).json()
  sources.push(provider.id)
  const stamp = (at: number) => `${new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)} +0000`
  const programmeOf = (start: number, title: string) =>
    `<programme start="${stamp(start)}" stop="${stamp(start + 2 * HOUR)}" channel="deep"><title>${title}</title></programme>`
  // Another day is shown from about the time of day at which one is, so every hour of it has something.
  const at = (days: number, title: string) =>
    Array.from({ length: 12 }, (_, n) => programmeOf(today + days * DAY + n * 2 * HOUR, title)).join('')
  const text = `<tv><channel id="deep"><display-name>Deep Archive</display-name></channel>${at(-15, EARLY)}${at(0, 'Now')}${at(13, LATE)}</tv>`
  await expect.poll(async () => (await listIds(`?provider=${provider.id}`)).length, { timeout: 60_000 }).toBe(1)
  const file = Buffer.from(text).toString('base64')
  const made = await api.post('/api/guide-sources', { data: { name: 'Deep guide', file } })
  expect(made.status(), await made.text()).toBe(201)
  guide = (await made.json()).id
  const ids = await listIds(`?provider=${provider.id}`)
  const known = async () => (await readWindow(ids, today - 15 * DAY, 4))[0]?.cells.length ?? 0
  await expect.poll(known, { timeout: 60_000 }).toBe(2)
}

const sayDay = (page: Page, at: number) =>
  page.evaluate(day => new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' }).format(day), at)

async function expectDialog(page: Page, cell: Locator, title: string): Promise<Locator> {
  await cell.click()
  const panel = page.getByRole('dialog', { name: title })
  await expect(panel).toBeVisible()
  return panel
}

test('to a date: as far back as the archive reaches and a fortnight ahead, in the grid, by keys and on a phone', async ({
  browser,
}) => {
  const today = new Date().setHours(0, 0, 0, 0)
  await addDeepChannel(today)
  const page = await open(browser)
  await page.getByLabel('Find a channel').fill('Deep Archive')
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '1')
  const [early, late] = [await sayDay(page, today - 15 * DAY + DAY / 2), await sayDay(page, today + 13 * DAY + DAY / 2)]
  await page.getByRole('button', { name: /^Day:/ }).click()
  // Twenty back, today, fourteen ahead.
  await expect(page.getByRole('menuitemradio')).toHaveCount(35)
  await page.getByRole('menuitemradio', { name: late }).click()
  const panelOfLate = await expectDialog(page, page.locator(`[data-active][data-title="${LATE}"]`), LATE)
  await expect(panelOfLate.getByRole('button', { name: 'Remind me' })).toBeVisible()
  await page.keyboard.press('Escape')
  await choose(page, /^Day:/, early)
  await expect(page.getByRole('button', { name: `Day: ${early}` })).toBeVisible()
  const past = page.locator(`[data-active][data-title="${EARLY}"]`)
  const panel = await expectDialog(page, past, EARLY)
  await expect(panel.getByRole('link', { name: 'Watch', exact: true })).toHaveAttribute('href', /\?from=/)
  await page.keyboard.press('Escape')

  // A day at a time to where the archive ends, and not beyond.
  for (let day = 0; day < 7; day += 1) await page.keyboard.press('Control+ArrowLeft')
  await expect(page.getByRole('button', { name: 'A day earlier' })).toBeDisabled()
  await page.context().close()

  const phone = await open(browser, [390, 844])
  await phone.getByLabel('Find a channel').fill('Deep Archive')
  await phone.getByRole('button', { name: /Deep Archive/ }).click()
  const sheet = phone.getByRole('dialog', { name: 'Deep Archive' })
  for (const [day, title] of [
    [early, EARLY],
    [late, LATE],
  ] as const) {
    await sheet.getByRole('button', { name: day, exact: true }).click()
    await expect(sheet.getByText(title).first()).toBeVisible()
  }
  await phone.context().close()
})

test('from a running programme’s details to its start, and the picture goes on in the corner of the guide', async ({
  browser,
}) => {
  const isRunning = ([start, stop]: Cell) => start * 1_000 < Date.now() - 5 * MINUTE && stop * 1_000 > Date.now() + 2 * MINUTE
  const readRunning = async () =>
    (await readWindow(await listIds(), Date.now(), 1)).find(({ archiveDays, cells }) => archiveDays > 0 && cells.some(isRunning))
  // Right after midnight all programmes of the provider have just begun.
  test.setTimeout(8 * MINUTE)
  await expect.poll(readRunning, { timeout: 6 * MINUTE }).toBeDefined()
  const channel = await readRunning()
  const [start, , title] = channel?.cells.find(isRunning) ?? [0, 0, '']
  const page = await open(browser)
  await page.getByLabel('Find a channel').fill(channel?.name.split(' ').slice(-2).join(' ') ?? '')
  const cell = page.locator(`[data-channel="${channel?.id}"] [data-start="${start * 1_000}"]`)
  const panel = await expectDialog(page, cell, title)
  await panel.getByRole('link', { name: 'Watch from the start' }).click()
  await expect(page).toHaveURL(new RegExp(`/watch/${channel?.id}\\?from=`))
  await expectMovingPicture(page, 4)
  expect((await picture(page)).time).toBeLessThan(40)

  await page.evaluate(() => document.querySelector('video')?.setAttribute('data-mark', 'kept'))
  await page.keyboard.press('Escape')
  const corner = page.getByRole('complementary', { name: 'Playing now' })
  await expect(corner).toBeVisible()
  if (!new URL(page.url()).pathname.startsWith('/guide')) await page.getByRole('link', { name: 'Guide' }).first().click()
  await expect(page).toHaveURL(/\/guide/)
  await expect(programmes(page).first()).toBeVisible()
  await page.locator('[data-active]').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await expect(rowsOf(page).first()).toBeVisible()
  await expectMovingPicture(page, 6)
  await expect(corner).toBeVisible()
  expect(await page.locator('video[data-mark="kept"]').count()).toBe(1)
  await corner.getByRole('button', { name: 'End' }).click()
  await expect(page.locator('video')).toHaveCount(0)
  await page.context().close()
})

test('hours that are still on their way are entered from the side one comes from, and no programme is passed over', async ({
  browser,
}) => {
  const page = await open(browser)
  const active = page.locator('[data-active]')
  await expect(programmes(page).first()).toBeVisible()
  await active.focus()
  const earliest = Math.min(
    ...(await programmes(page).evaluateAll(all => all.map(one => Number((one as HTMLElement).dataset.start)))),
  )
  let release = () => {}
  const released = new Promise<void>(done => {
    release = done
  })
  await page.route(/\/api\/guide\?/, async route => {
    const from = Number(new URL(route.request().url()).searchParams.get('from'))
    if (from * 1_000 < earliest) await released
    await route.continue()
  })
  const often = { intervals: [100], timeout: 30_000 }
  // So far back that the hours on their way stand beside those that are here.
  const pending = page.locator('[data-kind="pending"]')
  await expect
    .poll(async () => {
      if ((await pending.count()) > 0) return true
      await page.locator('[data-guide-box]').evaluate(box => box.scrollBy({ left: -60 }))
      return false
    }, often)
    .toBe(true)
  let before = 0
  await expect
    .poll(async () => {
      const kind = await active.getAttribute('data-kind')
      if (kind === 'pending') return true
      before = Number(await active.getAttribute('data-start'))
      await page.keyboard.press('ArrowLeft')
      return false
    }, often)
    .toBe(true)
  release()
  await expect(active).toHaveAttribute('data-kind', 'programme')
  expect(Number(await active.getAttribute('data-stop'))).toBe(before)
  await expect(active).toBeFocused()
  await page.context().close()
})

test('a source without a guide: what is on comes by itself, with what is known of it and no more', async ({ browser }) => {
  const id = await addSource(api, 'guide-empty.ways', 'Short TV')
  sources.push(id)
  const page = await pageFor(browser, anna)
  await page.goto(`/guide?source=${id}`)
  // The hours come one after the other: what is on may be told after what follows.
  const short = page.locator('[role="gridcell"][data-short]')
  const findNow = () =>
    short.evaluateAll((cells, now) => {
      const isOn = ({ start, stop }: DOMStringMap) => Number(start) <= now && now < Number(stop)
      return cells.findIndex(cell => isOn((cell as HTMLElement).dataset))
    }, Date.now())
  await expect.poll(findNow, { timeout: 30_000 }).toBeGreaterThanOrEqual(0)
  const { row, start, title } = await short
    .nth(await findNow())
    .evaluate(cell => ({ ...cell.closest<HTMLElement>('[data-row]')?.dataset, ...(cell as HTMLElement).dataset }))
  const onNow = page.locator(`[data-row="${row}"] [data-short][data-start="${start}"]`)
  const panel = await expectDialog(page, onNow, title ?? '')
  await expect(panel.getByRole('link', { name: 'Watch', exact: true })).toBeVisible()
  await expect(panel.getByText('tells no more than this')).toBeVisible()
  await expect(panel.getByRole('button', { name: 'Remind me' })).toHaveCount(0)
  await page.context().close()
})
