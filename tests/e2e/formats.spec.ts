import { writeFileSync } from 'node:fs'
import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { describeFilm, prepareFormatFilms } from '../fakes/provider/film-files.ts'
import { type FilmFile, FORMAT_SECONDS, formatFilms, SUBTITLE_AT, TONES } from '../fakes/provider/film-recipes.ts'
import { TEST_MEDIA } from '../test-media'
import { captions, choose, clickPlay, jump, listen } from './film-checks'
import { addSource, anna, apiFor, pageFor } from './world'

/** One of each kind; all of them with FORMATS=all (`npm run bench -- formats`), or those named there. */
const few = ['plain.mp4', 'languages.mkv', 'eac3.ts', 'divx.avi', 'main10.mkv', 'no-index.mkv', 'cut.mp4', 'empty.mkv']
const asked = process.env.FORMATS === undefined ? few : process.env.FORMATS.split(',')
const wanted = formatFilms.filter(({ name }) => asked.includes('all') || asked.includes(name))

interface Row {
  name: string
  decision: string
  startMs: number | null
  seekMs: number | null
  seekError: number | null
  sound: string
  track: string
  text: string
  result: string
}

let api: APIRequestContext
let source = 0
const rows: Row[] = []
let decision = ''

test.beforeAll(async () => {
  test.setTimeout(600_000)
  await prepareFormatFilms(
    TEST_MEDIA,
    wanted.map(({ name }) => name),
  )
  api = await apiFor(anna)
  source = await addSource(api, 'formats.films', 'Formats')
})

test.afterAll(async () => {
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
  const described = await Promise.all(rows.map(async row => ({ ...(await describeFilm(TEST_MEDIA, row.name)), ...row })))
  if (process.env.FORMATS_REPORT !== undefined) writeFileSync(process.env.FORMATS_REPORT, JSON.stringify(described))
  process.stdout.write('\n')
  for (const { name, container, video, audio, subtitles, ...seen } of described) {
    const cells = [container, video, audio, subtitles, ...Object.values(seen)].map(value => String(value ?? ''))
    process.stdout.write(`${name.padEnd(18)} ${cells.join(' | ')}\n`)
  }
})

test('films of many formats: picture, sound, the right track and text, and a seek that lands where it should', async ({
  browser,
}) => {
  test.setTimeout(wanted.length * 30_000)
  const { items } = await (await api.get('/api/items?kind=movie&limit=100')).json()
  const page = await pageFor(browser, anna)
  page.on('response', response => {
    if (!response.url().endsWith('/api/playback') || response.request().method() !== 'POST') return
    response.json().then(
      view => {
        decision = view.decision?.mode ?? view.error?.code ?? '?'
      },
      () => {},
    )
  })
  for (const film of wanted) {
    const item = items.find(({ name }: { name: string }) => name.startsWith(`Format ${film.name}`))
    expect(item, film.name).toBeDefined()
    decision = ''
    rows.push(await tryFilm(page, film, item.id))
  }
  await page.context().close()
  expect(rows.filter(({ result }) => !['plays', 'says why not'].includes(result))).toEqual([])
})

async function tryFilm(page: Page, film: FilmFile, id: number): Promise<Row> {
  const row: Row = {
    ...{ name: film.name, decision: '', startMs: null, seekMs: null, seekError: null },
    ...{ sound: '', track: '', text: '', result: '' },
  }
  try {
    if (film.isHopeless) {
      await expectRefusal(page, id)
      // An answer of the server's own, after one look: nothing was sent through the converter.
      await expect.poll(() => decision, { message: 'a code instead of a way to play' }).toMatch(/^[A-Z_]+$/)
    } else await watch(page, film, { id, row })
    row.result = film.isHopeless ? 'says why not' : 'plays'
  } catch (error) {
    row.result = (error as Error).message.split('\n').slice(0, 4).join(' ').replaceAll('|', '/')
  }
  row.decision = decision
  return row
}

async function expectRefusal(page: Page, id: number): Promise<void> {
  await page.goto(`/watch/${id}`)
  const alert = page.getByRole('alert').filter({ hasText: /\w{3}/ }).first()
  await expect(alert).toBeVisible({ timeout: 20_000 })
}

async function watch(page: Page, film: FilmFile, { id, row }: { id: number; row: Row }): Promise<void> {
  row.startMs = await clickPlay(page, id, 15_000)
  const silent = film.name === 'silent.mkv'
  const { level, hertz } = await listen(page, silent ? 1 : film.name === 'late.mkv' ? 8 : 4)
  row.sound = level > 0.005 ? 'yes' : 'no'
  expect(row.sound, 'sound').toBe(silent ? 'no' : 'yes')
  if (!silent) expect(Math.abs(hertz - TONES[0]), `tone of ${hertz} Hz`).toBeLessThan(15)
  const { ms, error } = await jump(page, film.damage === 'cut' ? FORMAT_SECONDS * 0.4 : FORMAT_SECONDS * 0.66)
  row.seekMs = ms
  row.seekError = Math.round(error * 100) / 100
  expect(Math.abs(error), 'seconds beside the place').toBeLessThan(1)
  await expectMoving(page)
  if (film.languages !== undefined) row.track = await hearSecond(page, film.languages)
  if (film.subtitle !== undefined) row.text = await readText(page)
}

async function expectMoving(page: Page): Promise<void> {
  const time = () => page.evaluate(() => document.querySelector('video')?.currentTime ?? 0)
  const before = await time()
  await expect.poll(time, { timeout: 8_000, intervals: [100], message: 'moves on' }).toBeGreaterThan(before + 0.4)
}

/** The second language has a tone of its own. */
async function hearSecond(page: Page, languages: readonly string[]): Promise<string> {
  await choose(page, 'Audio', 1)
  await jump(page, 6)
  const hear = async () => Math.round((await listen(page, 1)).hertz)
  await expect
    .poll(async () => Math.abs((await hear()) - TONES[1]), { timeout: 10_000, message: 'tone of track 2' })
    .toBeLessThan(15)
  return `${languages[1]} ${await hear()} Hz`
}

async function readText(page: Page): Promise<string> {
  await choose(page, 'Subtitles', 1)
  await jump(page, SUBTITLE_AT.seconds)
  await expect.poll(() => captions(page), { timeout: 3_000, intervals: [50], message: 'text' }).toBe(SUBTITLE_AT.text)
  return SUBTITLE_AT.text
}
