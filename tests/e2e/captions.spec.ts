import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { prepareFormatFilms } from '../fakes/provider/film-files.ts'
import { TEST_MEDIA } from '../test-media'
import { changeConversion } from './conversion-settings'
import { captions, choose, clickPlay, stopAt } from './film-checks'
import { expectPictures } from './playing'
import { addSource, admin, anna, apiFor, address as base, pageFor } from './world'

const names = ['plain.mp4', 'aac.mkv', 'captions.mkv', 'captions.mp4', 'captions-text.mkv']
let api: APIRequestContext
let channels = 0
let films = 0
let page: Page
let warm: NodeJS.Timeout | undefined

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000)
  await prepareFormatFilms(TEST_MEDIA, names)
  api = await apiFor(anna)
  channels = await addSource(api, 'formats', 'Captioned channels')
  films = await addSource(api, 'formats.films', 'Captioned films')
  page = await pageFor(browser, anna)
})

test.afterAll(async () => {
  clearInterval(warm)
  await page.context().close()
  for (const id of [channels, films]) await api.delete(`/api/providers/${id}`)
  await api.dispose()
})

async function itemOf(kind: 'channel' | 'movie', name: string): Promise<number> {
  const provider = kind === 'channel' ? channels : films
  const { items } = await (await api.get(`/api/items?kind=${kind}&limit=100&provider=${provider}`)).json()
  return items.find((item: { name: string }) => item.name.startsWith(name)).id
}

/** How the server sends something to a browser like this one, and its playlist when it has one. */
async function open(itemId: number): Promise<{ mode: string; index: string; url: URL }> {
  const capabilities = { video: ['h264'], audio: ['aac'], containers: ['mp4'] }
  const { decision, url } = await (await api.post('/api/playback', { data: { itemId, capabilities } })).json()
  const index = decision.mode === 'file' ? '' : await (await api.get(url)).text()
  return { mode: decision.mode, index, url: new URL(url, base) }
}

