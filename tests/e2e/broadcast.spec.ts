import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { addSource, anna, apiFor, pageFor } from './world'

// A channel as antennas send it: 29.97 frames a second in an order of its own, key frames at odd times, sound that comes 0.6 s
// after the picture of the same moment. Every two seconds the picture flashes and a short tone sounds.

const WATCHED_MS = 16_000

let api: APIRequestContext
let source = 0
let page: Page

test.beforeAll(async ({ browser }) => {
  api = await apiFor(anna)
  source = await addSource(api, 'formats', 'Roof')
  page = await pageFor(browser, anna)
})

test.afterAll(async () => {
  await page.close()
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

interface Watched {
  /** Milliseconds between two pictures, where the picture stood for longer than a quarter of a second. */
  stops: number[]
  /** Holes in what is ahead. */
  ranges: number
  /** When the picture flashed and when the tone began, in milliseconds. */
  flashes: number[]
  tones: number[]
}

/** Looks and listens from the first picture on. */
function watch(milliseconds: number): Promise<Watched> {
  return page.evaluate(async length => {
    const video = document.querySelector('video') as HTMLVideoElement
    const ear = new AudioContext()
    await ear.resume()
    const analyser = ear.createAnalyser()
    analyser.fftSize = 1_024
    ear.createMediaElementSource(video).connect(analyser)
    const eye = new OffscreenCanvas(8, 8).getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D
    const seen: Watched = { stops: [], ranges: 0, flashes: [], tones: [] }
    let [last, wasBright, wasLoud] = [performance.now(), false, false]
    const look = (now: number, { expectedDisplayTime }: { expectedDisplayTime: number }) => {
      if (now - last > 250) seen.stops.push(Math.round(now - last))
      last = now
      eye.drawImage(video, 0, 0, 8, 8)
      const isBright = (eye.getImageData(4, 4, 1, 1).data[0] ?? 0) > 128
      if (isBright && !wasBright) seen.flashes.push(expectedDisplayTime)
      wasBright = isBright
      video.requestVideoFrameCallback(look)
    }
    video.requestVideoFrameCallback(look)
    const samples = new Float32Array(analyser.fftSize)
    for (const end = performance.now() + length; performance.now() < end; ) {
      await new Promise(done => setTimeout(done, 10))
      analyser.getFloatTimeDomainData(samples)
      const first = samples.findIndex(value => Math.abs(value) > 0.05)
      const isLoud = first >= 0
      if (isLoud && !wasLoud) seen.tones.push(performance.now() - ((samples.length - first) / ear.sampleRate) * 1_000)
      wasLoud = isLoud
    }
    seen.ranges = video.buffered.length
    return seen
  }, milliseconds)
}

test('a broadcast goes on from its first picture without a stop, and sound belongs to its picture', async () => {
  const listed = await (await api.get(`/api/items?kind=channel&limit=60&provider=${source}`)).json()
  const { id } = listed.items.find(({ name }: { name: string }) => name === 'FROM THE AIR')
  await page.goto(`/watch/${id}`)
  await page.waitForFunction(() => (document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0) > 0)
  const { stops, ranges, flashes, tones } = await watch(WATCHED_MS)
  expect(ranges, 'what is ahead is one piece').toBe(1)
  expect(
    stops.filter(ms => ms > 500),
    'the picture stood',
  ).toEqual([])
  const behind = flashes.map(flash => tones.map(tone => tone - flash).sort((a, b) => Math.abs(a) - Math.abs(b))[0] ?? 9_999)
  const middle = behind.toSorted((a, b) => a - b)[Math.floor(behind.length / 2)] ?? 9_999
  expect(flashes.length).toBeGreaterThan(4)
  expect(Math.abs(middle), `sound behind its picture in ms: ${behind.map(Math.round).join(', ')}`).toBeLessThan(200)
})
