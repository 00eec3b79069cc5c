import { type APIRequestContext, expect, test } from '@playwright/test'
import { addDevice, channelOf, type Device } from './lines'
import { address, addSource, admin, anna, apiFor, bert, pageFor } from './world'

// What an app of another maker tells with its requests (CMCD) is on the page of the administrator.
const agent = { 'user-agent': 'TiviMate/5.1.0 (Android 13)' }
const sid = '6e2fb550-c457-11e9-bb97-0800200c9a66'

let api: APIRequestContext
let source = 0
let device: Device

test.beforeAll(async () => {
  api = await apiFor(anna)
  source = await addSource(api, 'normal', 'Quality TV')
  device = await addDevice(api, { name: 'Kitchen' })
})

test.afterAll(async () => {
  await api.delete(`/api/lines/${device.id}`)
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

async function get(url: URL, told: string): Promise<string> {
  url.searchParams.set('CMCD', told)
  const answer = await fetch(url, { headers: agent })
  expect(answer.status, url.pathname).toBe(200)
  return answer.text()
}

/** Follows playlists to the newest segment, as an app does. */
async function findSegment(url: URL): Promise<URL> {
  const rows = (await get(url, `ot=m,sid="${sid}"`)).split('\n').filter(row => row !== '' && !row.startsWith('#'))
  const next = new URL(rows.at(-1) ?? '', url)
  return next.pathname.endsWith('.m3u8') ? findSegment(next) : next
}

test('the admin tells apps from our own player, and sees what they say; nobody else does', async ({ browser }) => {
  const channel = await channelOf(device, 'Meridian News HD')
  const segment = await findSegment(new URL(`${address}/live/${device.username}/${device.password}/${channel}.m3u8`))
  for (const told of ['br=3200,su', 'br=3200,su', 'br=3200,bs,mtp=25400']) {
    await get(segment, `${told},d=2000,ot=av,sid="${sid}"`)
    await new Promise(done => setTimeout(done, 600))
  }
  const page = await pageFor(browser, admin)
  const asked = async () => (await (await page.request.get('/api/quality?hours=1&by=session&players=apps')).json()).rows
  await expect.poll(asked, { timeout: 30_000 }).toHaveLength(1)
  await page.goto('/admin/quality')
  await page.getByRole('button', { name: 'Other apps' }).click()
  await page.getByRole('tab', { name: 'Player' }).click()
  const app = page.getByRole('region', { name: 'Quality by player' }).getByRole('row', { name: 'TiviMate' })
  await expect(app).toContainText(/1\.\d\d s/)
  await expect(app).toContainText('3.2 Mbit/s')
  await expect(app).toContainText('25 Mbit/s')
  // Zaps, how long it stood still, and failures.
  await expect(app.getByText('not told')).toHaveCount(3)
  await page.getByRole('tab', { name: 'Session' }).click()
  await expect(page.getByRole('row', { name: 'Meridian News HD' })).toContainText(`TiviMate · ${sid}`)
  await page.getByRole('button', { name: 'WatchTheFlix' }).click()
  await expect(page.getByText(sid)).toHaveCount(0)

  const stranger = await pageFor(browser, bert)
  expect((await stranger.request.get('/api/quality?hours=1&by=session')).status()).toBe(403)
  expect((await stranger.goto('/admin/quality'))?.status()).toBe(404)
  for (const each of [page, stranger]) await each.context().close()
})
