import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { prepareFormatFilms } from '../fakes/provider/film-files.ts'
import { captions, choose, clickPlay, jump } from './film-checks'
import { addSource, anna, apiFor, pageFor } from './world'

const films = ['plain.mp4']
let api: APIRequestContext
let source = 0
let page: Page

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000)
  await prepareFormatFilms(join(tmpdir(), 'watchtheflix-test-media'), films)
  api = await apiFor(anna)
  source = await addSource(api, 'formats.films', 'Subtitles')
  page = await pageFor(browser, anna)
})

test.afterAll(async () => {
  await page.context().close()
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

async function play(name: string): Promise<void> {
  const { items } = await (await api.get(`/api/items?kind=movie&limit=100&provider=${source}`)).json()
  await clickPlay(page, items.find((item: { name: string }) => item.name.startsWith(`Format ${name}`)).id, 20_000)
}

/** Stops the picture at a moment: what lies on it then stays there. */
async function stopAt(seconds: number): Promise<void> {
  await page.evaluate(() => document.querySelector('video')?.pause())
  await jump(page, seconds)
}

const shows = (text: string) => expect.poll(() => captions(page), { timeout: 5_000, intervals: [50] }).toBe(text)

const srt = `1
00:00:02,000 --> 00:00:05,000
Élève à l’école

2
00:00:10,000 --> 00:00:12,000
{\\an8}<i>Above</i>
`

test("a subtitle file of the viewer's own: chosen by its name, seen at its time, shifted, and refused when it is none", async () => {
  await play('plain.mp4')
  await page.keyboard.press('s')
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Add a subtitle file' }).click(),
  ])
  const upload = (name: string, text: string) =>
    chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text, 'latin1') })
  await upload('letter.txt', 'Dear Ann')
  await expect(page.getByRole('alert').filter({ hasText: 'We found no subtitles in this file' })).toBeVisible()
  await upload('My film.srt', srt.replaceAll('’', "'"))
  await expect(page.getByRole('radio', { name: 'My film.srt' })).toBeChecked()
  await expect(page.getByRole('alert').filter({ hasText: 'subtitles' })).toHaveCount(0)
  await stopAt(3)
  await shows("Élève à l'école")
  await stopAt(11)
  await shows('Above')
  const box = await page.locator('.player-caption-words').boundingBox()
  expect(box?.y).toBeLessThan(200)
  await stopAt(12.15)
  await shows('')
  await page.getByRole('button', { name: 'Subtitles 0.1 s later' }).click({ clickCount: 3 })
  await expect(page.getByText('0.3 s later')).toBeVisible()
  await shows('Above')
  await page.keyboard.press('Escape')
  await choose(page, 'Subtitles', 0)
  await shows('')
})
