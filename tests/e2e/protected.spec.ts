import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { expectMovingPicture, picture } from './playing'
import { addSource, anna, apiFor, firstItem, pageFor } from './world'

// The whole way of a protected film: encrypted by us, unlocked by the licence address of this session, decrypted by the browser.
let api: APIRequestContext
let source = 0
let movie = 0

test.beforeAll(async () => {
  api = await apiFor(anna)
  source = await addSource(api, 'normal', 'Vault')
  movie = (await firstItem(api, 'movie')).id
  expect((await api.put(`/api/items/${movie}/drm`, { data: { packaged: true } })).status()).toBe(200)
})

test.afterAll(async () => {
  await api.delete(`/api/items/${movie}/drm`)
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

interface Seen {
  path: string
  status: number
  body: Buffer
}

/** Answers of our own stream addresses, as they come. */
function listen(page: Page): Seen[] {
  const seen: Seen[] = []
  page.on('response', async response => {
    const path = new URL(response.url()).pathname
    if (!path.startsWith('/stream/')) return
    seen.push({ path, status: response.status(), body: await response.body().catch(() => Buffer.alloc(0)) })
  })
  return seen
}

test('a film that we encrypt plays with the key of its licence address, and seeks', async ({ browser }) => {
  const page = await pageFor(browser, anna)
  const seen = listen(page)
  await page.goto(`/watch/${movie}`)
  await expectMovingPicture(page, 4)
  const licences = seen.filter(({ path }) => path.startsWith('/stream/licence/'))
  expect(licences.map(({ status }) => status)).toContain(200)
  const inits = seen.filter(({ path }) => path.endsWith('-init.mp4'))
  expect(inits.length).toBeGreaterThan(0)
  for (const { body } of inits) expect(body.includes('encv') || body.includes('enca')).toBe(true)
  const media = seen.filter(({ path, body }) => path.endsWith('.m4s') && body.length > 0)
  expect(media.length).toBeGreaterThan(0)
  for (const { body } of media) expect(body.includes('senc')).toBe(true)
  const { keys } = JSON.parse(licences.find(({ status }) => status === 200)?.body.toString() ?? '{}')
  const secret = Buffer.from(keys[0].k, 'base64url')
  for (const { body } of [...inits, ...media]) expect(body.includes(secret)).toBe(false)
  await page.evaluate(() => {
    const video = document.querySelector('video')
    if (video) video.currentTime = video.duration / 2
  })
  const half = await page.evaluate(() => (document.querySelector('video')?.duration ?? 0) / 2)
  await expect.poll(async () => (await picture(page)).time, { timeout: 15_000 }).toBeGreaterThan(half + 0.5)
  expect(Math.abs((await picture(page)).time - half)).toBeLessThan(8)
  await page.context().close()
})

test('without its licence nothing of it is shown, and the reason is said', async ({ browser }) => {
  const page = await pageFor(browser, anna)
  await page.route('**/stream/licence/**', route =>
    route.fulfill({ status: 403, headers: { 'x-error-code': 'LICENCE_REFUSED' } }),
  )
  await page.goto(`/watch/${movie}`)
  await expect(page.getByRole('alert')).toBeVisible({ timeout: 40_000 })
  expect((await picture(page)).frames).toBe(0)
  await page.context().close()
})

test('a browser is asked once what it unlocks, and refused what it does not before anything is opened', async ({ browser }) => {
  const page = await pageFor(browser, anna)
  const answers: number[] = []
  page.on('response', response => {
    if (response.request().method() === 'POST' && new URL(response.url()).pathname === '/api/playback')
      answers.push(response.status())
  })
  await page.goto(`/watch/${movie}`)
  await expectMovingPicture(page, 2)
  await page.reload()
  await expectMovingPicture(page, 2)
  expect(answers).toEqual([409, 201, 201])
  const servers = [{ system: 'com.apple.fps', url: 'https://licences.example/ask' }]
  expect((await api.put(`/api/items/${movie}/drm`, { data: { servers } })).status()).toBe(200)
  await page.reload()
  await expect(page.getByText('This is protected with FairPlay, and this browser has only Clear Key.')).toBeVisible()
  await page.screenshot({ path: 'tests/output/screens/locked.png' })
  expect(answers).toEqual([409, 201, 201, 415])
  await api.put(`/api/items/${movie}/drm`, { data: { packaged: true } })
  await page.context().close()
})
