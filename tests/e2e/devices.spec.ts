import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { askPanel, channelOf, type Login, playLive, playlistStatus, type Stream, signsIn } from './lines'
import { addSource, admin, anna, apiFor, pageFor } from './world'

// A device's life: its login is read once, an app plays with it, an admin ends that, and it goes.
test.describe.configure({ mode: 'serial' })

let api: APIRequestContext
let page: Page
let source = 0
let login: Login = { username: '', password: '' }
let stream: Stream | undefined
const device = 'Attic television'

test.beforeAll(async ({ browser }) => {
  api = await apiFor(admin)
  source = await addSource(api, 'normal.devices', 'Device TV', { platform: true })
  page = await pageFor(browser, admin)
})

test.afterAll(async () => {
  stream?.stop()
  await page?.context().close()
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

test('a device is added with a name alone, and its login is shown', async () => {
  await page.goto('/settings')
  await page.getByRole('main').getByRole('link', { name: 'Watch in other apps' }).click()
  await expect(page).toHaveURL(/\/devices$/)
  await page.getByRole('button', { name: 'Add a device' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a device' })
  await dialog.getByRole('button', { name: 'Add this device' }).click()
  await expect(dialog.getByText(/give this device a name/i)).toBeVisible()
  await dialog.getByLabel('Name', { exact: true }).fill(device)
  await dialog.getByRole('button', { name: 'One more' }).click()
  await dialog.getByRole('button', { name: 'Add this device' }).click()
  const card = page.getByRole('region', { name: `The login for ${device}` })
  await expect(card.getByRole('heading', { name: `The login for ${device}` })).toBeFocused()
  await expect(card.getByText(/shown only now/)).toBeVisible()
  login = {
    username: await card.getByLabel('User name', { exact: true }).inputValue(),
    password: await card.getByLabel('Password', { exact: true }).inputValue(),
  }
  await expect(card.getByLabel('Playlist address', { exact: true })).toHaveValue(new RegExp(`get.php.*${login.password}`))
  for (const name of ['QR code of the playlist address', 'QR code of the guide address']) {
    const loaded = await card.getByRole('img', { name }).evaluate(image => (image as HTMLImageElement).naturalWidth > 0)
    expect(loaded, name).toBe(true)
  }
})

test('each app has its steps, reached with arrows', async () => {
  await page.getByRole('tab', { name: 'TiviMate' }).focus()
  await expect(page.getByRole('tabpanel')).toContainText('Xtream Codes')
  for (const name of ['IPTV Smarters', 'Kodi', 'VLC']) {
    await page.keyboard.press('ArrowRight')
    await expect(page.getByRole('tab', { name, selected: true })).toBeFocused()
  }
  await expect(page.getByRole('tabpanel')).toContainText('Open Network Stream')
})

test('arrows reach the button beside a text, and what is folded', async () => {
  await page.getByLabel('User name', { exact: true }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('button', { name: 'Copy the user name' })).toBeFocused()
  await page.getByRole('button', { name: 'Add a device' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a device' })
  await expect(dialog.getByLabel('Name', { exact: true })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(dialog.getByRole('button', { name: 'One more' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(dialog.getByLabel('Works until')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
})

test('what cannot be copied is selected', async () => {
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))
  })
  await page.getByRole('button', { name: 'Copy the password' }).click()
  const selected = await page.evaluate(() => {
    const { activeElement } = document
    return activeElement instanceof HTMLInputElement
      ? activeElement.value.slice(activeElement.selectionStart ?? 0, activeElement.selectionEnd ?? 0)
      : ''
  })
  expect(selected).toBe(login.password)
})

test('the password is not there any more when the card has gone', async () => {
  await page.getByRole('button', { name: 'I have it' }).click()
  await expect(page.getByRole('article', { name: device })).toContainText('Not used yet')
  await page.reload()
  await expect(page.getByRole('article', { name: device })).toContainText(login.username)
  expect(await page.content()).not.toContain(login.password)
})

test('an app signs in with it and plays', async () => {
  const account = await (await askPanel(login)).json()
  expect(account.user_info).toMatchObject({ auth: 1, max_connections: '2' })
  stream = await playLive(login, await channelOf(login, 'Meridian News HD'))
  await expect.poll(() => stream?.bytes()).toBeGreaterThan(200_000)
})

test('an admin sees it and ends it', async () => {
  await page.goto('/')
  const rail = page.getByRole('navigation', { name: 'Main' })
  await rail.getByRole('link', { name: 'Connections' }).click()
  const row = page.getByRole('row').filter({ hasText: device })
  await expect(row).toContainText('Meridian News HD')
  await expect(row).toContainText('Device TV')
  await expect(row).toContainText('TiviMate')
  await expect(row).toContainText(/\d+:\d\d/)
  await row.getByRole('button', { name: /^End Meridian News HD/ }).click()
  await page.getByRole('dialog', { name: 'End this stream?' }).getByRole('button', { name: 'End this one' }).click()
  await expect(row).toHaveCount(0)
  await stream?.ended
})

test('an admin ends everything of a device at once, and nobody else does', async () => {
  const news = await channelOf(login, 'Meridian News HD')
  const both = [await playLive(login, news), await playLive(login, news, 'VLC/3.0.20 LibVLC/3.0.20')]
  const lines: { id: number; name: string }[] = await (await api.get('/api/lines')).json()
  const path = `/api/lines/${lines.find(({ name }) => name === device)?.id}/connections`
  const stranger = await apiFor(anna)
  expect((await stranger.delete(path)).status()).toBe(403)
  await stranger.dispose()
  const before = both.map(one => one.bytes())
  await expect.poll(() => both.every((one, n) => one.bytes() > (before[n] ?? 0))).toBe(true)
  await page.goto('/admin/connections')
  const rows = page.getByRole('row').filter({ hasText: device })
  await expect(rows).toHaveCount(2)
  await rows
    .first()
    .getByRole('button', { name: /^End Meridian News HD/ })
    .click()
  const dialog = page.getByRole('dialog', { name: 'End this stream?' })
  await dialog.getByRole('button', { name: `End all 2 of ${device}` }).click()
  await expect(page.getByText(`Everything on ${device} was ended.`)).toBeVisible()
  await expect(rows).toHaveCount(0)
  for (const one of both) await one.ended
})

test('the card knows where it was seen, and a change is kept', async () => {
  await page.goto('/devices')
  const card = page.getByRole('article', { name: device })
  await expect(card).toContainText('TiviMate')
  await card.getByRole('button', { name: `Edit ${device}` }).click()
  const dialog = page.getByRole('dialog', { name: `Edit ${device}` })
  await dialog.getByText('More', { exact: true }).click()
  await dialog.getByLabel('Works until').fill('2031-05-01')
  await dialog.getByText('Advanced: places and apps').click()
  await dialog.getByLabel('Never from these countries').fill('1')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText(/two capital letters/)).toBeVisible()
  await dialog.getByLabel('Never from these countries').fill('aq')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(card).toContainText('2031')
  const lines: { name: string; rules: { blockCountries: string[] } }[] = await (await api.get('/api/lines')).json()
  expect(lines.find(line => line.name === device)?.rules.blockCountries).toEqual(['AQ'])
})

test('a new password ends the old one', async () => {
  await page.getByRole('button', { name: `New password for ${device}` }).click()
  await page.getByRole('button', { name: 'Make a new password' }).click()
  const card = page.getByRole('region', { name: `The login for ${device}` })
  const password = await card.getByLabel('Password', { exact: true }).inputValue()
  expect(password).not.toBe(login.password)
  await expect.poll(() => signsIn(login)).toBe(false)
  login = { ...login, password }
  expect(await signsIn(login)).toBe(true)
  expect(await playlistStatus(login)).toBe(200)
})

test('removed with the keyboard alone, it opens nothing', async () => {
  await page.getByRole('button', { name: 'I have it' }).click()
  const remove = page.getByRole('button', { name: `Remove ${device}` })
  await page.getByRole('button', { name: `Edit ${device}` }).focus()
  for (let pressed = 0; pressed < 4 && !(await remove.evaluate(one => one === document.activeElement)); pressed += 1)
    await page.keyboard.press('ArrowRight')
  await expect(remove).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Keep it' })).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('article', { name: device })).toHaveCount(0)
  await expect.poll(() => signsIn(login)).toBe(false)
  expect(await playlistStatus(login)).toBe(401)
})

test('a bouquet is put together and taken apart', async () => {
  await page.goto('/admin/connections')
  await page.getByRole('button', { name: 'New bouquet' }).click()
  const dialog = page.getByRole('dialog', { name: 'New bouquet' })
  await dialog.getByLabel('Name', { exact: true }).fill('Evening')
  await dialog.getByLabel('Categories').fill('spo')
  await dialog.getByRole('checkbox', { name: /^Sport/ }).check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  const list = page.getByRole('list', { name: 'Bouquets' })
  await expect(list).toContainText('1 category · no device uses it')
  await page.getByRole('button', { name: 'Delete Evening' }).click()
  await page.getByRole('button', { name: 'Delete this bouquet' }).click()
  await expect(page.getByText('No bouquets yet')).toBeVisible()
})

test('rules for all devices are kept, and what cannot be read is said', async () => {
  await page.getByText('Places and apps: all are welcome').click()
  await page.getByLabel('Never these apps').fill('Bad Player')
  await page.getByLabel('Never from these addresses').fill('somewhere')
  await page.getByRole('button', { name: 'Save rules' }).click()
  await expect(page.getByText(/addresses like 203/)).toBeVisible()
  await page.getByLabel('Never from these addresses').fill('')
  await page.getByRole('button', { name: 'Save rules' }).click()
  await expect(page.getByText('The rules were saved.')).toBeVisible()
  const kept = await (await api.get('/api/line-settings')).json()
  expect(kept.rules.blockApps).toEqual(['Bad Player'])
  await api.put('/api/line-settings', { data: { ...kept, rules: { ...kept.rules, blockApps: [] } } })
})

test('how other apps get a source is chosen with the source', async () => {
  await page.goto('/sources')
  await page.getByRole('button', { name: 'Options for Device TV' }).click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await expect(page.getByRole('radio', { name: /Through this server/ })).toBeChecked()
  await page.getByRole('radio', { name: /Straight from the provider/ }).check()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  const providers: { id: number; delivery: string }[] = await (await api.get('/api/providers')).json()
  expect(providers.find(({ id }) => id === source)?.delivery).toBe('redirect')
})

test('who is no admin finds no connections', async ({ browser }) => {
  const other = await pageFor(browser, anna)
  await other.goto('/devices')
  const rail = other.getByRole('navigation', { name: 'Main' })
  await expect(rail.getByRole('link', { name: 'Other apps' })).toBeVisible()
  await expect(rail.getByRole('link', { name: 'Connections' })).toHaveCount(0)
  const answer = await other.goto('/admin/connections')
  expect(answer?.status()).toBe(404)
  await expect(other.getByText('There is nothing at this address')).toBeVisible()
  await other.context().close()
})
