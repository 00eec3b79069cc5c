import { type APIRequestContext, type CDPSession, expect, type Page, test } from '@playwright/test'
import { expectMovingPicture, picture, shootAt } from './playing'
import { addSource, anna, apiFor, pageFor } from './world'

// What keys, remotes and gamepads do in the player. The picture is real, and so is what they change.
interface Channel {
  id: number
  name: string
  number: number
}

let api: APIRequestContext
let source = 0
let channels: Channel[] = []
let page: Page
let remote: CDPSession

test.describe.configure({ mode: 'serial' })

/** A gamepad as the browser shows one: the page reads it, the test presses it. */
function plugIn(): void {
  const buttons = Array.from({ length: 17 }, () => ({ pressed: false, touched: false, value: 0 }))
  const pad = { id: 'Test pad', index: 0, connected: true, mapping: 'standard', axes: [0, 0, 0, 0], buttons, timestamp: 0 }
  const holder = window as unknown as { pad: typeof pad; plugged: boolean }
  holder.pad = pad
  holder.plugged = false
  navigator.getGamepads = () => (holder.plugged ? [pad as unknown as Gamepad] : [])
}

const plug = () =>
  page.evaluate(() => {
    Object.assign(window, { plugged: true })
    window.dispatchEvent(new Event('gamepadconnected'))
  })

async function hold(button: number, ms: number): Promise<void> {
  const set = (pressed: boolean) =>
    page.evaluate(
      ([at, down]) => {
        const { pad } = window as unknown as { pad: { buttons: { pressed: boolean }[] } }
        Object.assign(pad.buttons[at as number] ?? {}, { pressed: down })
      },
      [button, pressed] as const,
    )
  await set(true)
  await page.waitForTimeout(ms)
  await set(false)
  await page.waitForTimeout(60)
}

/** A button of a television that sends a number and no name. */
async function pressCode(windowsVirtualKeyCode: number): Promise<void> {
  await remote.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Unidentified', windowsVirtualKeyCode })
  await remote.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Unidentified', windowsVirtualKeyCode })
}

test.beforeAll(async ({ browser }) => {
  api = await apiFor(anna)
  source = await addSource(api, 'normal.pressed', 'Keys TV')
  channels = (await (await api.get(`/api/items?kind=channel&limit=60&provider=${source}`)).json()).items
  page = await pageFor(browser, anna)
  await page.addInitScript(plugIn)
  remote = await page.context().newCDPSession(page)
  await page.goto(`/watch/${channels[0]?.id}`)
  await expectMovingPicture(page, 2)
})

