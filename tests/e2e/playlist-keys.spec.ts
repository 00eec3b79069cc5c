import { type APIRequestContext, expect, test } from '@playwright/test'
import { type ProtectedChannel, startProtectedChannel } from '../fakes/protected-channel'
import { expectMovingPicture, picture } from './playing'
import { anna, apiFor, ownPort, pageFor } from './world'

// A channel whose playlist brings its key (#KODIPROP): from the import to a decrypted picture.
const keyId = '0123456789abcdef0123456789abcdef'
const key = 'fedcba98765432100123456789abcdef'
let api: APIRequestContext
let channel: ProtectedChannel
let source = 0

test.beforeAll(async () => {
  api = await apiFor(anna)
  channel = await startProtectedChannel(ownPort, keyId, key)
  const lines = [
    ...['#EXTM3U', '#EXTINF:-1,Locked', '#KODIPROP:inputstream.adaptive.license_type=clearkey'],
    ...[`#KODIPROP:inputstream.adaptive.license_key=${keyId}:${key}`, channel.url],
  ]
  const playlistText = lines.join('\n')
  const added = await api.post('/api/providers', { data: { kind: 'm3u', name: 'Keys', playlistText } })
  expect(added.status(), await added.text()).toBe(201)
  source = (await added.json()).id
  await expect.poll(async () => (await listed()).length, { timeout: 30_000 }).toBe(1)
})

test.afterAll(async () => {
  await api.delete(`/api/providers/${source}`)
  await channel.close()
  await api.dispose()
})

const listed = async (): Promise<{ id: number }[]> =>
  (await (await api.get(`/api/items?kind=channel&limit=10&provider=${source}`)).json()).items

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
  const [locked] = await listed()
  await page.goto(`/watch/${locked?.id}`)
  await expectMovingPicture(page, 6)
  expect((await picture(page)).width).toBe(320)
  expect(licences).toContain(200)
  expect(said.join()).toContain('SAMPLE-AES-CTR')
  expect(said.join()).not.toContain(key)
  expect(await page.content()).not.toContain(key)
  await page.context().close()
})
