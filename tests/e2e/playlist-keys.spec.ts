import { type APIRequestContext, expect, test } from '@playwright/test'
import { type ProtectedChannel, startProtectedChannel } from '../fakes/protected-channel'
import { expectMovingPicture, picture } from './playing'
import { anna, apiFor, ownPort, pageFor } from './world'

// A channel whose playlist brings its key (#KODIPROP): from the import to a decrypted picture.
const keyId = '0123456789abcdef0123456789abcdef'
const key = 'fedcba98765432100123456789abcdef'
let api: APIRequestContext
let channel: ProtectedChannel
const sources: number[] = []

test.beforeAll(async () => {
  api = await apiFor(anna)
  channel = await startProtectedChannel(ownPort, keyId, key)
})

/** Adds a playlist that gives this key for the channel. Answers the channel as it is listed then. */
async function addPlaylist(name: string, given: string): Promise<{ id: number }> {
  const lines = [
    ...['#EXTM3U', `#EXTINF:-1,${name}`, '#KODIPROP:inputstream.adaptive.license_type=clearkey'],
    ...[`#KODIPROP:inputstream.adaptive.license_key=${keyId}:${given}`, channel.url],
  ]
  const playlistText = lines.join('\n')
  const added = await api.post('/api/providers', { data: { kind: 'm3u', name, playlistText } })
  expect(added.status(), await added.text()).toBe(201)
  const { id } = await added.json()
  sources.push(id)
  const listed = async (): Promise<{ id: number }[]> =>
    (await (await api.get(`/api/items?kind=channel&limit=10&provider=${id}`)).json()).items
  await expect.poll(async () => (await listed()).length, { timeout: 30_000 }).toBe(1)
  return (await listed())[0] as { id: number }
}

test.afterAll(async () => {
  for (const id of sources) await api.delete(`/api/providers/${id}`)
  await channel.close()
  await api.dispose()
})

test('a channel plays with the key that its playlist brings, which stays between this server and the decoder', async ({
  browser,
}) => {
  const page = await pageFor(browser, anna)
  const said: string[] = []
  const licences: number[] = []
  page.on('response', async response => {
    const { pathname } = new URL(response.url())
    if (pathname.startsWith('/stream/licence/')) licences.push(response.status())
    else if (pathname.startsWith('/api/') || pathname.endsWith('.m3u8')) said.push(await response.text().catch(() => ''))
  })
  const locked = await addPlaylist('Locked', key)
  await page.goto(`/watch/${locked.id}`)
  await expectMovingPicture(page, 6)
  expect((await picture(page)).width).toBe(320)
  expect(licences).toContain(200)
  expect(said.join()).toContain('SAMPLE-AES-CTR')
  expect(said.join()).not.toContain(key)
  expect(await page.content()).not.toContain(key)
  await page.context().close()
})

test('a playlist that gives a wrong key is told to be the reason, and nothing is tried in vain', async ({ browser }) => {
  const page = await pageFor(browser, anna)
  const opened: string[] = []
  page.on('request', request => {
    if (request.method() === 'POST' && new URL(request.url()).pathname === '/api/playback') opened.push(request.postData() ?? '')
  })
  const locked = await addPlaylist('Wrongly locked', '00112233445566778899aabbccddeeff')
  await page.goto(`/watch/${locked.id}`)
  await expect(page.getByRole('heading', { name: 'The key for this does not seem to fit' })).toBeVisible({ timeout: 20_000 })
  await expect(page.getByText('in the playlist or set by hand')).toBeVisible()
  await expect(page.getByText('KEY_WRONG')).toBeVisible()
  expect(opened.filter(body => body.includes('"convert"'))).toEqual([])
  await page.screenshot({ path: test.info().outputPath('wrong-key.png') })
  await page.context().close()
})
