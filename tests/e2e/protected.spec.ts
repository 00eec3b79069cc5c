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
  await expect(page.getByRole('heading', { name: 'No permission to play this' })).toBeVisible({ timeout: 40_000 })
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
  // What unlocks it was not there when the browser was asked, and has been switched on since.
  await page.evaluate(() => {
    const told = JSON.parse(localStorage.getItem('wtf.device') ?? '{}')
    localStorage.setItem('wtf.device', JSON.stringify({ ...told, keySystems: [] }))
  })
  await page.reload()
  await expectMovingPicture(page, 2)
  expect(answers.slice(4)).toEqual([415, 201])
  await page.context().close()
})

test('how a film is unlocked is set on its page: what is wrong is said at its field, and secrets are not shown again', async ({
  browser,
}) => {
  const page = await pageFor(browser, anna)
  const other = (await (await api.get('/api/items?kind=movie&limit=5')).json()).items.find(
    ({ id }: { id: number }) => id !== movie,
  )
  const [id, key] = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210']
  const sheet = page.getByRole('dialog', { name: 'Protection' })
  const open = async () => {
    await page.goto(`/title/${other.id}`)
    await page.getByRole('button', { name: 'Protection' }).click()
    await expect(sheet.getByLabel('How it is unlocked')).toBeVisible()
  }
  const saved = async () => (await api.get(`/api/items/${other.id}/drm`)).json()
  await open()
  await expect(sheet).toContainText('Not protected.')
  await sheet.getByLabel('How it is unlocked').selectOption('Clear Key')
  await sheet.getByLabel('Key id').fill(id)
  await sheet.getByRole('textbox', { name: 'Key', exact: true }).fill('too short')
  await sheet.getByRole('button', { name: 'Save' }).click()
  await expect(sheet.getByRole('textbox', { name: 'Key', exact: true })).toHaveAttribute('aria-invalid', 'true')
  await expect(sheet).toContainText('Write 32 digits')
  await sheet.getByRole('textbox', { name: 'Key', exact: true }).fill(key)
  await sheet.getByRole('button', { name: 'Save' }).click()
  await expect(sheet).toBeHidden()
  expect(await saved()).toMatchObject({ keyIds: [id], packaged: false })
  await open()
  await expect(sheet).toContainText(`Clear key for ${id}`)
  expect(await page.content()).not.toContain(key)
  await sheet.getByLabel('How it is unlocked').selectOption('A licence server')
  await sheet.getByLabel('Widevine address').fill('https://licences.example/widevine')
  await sheet.getByLabel('Name of the token').fill('X-Token')
  await sheet.getByRole('textbox', { name: 'Token', exact: true }).fill('very-secret')
  for (const [name, width, height] of [
    ['phone', 390, 844],
    ['laptop', 1280, 800],
    ['tv', 1920, 1080],
  ] as const) {
    await page.setViewportSize({ width, height })
    await page.screenshot({ path: `tests/output/screens/protection-${name}.png` })
  }
  await sheet.getByRole('button', { name: 'Save' }).click()
  await expect(sheet).toBeHidden()
  expect((await saved()).servers).toMatchObject([
    { system: 'com.widevine.alpha', host: 'licences.example', headers: ['X-Token'] },
  ])
  await open()
  await expect(sheet).toContainText('Widevine at licences.example · with X-Token.')
  expect(await page.content()).not.toContain('very-secret')
  await sheet.getByLabel('How it is unlocked').selectOption('Not protected')
  await sheet.getByRole('button', { name: 'Save' }).click()
  await expect(sheet).toBeHidden()
  expect(await saved()).toEqual({ servers: [], keyIds: [], packaged: false })
  await page.context().close()
})