/** In the first half minute of a channel pictures arrive hardly before they are due, and words after them. */
async function keepWarm({ index, url }: { index: string; url: URL }): Promise<void> {
  const address = new URL(/^[^#]\S*$/m.exec(index)?.[0] ?? '', url).href
  const look = async () => (await api.get(address)).text()
  warm = setInterval(() => void look().catch(() => {}), 2_000)
  const seconds = async () => [...(await look()).matchAll(/^#EXTINF:([\d.]+)/gm)].reduce((sum, [, each]) => sum + Number(each), 0)
  await expect.poll(seconds, { timeout: 40_000 }).toBeGreaterThan(12)
}

interface Seen {
  /** Moments of pictures that are white. */
  flashes: number[]
  lines: { number: number; from: number; to: number }[]
}

/** Two lines from their beginning to their end, in seconds of the picture. */
function watchLines(): Promise<Seen> {
  return page.evaluate(
    () =>
      new Promise<Seen>((resolve, reject) => {
        const video = document.querySelector('video') as HTMLVideoElement
        const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
        const seen: Seen = { flashes: [], lines: [] }
        const onPicture = (_now: number, { mediaTime }: { mediaTime: number }) => {
          canvas?.drawImage(video, 0, 0, 1, 1)
          if ((canvas?.getImageData(0, 0, 1, 1).data[0] ?? 0) > 128) seen.flashes.push(mediaTime)
          video.requestVideoFrameCallback(onPicture)
        }
        video.requestVideoFrameCallback(onPicture)
        const began = performance.now()
        let last = ''
        // One that stands there already may have begun before.
        let line: Seen['lines'][number] | null = null
        const look = () => {
          const text = document.querySelector<HTMLElement>('[data-player-captions]')?.textContent.trim() ?? ''
          const at = video.currentTime
          if (text === '' && last !== '' && line !== null) {
            seen.lines.push({ ...line, to: at })
            line = null
          }
          const [, number] = /^CAPTION (\d)$/.exec(text) ?? []
          if (last === '' && number !== undefined && performance.now() > began + 500)
            line = { number: Number(number), from: at, to: 0 }
          last = text
          if (seen.lines.length === 2) return resolve(seen)
          return performance.now() < began + 20_000
            ? requestAnimationFrame(look)
            : reject(new Error(`no two lines: ${JSON.stringify(seen)}`))
        }
        look()
      }),
  )
}

test('a channel with CEA-708 alone: its words come and go at their times', async () => {
  const channel = await itemOf('channel', 'CEA-708')
  const cold = await open(channel)
  expect(cold.index).toMatch(/^#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS.*INSTREAM-ID="SERVICE1"$/m)
  await keepWarm(cold)
  await page.goto(`/watch/${channel}`)
  await expectPictures(page, 1)
  await page.keyboard.press('s')
  await expect(page.getByRole('radiogroup', { name: 'Subtitles' }).getByRole('radio')).toHaveText(['Off', 'Captions'])
  await page.keyboard.press('Escape')
  await choose(page, 'Subtitles', 1)
  const { flashes, lines } = await watchLines()
  const seen = JSON.stringify({ flashes, lines })
  const [one, two] = lines
  if (one === undefined || two === undefined) throw new Error(seen)
  // The picture is white at each even second, and a line begins every four seconds at an odd one.
  for (const { from, to } of lines) {
    const behind = flashes.map(flash => (((from - flash) % 2) + 2) % 2)
    expect(behind.length, seen).toBeGreaterThan(2)
    for (const seconds of behind) expect(Math.abs(seconds - 1), seen).toBeLessThan(0.4)
    expect(Math.abs(to - from - 2.9), seen).toBeLessThan(0.3)
  }
  const apart = (((two.number - one.number + 6) % 6) - (two.from - one.from) / 4) * 4
  expect(Math.abs(apart), seen).toBeLessThan(0.3)
  // What is chosen is remembered for the next film.
  await choose(page, 'Subtitles', 0)
})

async function showsAt(seconds: number, text: string): Promise<void> {
  await stopAt(page, seconds)
  await expect.poll(() => captions(page), { timeout: 5_000, intervals: [50], message: `at ${seconds} s` }).toBe(text)
}

async function checkFilm(name: string): Promise<void> {
  await clickPlay(page, await itemOf('movie', `Format ${name}`), 20_000)
  await page.keyboard.press('s')
  const titles = page.getByRole('radiogroup', { name: 'Subtitles' }).getByRole('radio')
  await expect(titles).toHaveText(['Off', 'Captions'])
  await expect(titles.nth(0)).toBeChecked()
  await page.keyboard.press('Escape')
  await showsAt(2, '')
  await choose(page, 'Subtitles', 1)
  for (const [seconds, text] of [
    [2, 'FIRST WORDS'],
    [3.2, ''],
    [18, 'LAST WORDS'],
    [19.2, ''],
    [16.8, ''],
    [10.8, 'LATER WORDS'],
    [11.2, ''],
    [8.8, ''],
    [9.2, 'LATER WORDS'],
    [0.8, ''],
    [1.2, 'FIRST WORDS'],
  ] as const)
    await showsAt(seconds, text)
  await choose(page, 'Subtitles', 0)
  await expect.poll(() => captions(page)).toBe('')
  await choose(page, 'Subtitles', 1)
  await expect.poll(() => captions(page)).toBe('FIRST WORDS')
  await choose(page, 'Subtitles', 0)
}

for (const [name, kind] of [
  ['captions.mkv', 'CC1'],
  ['captions.mp4', 'SERVICE1'],
] as const)
  test(`${name}: words inside the picture of a film are seen at their times, wherever one jumps`, async () => {
    const { mode, index } = await open(await itemOf('movie', `Format ${name}`))
    expect([mode, /INSTREAM-ID="(.*)"/.exec(index)?.[1]]).toEqual(['remux', kind])
    await checkFilm(name)
  })

test('text beside captions: what was chosen is seen wherever one jumps, also before the second in which it was chosen', async () => {
  await clickPlay(page, await itemOf('movie', 'Format captions-text.mkv'), 20_000)
  await page.keyboard.press('s')
  const titles = page.getByRole('radiogroup', { name: 'Subtitles' }).getByRole('radio')
  await expect(titles).toHaveCount(3)
  await expect(titles.nth(2)).toHaveText('Captions')
  await page.keyboard.press('Escape')
  await choose(page, 'Subtitles', 2)
  await showsAt(18, 'LAST WORDS')
  await choose(page, 'Subtitles', 1)
  await showsAt(18.5, '')
  for (const [seconds, said] of [
    [13, 'Second line'],
    [2, 'Hello there'],
    [14, 'Second line'],
    [10, ''],
    [4, 'Hello there'],
  ] as const)
    await showsAt(seconds, said)
  await choose(page, 'Subtitles', 2)
  await showsAt(10.5, 'LATER WORDS')
  await choose(page, 'Subtitles', 0)
})

test('a film that is converted keeps them', async () => {
  const chief = await apiFor(admin)
  const qualities = [180, 144].map(height => ({ height, kilobits: 300 }))
  const putBack = await changeConversion(chief, { ladder: 'always', qualities })
  try {
    for (const [name, kind] of [
      ['captions.mkv', 'CC1'],
      ['captions.mp4', 'SERVICE1'],
    ] as const) {
      const { mode, index } = await open(await itemOf('movie', `Format ${name}`))
      expect([mode, /INSTREAM-ID="(.*)"/.exec(index)?.[1]]).toEqual(['ladder', kind])
      await checkFilm(name)
    }
  } finally {
    await putBack()
    await chief.dispose()
  }
})

test('a film without them is played as before', async () => {
  expect((await open(await itemOf('movie', 'Format plain.mp4'))).mode).toBe('file')
  const { mode, index } = await open(await itemOf('movie', 'Format aac.mkv'))
  expect(mode).toBe('remux')
  expect(index).not.toContain('CAPTIONS')
})