test.afterAll(async () => {
  await page.context().close()
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

const layer = (name: string) => page.getByRole('dialog', { name, exact: true })
const bar = () => page.getByRole('region', { name: 'On this channel' })
const idNow = () => Number(/\/watch\/(\d+)/.exec(page.url())?.[1])
const nameNow = () => channels.find(({ id }) => id === idNow())?.name ?? ''

const shoot = (name: string) => shootAt(page, `player-${name}`)

test('a channel by its number, with its name while one types, and the bar that says what is on', async () => {
  const wanted = channels.find(({ number }, at) => at > 2 && number >= 2) as Channel
  for (const digit of String(wanted.number)) await page.keyboard.press(digit)
  await expect(page.getByRole('status').filter({ hasText: wanted.name })).toBeVisible()
  await expect(page).toHaveURL(`/watch/${wanted.id}`)
  await expect(bar()).toContainText(wanted.name)
  await expectMovingPicture(page, 2)
  await expect(bar()).toHaveCount(0, { timeout: 10_000 })
  await page.keyboard.press('i')
  await expect(bar()).toContainText(wanted.name)
  await shoot('info-bar')
  await page.keyboard.press('i')
  await expect(bar()).toHaveCount(0)
})

test('the list of channels over the picture, which goes on: arrows walk, OK changes', async () => {
  const before = idNow()
  await page.keyboard.press('ArrowLeft')
  const list = layer('Channels')
  const playing = list.locator('[aria-current="true"]')
  await expect(playing).toBeFocused()
  const { time } = await picture(page)
  await shoot('channels')
  await expect.poll(async () => (await picture(page)).time).toBeGreaterThan(time + 0.5)
  await page.keyboard.press('ArrowDown')
  await expect(playing).not.toBeFocused()
  await page.keyboard.press('Enter')
  await expect.poll(idNow).not.toBe(before)
  await page.keyboard.press('Escape')
  await expect(list).toHaveCount(0)
  await expectMovingPicture(page, 2)
})

test('statistics tell what the picture really is', async () => {
  await page.keyboard.press('x')
  const { width } = await picture(page)
  const height = await page.evaluate(() => document.querySelector('video')?.videoHeight ?? 0)
  await expect(layer('Statistics')).toContainText(`${width} × ${height}`)
  await expect(layer('Statistics')).toContainText('avc1')
  await page.keyboard.press('x')
  await expect(layer('Statistics')).toHaveCount(0)
})

test('OK held down is for more of the channel; on a row of the list, for more of that one', async () => {
  const before = idNow()
  await page.keyboard.down('Enter')
  await expect(layer(nameNow())).toBeVisible()
  await page.keyboard.down('Enter')
  await page.keyboard.up('Enter')
  await expect(layer(nameNow())).toBeVisible()
  await shoot('options')
  const isFavourite = async (id: number) => (await (await api.get(`/api/items/${id}`)).json()).favourite
  const heart = (name: string) => layer(nameNow()).getByRole('button', { name })
  await heart('Add to favourites').focus()
  await page.keyboard.press('Enter')
  await expect(heart('Remove from favourites')).toBeFocused()
  await expect.poll(() => isFavourite(before)).toBe(true)
  await page.keyboard.press('Enter')
  await expect(heart('Add to favourites')).toBeFocused()
  await expect.poll(() => isFavourite(before)).toBe(false)
  await page.keyboard.press('Escape')
  await page.keyboard.press('ArrowLeft')
  await expect(layer('Channels').locator('[aria-current="true"]')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  const row = layer('Channels').locator('[data-channel-options]:focus')
  const beside = Number(await row.getAttribute('data-channel-options'))
  expect(beside).not.toBe(before)
  await page.keyboard.down('Enter')
  const sheet = layer(channels.find(({ id }) => id === beside)?.name ?? '')
  await expect(sheet.getByRole('button', { name: 'Watch now' })).toBeFocused()
  await page.keyboard.up('Enter')
  expect(idNow()).toBe(before)
  await page.keyboard.press('Enter')
  await expect.poll(idNow).toBe(beside)
  await expectMovingPicture(page, 2)
})

test('groups of channels one after another, and within one channel + stays in it', async () => {
  const categories: { id: number; name: string; count: number }[] = (
    await (await api.get('/api/categories?kind=channel')).json()
  ).filter(({ count }: { count: number }) => count > 1)
  const [first] = categories
  await page.keyboard.press('Shift+PageUp')
  await expect(bar()).toContainText(first?.name ?? 'no category')
  const list = await (await api.get(`/api/items?kind=channel&limit=200&category=${first?.id}`)).json()
  const ids: number[] = list.items.map(({ id }: Channel) => id)
  await expect.poll(() => ids.includes(idNow())).toBe(true)
  await shoot('group')
  for (let pressed = 0; pressed < 3; pressed += 1) {
    const before = idNow()
    await page.keyboard.press('PageUp')
    await expect.poll(idNow).not.toBe(before)
    expect(ids).toContain(idNow())
  }
  await page.keyboard.press('ArrowLeft')
  await expect(layer('Channels').getByRole('button', { name: first?.name ?? '', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await shoot('group-list')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Shift+PageDown')
  await page.keyboard.press('ArrowLeft')
  const all = layer('Channels').getByRole('button', { name: 'All channels' })
  await expect(all).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Shift+PageUp')
  await expect(bar()).toContainText(first?.name ?? 'no category')
  // A number from beyond the group leads out of it.
  const beyond = channels.find(({ id, number }) => !ids.includes(id) && number > 9) as Channel
  for (const digit of String(beyond.number)) await page.keyboard.press(digit)
  await expect(page).toHaveURL(`/watch/${beyond.id}`)
  await page.keyboard.press('ArrowLeft')
  await expect(all).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('Escape')
})

test('a television’s remote: its buttons have numbers and no names', async () => {
  await expectMovingPicture(page, 2)
  const before = idNow()
  await pressCode(427)
  await expect.poll(idNow).not.toBe(before)
  const next = idNow()
  await pressCode(428)
  await expect.poll(idNow).toBe(before)
  await pressCode(10190)
  await expect.poll(idNow).toBe(next)
  await expectMovingPicture(page, 8)
  const time = async () => (await picture(page)).time
  const live = await time()
  await pressCode(412)
  await expect.poll(time, { intervals: [50] }).toBeLessThan(live - 2)
  const behind = await time()
  await pressCode(417)
  await expect.poll(time, { intervals: [50] }).toBeGreaterThan(behind + 2)
  await pressCode(10073)
  await expect(layer('Channels')).toBeVisible()
  await pressCode(461)
  await expect(layer('Channels')).toHaveCount(0)
  await pressCode(10225)
  await expect(page).toHaveURL(/\/search$/)
  await page.goBack()
})

test('a gamepad: its buttons are keys, OK can be held, and every button but the five can be given other work', async () => {
  await expectMovingPicture(page, 2)
  await plug()
  const before = idNow()
  await hold(5, 100)
  await expect.poll(idNow).not.toBe(before)
  await hold(0, 800)
  await expect(layer(nameNow())).toBeVisible()
  await hold(1, 100)
  await expect(layer(nameNow())).toHaveCount(0)
  await page.keyboard.press('s')
  await layer('Settings').getByRole('button', { name: 'Keys' }).click()
  const sheet = layer('Keys')
  await sheet.getByRole('button', { name: /^Mute/ }).click()
  await hold(3, 100)
  await expect(sheet.getByRole('alert')).toContainText('Pad Y already means “What is on”')
  await sheet.getByRole('button', { name: 'Use it here' }).click()
  await shoot('keys-pad')
  await hold(1, 100)
  await expect(sheet).toHaveCount(0)
  const muted = () => page.evaluate(() => document.querySelector('video')?.muted)
  await hold(3, 100)
  expect(await muted()).toBe(true)
  await page.keyboard.press('m')
  expect(await muted()).toBe(false)
  await page.keyboard.press('?')
  const term = (name: RegExp) => sheet.getByRole('term').filter({ hasText: name }).locator('..')
  await expect(term(/^Mute$/)).toContainText('Pad Y')
  await expect(term(/^Next group of channels$/)).toContainText('Shift Page ↑')
  await expect(term(/^Search$/)).toContainText('Ctrl K')
  await shoot('help-pad')
  await page.getByRole('button', { name: 'Change keys' }).click()
  await sheet.getByRole('button', { name: 'Reset all keys' }).click()
  await page.keyboard.press('Escape')
})

test('search from the picture, which goes on in the corner; what is typed on the way arrives', async () => {
  await page.keyboard.press('Control+k')
  await page.keyboard.type('ne')
  await expect(page).toHaveURL(/\/search/)
  await expect(page.locator('main [type="search"]')).toHaveValue('ne')
  await expect(page.getByRole('complementary', { name: 'Playing now' })).toBeVisible()
  await page.goto('/channels')
  await expect(page.getByRole('listitem').first()).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page).toHaveURL(/\/search/)
})

test('the other button of the mouse on a row of the list is for more of that channel, without the browser’s own menu', async ({
  browser,
}) => {
  const mouse = await pageFor(browser, anna)
  const [watched, beside] = channels
  await mouse.goto(`/watch/${watched?.id}`)
  await expectMovingPicture(mouse, 2)
  await mouse.evaluate(() => {
    document.addEventListener('contextmenu', event => {
      document.body.dataset.menu = event.defaultPrevented ? 'ours' : 'native'
    })
  })
  await mouse.keyboard.press('ArrowLeft')
  await mouse.locator(`[data-channel-options="${beside?.id}"]`).click({ button: 'right' })
  const sheet = mouse.getByRole('dialog', { name: beside?.name ?? '', exact: true })
  await expect(sheet.getByRole('button', { name: 'Watch now' })).toBeVisible()
  expect(await mouse.evaluate(() => document.body.dataset.menu)).toBe('ours')
  expect(mouse.url()).toContain(`/watch/${watched?.id}`)
  await sheet.getByRole('button', { name: 'Watch now' }).click()
  await expect.poll(() => mouse.url()).toContain(`/watch/${beside?.id}`)
  await mouse.context().close()
})
