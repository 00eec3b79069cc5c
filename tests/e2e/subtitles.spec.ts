import { execFileSync } from 'node:child_process'
import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { prepareFormatFilms } from '../fakes/provider/film-files.ts'
import { TEST_MEDIA } from '../test-media'
import { changeConversion } from './conversion-settings'
import { captions, choose, clickPlay, stopAt } from './film-checks'
import { expectPictures, picture } from './playing'
import { addSource, admin, anna, apiFor, address as base, pageFor } from './world'

const drawn = ['pgs.mkv', 'dvb.mkv', 'dvb.ts', 'vobsub.mkv']
const films = ['plain.mp4', ...drawn]
let api: APIRequestContext
let source = 0
let channels = 0
let channel = 0
let page: Page
const warm: NodeJS.Timeout[] = []

/** Somebody watches the channel already: in its first half minute pictures arrive hardly before they are due, and words after them. */
async function keepWarm(mode: string): Promise<void> {
  const capabilities = { video: ['h264'], audio: ['aac'], containers: ['mp4'] }
  const view = await (await api.post('/api/playback', { data: { itemId: channel, capabilities } })).json()
  expect(view.decision.mode).toBe(mode)
  const index = await (await api.get(view.url)).text()
  const address = new URL(/^[^#]\S*$/m.exec(index)?.[0] ?? '', new URL(view.url, base)).href
  const look = async () => (await api.get(address)).text()
  warm.push(setInterval(() => void look().catch(() => {}), 2_000))
  const seconds = async () => [...(await look()).matchAll(/^#EXTINF:([\d.]+)/gm)].reduce((sum, [, each]) => sum + Number(each), 0)
  await expect.poll(seconds, { timeout: 40_000 }).toBeGreaterThan(12)
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000)
  await prepareFormatFilms(TEST_MEDIA, films)
  api = await apiFor(anna)
  source = await addSource(api, 'formats.films', 'Subtitles')
  channels = await addSource(api, 'formats', 'Subtitled channels')
  const { items } = await (await api.get(`/api/items?kind=channel&limit=60&provider=${channels}`)).json()
  channel = items.find(({ name }: { name: string }) => name === 'SUBTITLED').id
  page = await pageFor(browser, anna)
  await keepWarm('hls-package')
})

test.afterAll(async () => {
  for (const timer of warm) clearInterval(timer)
  await page.context().close()
  for (const id of [source, channels]) await api.delete(`/api/providers/${id}`)
  await api.dispose()
})

async function play(name: string): Promise<void> {
  const { items } = await (await api.get(`/api/items?kind=movie&limit=100&provider=${source}`)).json()
  await clickPlay(page, items.find((item: { name: string }) => item.name.startsWith(`Format ${name}`)).id, 20_000)
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
  await stopAt(page, 3)
  await shows("Élève à l'école")
  await stopAt(page, 11)
  await shows('Above')
  const box = await page.locator('.player-caption-words').boundingBox()
  expect(box?.y).toBeLessThan(200)
  await stopAt(page, 12.15)
  await shows('')
  await page.getByRole('button', { name: 'Subtitles 0.1 s later' }).click({ clickCount: 3 })
  await expect(page.getByText('0.3 s later')).toBeVisible()
  await shows('Above')
  await page.keyboard.press('Escape')
  await choose(page, 'Subtitles', 0)
  await shows('')
})

/** The colour on the screen at a place of a picture of 320 by 180, without the controls over it. */
async function colourAt(x: number, y: number): Promise<number[]> {
  const box = await page.locator('video').boundingBox()
  if (box === null) return []
  const scale = Math.min(box.width / 320, box.height / 180)
  const left = box.x + (box.width - 320 * scale) / 2 + x * scale
  const top = box.y + (box.height - 180 * scale) / 2 + y * scale
  const png = await page.screenshot({ clip: { x: left, y: top, width: 2, height: 2 } })
  const args = ['-loglevel', 'error', '-i', 'pipe:0', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-']
  return [...execFileSync('ffmpeg', args, { input: png }).subarray(0, 3)]
}

for (const name of drawn)
  test(`${name}: subtitles that are pictures lie on the film, where and when they should`, async () => {
    await play(name)
    await page.addStyleTag({ content: '[data-player-controls] { visibility: hidden }' })
    await choose(page, 'Subtitles', 1)
    const images = page.locator('[data-side-titles] image')
    for (const [seconds, colour, x, y] of [
      [3, [255, 255, 255], 104, 143],
      [13, [0, 255, 1], 24, 23],
    ] as const) {
      await stopAt(page, seconds)
      await expect(images).toHaveCount(1)
      await expect.poll(() => colourAt(x, y), { timeout: 5_000 }).toEqual(colour.map(level => expect.closeTo(level, -1)))
      // Beside the box there is the film.
      expect(await colourAt(x - 12, y)).not.toEqual(colour.map(level => expect.closeTo(level, -1)))
    }
    await stopAt(page, 8)
    await expect(images).toHaveCount(0)
    await stopAt(page, 5)
    await expect(images).toHaveCount(1)
    await choose(page, 'Subtitles', 0)
    await expect(images).toHaveCount(0)
  })

interface Line {
  /** Of the six that the channel repeats, every four seconds. */
  number: number
  from: number
  to: number
}

/** The first line that is seen from its beginning to its end, in seconds of the picture. */
function watchLine(pattern: RegExp): Promise<Line> {
  const script = ({ source, seconds }: { source: string; seconds: number }) =>
    new Promise<Line>((resolve, reject) => {
      const began = performance.now()
      let line: Line | null = null
      let empty: { since: number; at: number } | null = { since: began, at: 0 }
      const look = () => {
        const words = document.querySelector<HTMLElement>('[data-player-captions]')?.textContent.trim() ?? ''
        // Each of the six pictures is 80 further to the right.
        const image = document.querySelector('[data-side-titles] image')
        const text = image === null ? words : `PICTURE ${Math.floor(Number(image.getAttribute('x')) / 80) + 1}`
        const [ms, at] = [performance.now(), document.querySelector('video')?.currentTime ?? 0]
        if (text === '') empty ??= { since: ms, at }
        // The seam between two segments may blink on a busy machine.
        const isEmpty = empty !== null && ms - empty.since > 300
        if (line !== null && empty !== null && isEmpty) return resolve({ ...line, to: empty.at })
        const [, number] = new RegExp(source).exec(text) ?? []
        // One that stood there when it was chosen may have begun before.
        if (number !== undefined && isEmpty && ms > began + 1_500) line ??= { number: Number(number), from: at, to: 0 }
        if (text !== '') empty = null
        return ms < began + seconds * 1_000
          ? requestAnimationFrame(look)
          : reject(new Error(`no whole line of ${source}, but “${text}”`))
      }
      look()
    })
  return page.evaluate(script, { source: pattern.source, seconds: 15 })
}

async function compareSubtitles(): Promise<void> {
  await page.goto(`/watch/${channel}`)
  await expectPictures(page, 1)
  await page.keyboard.press('s')
  const titles = page.getByRole('radiogroup', { name: 'Subtitles' }).getByRole('radio')
  await expect(titles).toHaveText(['Off', 'français', 'Deutsch', 'Captions'])
  await page.keyboard.press('Escape')
  await choose(page, 'Subtitles', 2)
  const chosenAt = (await picture(page)).time
  await expect.poll(() => captions(page), { intervals: [50] }).toMatch(/^Grüße/)
  // For two seconds of each four there is nothing to read.
  expect((await picture(page)).time - chosenAt).toBeLessThan(3.5)
  // The next time it is there by itself.
  await page.goto(`/watch/${channel}`)
  await expect.poll(() => captions(page), { timeout: 15_000, intervals: [50] }).toMatch(/^Grüße/)
  const page888 = await watchLine(/^Grüße (\d)$/)
  await choose(page, 'Subtitles', 3)
  const inPicture = await watchLine(/^CAPTION (\d)$/)
  await choose(page, 'Subtitles', 1)
  const drawing = await watchLine(/^PICTURE (\d)$/)
  const seen = JSON.stringify({ page888, inPicture, drawing })
  // All six take 24 seconds. Words stand for 2 seconds on the page, as pictures do, and for 2.9 in the picture.
  for (const [line, seconds] of [
    [page888, 2],
    [inPicture, 2.9],
    [drawing, 2],
  ] as const) {
    const apart = line.to - seconds - (page888.to - 2) - (line.number - page888.number) * 4
    expect(Math.abs(apart - Math.round(apart / 24) * 24), `seconds apart, of ${seen}`).toBeLessThan(0.3)
    // A busy machine may bring them late, but long before they are taken away.
    expect(Math.abs(line.from - line.to + seconds), `seconds late, of ${seen}`).toBeLessThan(0.8)
  }
  await page.addStyleTag({ content: '[data-player-controls] { visibility: hidden }' })
  const images = page.locator('[data-side-titles] image')
  const white = [255, 255, 255].map(level => expect.closeTo(level, -1))
  // Also of what has passed.
  await stopAt(page, drawing.to - 1)
  await expect(images).toHaveCount(1)
  const inside = 26 + (drawing.number - 1) * 40
  await expect.poll(() => colourAt(inside, 143), { timeout: 5_000 }).toEqual(white)
  await stopAt(page, drawing.to + 0.5)
  await expect(images).toHaveCount(0)
  await stopAt(page, drawing.to - 1)
  await expect(images).toHaveCount(1)
  await choose(page, 'Subtitles', 0)
  await expect(images).toHaveCount(0)
  await expect.poll(() => colourAt(inside, 143), { timeout: 5_000 }).not.toEqual(white)
}

test('a channel: words of its teletext, words in its picture and its pictures come at the same times', compareSubtitles)

test('a channel with captions in its picture: words are there where a viewer goes back to what was never fetched', async () => {
  await page.goto(`/watch/${channel}`)
  await expectPictures(page, 1)
  await choose(page, 'Subtitles', 2)
  await expect.poll(() => captions(page), { intervals: [50] }).toMatch(/^Grüße/)
  const there = await page.evaluate(() => {
    const video = document.querySelector('video') as HTMLVideoElement
    video.currentTime = video.buffered.start(0) - 4
    return video.currentTime
  })
  // For two seconds of each four there is nothing to read, and what is shown belongs to its second.
  await expect.poll(() => captions(page), { timeout: 6_000, intervals: [50] }).toMatch(/^Grüße/)
  expect((await picture(page)).time).toBeLessThan(there + 5)
})

test('a channel that is converted: the same', async () => {
  test.setTimeout(150_000)
  const chief = await apiFor(admin)
  const qualities = [360, 240].map(height => ({ height, kilobits: 400 }))
  const putBack = await changeConversion(chief, { ladder: 'always', qualities })
  try {
    await keepWarm('ladder')
    await compareSubtitles()
  } finally {
    await putBack()
    await chief.dispose()
  }
})
