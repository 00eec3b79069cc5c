import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { expectMovingPicture, expectPictures, picture } from './playing'
import { addSource, anna, apiFor, pageFor } from './world'

let api: APIRequestContext
let source = 0
let page: Page
let items: Map<string, number>

test.beforeAll(async ({ browser }) => {
  api = await apiFor(anna)
  source = await addSource(api, 'formats', 'Antenna')
  const listed = await (await api.get(`/api/items?kind=channel&limit=60&provider=${source}`)).json()
  items = new Map(listed.items.map(({ id, name }: { id: number; name: string }) => [name, id]))
  page = await pageFor(browser, anna)
})

test.afterAll(async () => {
  await page.close()
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

/** Listens to the video element: the strongest tone of the next seconds, in Hz; 0 when there is silence. */
function strongestTone(seconds: number): Promise<number> {
  return page.evaluate(async length => {
    const video = document.querySelector('video')
    if (video === null) return 0
    const holder = window as unknown as { ear?: AnalyserNode }
    if (holder.ear === undefined) {
      const context = new AudioContext()
      await context.resume()
      holder.ear = context.createAnalyser()
      holder.ear.fftSize = 16_384
      holder.ear.minDecibels = -70
      context.createMediaElementSource(video).connect(holder.ear)
    }
    const { ear } = holder
    const bins = new Uint8Array(ear.frequencyBinCount)
    let loudest = 0
    let tone = 0
    for (const end = performance.now() + length * 1_000; performance.now() < end; ) {
      await new Promise(done => setTimeout(done, 100))
      ear.getByteFrequencyData(bins)
      for (const [bin, value] of bins.entries()) {
        if (value <= loudest) continue
        loudest = value
        tone = (bin * ear.context.sampleRate) / ear.fftSize
      }
    }
    return tone
  }, seconds)
}

const shoot = (name: string) => page.screenshot({ path: `tests/output/screens/conversion-${name}.png` })

for (const [name, width] of [
  ['MPEG-2 576i', 1024],
  ['AC-3', 640],
  ['HEVC', 640],
  // Wherever one joins, the next picture to begin with is none that Chromium begins with.
  ['OPEN GROUPS', 640],
] as const) {
  test(`${name} plays with picture and sound`, async () => {
    await page.goto(`/watch/${items.get(name)}`)
    await expectPictures(page, 6)
    expect((await picture(page)).width).toBe(width)
    expect(await strongestTone(2)).toBeGreaterThan(90)
    await shoot(name.replaceAll(' ', '-').toLowerCase())
  })
}

test('of two languages the one that is chosen is heard', async () => {
  await page.goto(`/watch/${items.get('TWO LANGUAGES')}`)
  await expectMovingPicture(page, 2)
  // The figure of each language lasts six seconds; the first one stays below 350 Hz, the second goes up to 659.
  expect(await strongestTone(4)).toBeLessThan(350)
  await page.keyboard.press('s')
  const german = page.getByRole('radio', { name: /Deutsch|German/ })
  await expect(german).toBeVisible()
  await shoot('languages')
  await german.click()
  await page.keyboard.press('Escape')
  await expect.poll(() => strongestTone(4), { timeout: 20_000 }).toBeGreaterThan(400)
  await expectMovingPicture(page, 2)
})
