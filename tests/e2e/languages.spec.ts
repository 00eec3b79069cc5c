import { expect, test } from '@playwright/test'
import { prepareFormatFilms } from '../fakes/provider/film-files.ts'
import { TONES } from '../fakes/provider/film-recipes.ts'
import { TEST_MEDIA } from '../test-media'
import { choose, clickPlay, jump, listen } from './film-checks'
import { addSource, anna, apiFor, pageFor } from './world'

test('another language and a jump before it has come: it is heard from there', async ({ browser }) => {
  await prepareFormatFilms(TEST_MEDIA, ['languages.mkv'])
  const api = await apiFor(anna)
  const source = await addSource(api, 'formats.films', 'Languages')
  try {
    const { items } = await (await api.get(`/api/items?kind=movie&provider=${source}&limit=100`)).json()
    const { id } = items.find(({ name }: { name: string }) => name.startsWith('Format languages.mkv'))
    const page = await pageFor(browser, anna)
    let jumped = () => {}
    const hasJumped = new Promise<void>(done => {
      jumped = done
    })
    let asked = 0
    await page.route(/\/a1-init\.mp4$/, async route => {
      asked += 1
      if (asked === 1) await hasJumped
      await route.continue().catch(() => {})
    })
    await clickPlay(page, id, 15_000)
    await jump(page, 16)
    await choose(page, 'Audio', 1)
    await expect.poll(() => asked).toBe(1)
    const landed = jump(page, 4)
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 99) < 16)
    jumped()
    expect(Math.abs((await landed).error)).toBeLessThan(1)
    await expect.poll(async () => Math.abs((await listen(page, 1)).hertz - TONES[1]), { timeout: 10_000 }).toBeLessThan(15)
    await page.context().close()
  } finally {
    await api.delete(`/api/providers/${source}`)
    await api.dispose()
  }
})
