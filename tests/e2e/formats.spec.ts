import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { prepareFormatFilms } from '../fakes/provider/film-files.ts'
import { type FilmFile, FORMAT_SECONDS, formatFilms } from '../fakes/provider/film-recipes.ts'
import { addSource, anna, apiFor, pageFor } from './world'

/** One of each kind; all of them with FORMATS=all (`npm run bench -- formats`). */
const few = ['plain.mp4', 'languages.mkv', 'ac3.mkv', 'eac3.ts', 'aac.ts', 'mpeg2.ts', 'divx.avi', 'main10.mkv', 'vp9.webm']
const wanted = formatFilms.filter(({ name }) => (process.env.FORMATS === 'all' ? true : few.includes(name)))
const refused = new Set(['noise', 'page', 'empty'])

interface Row {
  name: string
  mode: string
  startMs: number
  frames: number
  sound: string
  seekMs: number
  landed: number
}

let api: APIRequestContext
let source = 0
const rows: Row[] = []
const decisions = new Map<number, string>()

test.beforeAll(async () => {
  test.setTimeout(600_000)
  await prepareFormatFilms(
    join(tmpdir(), 'watchtheflix-test-media'),
    wanted.map(({ name }) => name),
  )
  api = await apiFor(anna)
  source = await addSource(api, 'formats.films', 'Formats')
})

test.afterAll(async () => {
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
  if (process.env.FORMATS_REPORT !== undefined) writeFileSync(process.env.FORMATS_REPORT, JSON.stringify(rows))
  const head = 'film                mode       start ms  frames  sound  seek ms  landed'
  const lines = rows.map(({ name, mode, startMs, frames, sound, seekMs, landed }) =>
    [
      name.padEnd(19),
      mode.padEnd(10),
      String(startMs).padStart(8),
      String(frames).padStart(7),
      sound.padStart(6),
      String(seekMs).padStart(8),
      landed.toFixed(2).padStart(7),
    ].join(' '),
  )
  process.stdout.write(
    `\n${[head, ...lines].join('\n')}\nstart p50 ${median(rows.map(row => row.startMs))} ms, seek p50 ${median(rows.map(row => row.seekMs))} ms\n`,
  )
})

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

test('films of many formats: the picture moves, sound is there, a seek lands where it should', async ({ browser }) => {
  test.setTimeout(wanted.length * 20_000)
  const { items } = await (await api.get('/api/items?kind=movie&limit=100')).json()
  const page = await pageFor(browser, anna)
  page.on('response', response => {
    if (!response.url().endsWith('/api/playback') || response.request().method() !== 'POST') return
    response.json().then(
      view => decisions.set(0, view.decision?.mode ?? view.error?.code ?? '?'),
      () => {},
    )
  })
  for (const film of wanted) {
    const item = items.find(({ name }: { name: string }) => name.startsWith(`Format ${film.name}`))
    expect(item, `${film.name} among ${items.map(({ name }: { name: string }) => name).join()}`).toBeDefined()
    decisions.clear()
    if (refused.has(film.damage ?? '')) await expectRefusal(page, item.id)
    else rows.push(await play(page, film, item.id))
  }
  await page.context().close()
})

async function expectRefusal(page: Page, id: number): Promise<void> {
  await page.goto(`/watch/${id}`)
  await expect(page.getByRole('alert').first()).toBeVisible({ timeout: 15_000 })
}

async function play(page: Page, film: FilmFile, id: number): Promise<Row> {
  await page.goto(`/title/${id}`)
  const began = Date.now()
  await page.goto(`/watch/${id}`, { waitUntil: 'commit' })
  await expect.poll(() => framesOf(page), { timeout: 15_000, intervals: [25], message: `${film.name} begins` }).toBeGreaterThan(1)
  const startMs = Date.now() - began
  await expect.poll(() => framesOf(page), { timeout: 10_000, message: `${film.name} moves` }).toBeGreaterThan(25)
  const sound = await loudness(page)
  if (film.name !== 'silent.mkv' && film.name !== 'late.mkv') expect(sound, `${film.name} can be heard`).toBeGreaterThan(0.001)
  const target = film.damage === 'cut' ? FORMAT_SECONDS * 0.4 : FORMAT_SECONDS * 0.66
  const { ms, time } = await seek(page, target)
  expect(Math.abs(time - target), `${film.name} seeks`).toBeLessThan(1)
  const frames = await framesOf(page)
  return {
    name: film.name,
    mode: decisions.get(0) ?? '?',
    startMs,
    frames,
    sound: sound > 0.001 ? 'yes' : 'no',
    seekMs: ms,
    landed: time - target,
  }
}

const framesOf = (page: Page) =>
  page.evaluate(() => document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0)

/** Effective value of what comes out of the element. */
function loudness(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const video = document.querySelector('video') as HTMLVideoElement & { captureStream(): MediaStream }
    video.muted = false
    const tracks = video.captureStream().getAudioTracks()
    if (tracks.length === 0) return 0
    const context = new AudioContext()
    await context.resume()
    const analyser = context.createAnalyser()
    context.createMediaStreamSource(new MediaStream(tracks)).connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    let loudest = 0
    for (let tries = 0; tries < 30 && loudest < 0.01; tries++) {
      await new Promise(done => setTimeout(done, 50))
      analyser.getFloatTimeDomainData(samples)
      loudest = Math.max(loudest, Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length))
    }
    await context.close()
    return loudest
  })
}

/** Jumps, and waits for the first new picture. */
function seek(page: Page, seconds: number): Promise<{ ms: number; time: number }> {
  return page.evaluate(
    target =>
      new Promise<{ ms: number; time: number }>((resolve, reject) => {
        const video = document.querySelector('video') as HTMLVideoElement
        const began = performance.now()
        const timer = setTimeout(() => reject(new Error(`no picture after the jump; at ${video.currentTime}`)), 12_000)
        video.currentTime = target
        const look = (_now: number, { mediaTime }: { mediaTime: number }) => {
          if (mediaTime < target - 1) {
            video.requestVideoFrameCallback(look)
            return
          }
          clearTimeout(timer)
          resolve({ ms: Math.round(performance.now() - began), time: mediaTime })
        }
        video.requestVideoFrameCallback(look)
      }),
    seconds,
  )
}
