// From the key to the first new frame of the next channel, in Chromium, and how far the picture is behind its source.
import { openScreen } from './screen.mjs'
import { startStreamWorld } from './stream-world.mjs'
import { address, percentile, sleep } from './world.mjs'

const ZAPS = 50
const KILOBITS = 1_500
/** Between two zaps in ms: long enough for the next channel to be received, as it is for whoever looks at each channel. */
const SETTLE_MS = 3_000
const COLD_SETTLE_MS = 1_200
const LATENCY_AFTER_MS = 10_000

/** Presses the key and answers the milliseconds until a frame of the new stream is on the screen. */
async function zap(page, key) {
  await page.evaluate(() => {
    const video = document.querySelector('video')
    window.zapped = new Promise(done => {
      addEventListener(
        'keydown',
        () => {
          const pressed = performance.now()
          // The element is emptied between two streams: what comes after is no late frame of the one before.
          video.addEventListener('emptied', () => video.requestVideoFrameCallback(() => done(performance.now() - pressed)), {
            once: true,
          })
        },
        { once: true, capture: true },
      )
    })
  })
  await page.keyboard.press(key)
  return Promise.race([page.evaluate(() => window.zapped), sleep(15_000).then(() => Number.NaN)])
}

async function zapAlong(page, key, settleMs) {
  const times = []
  for (let n = 0; n < ZAPS; n++) {
    await sleep(settleMs)
    times.push(await zap(page, key))
  }
  return times
}

/** Seconds between the moment the source sent a picture and the moment it is shown. */
async function latencyOf(page, stats) {
  await page.reload()
  await page.waitForFunction(() => (document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0) > 0)
  const first = await page.evaluate(
    () =>
      new Promise(done =>
        document
          .querySelector('video')
          .requestVideoFrameCallback((_, { mediaTime, presentedFrames }) => done(mediaTime - presentedFrames / 25)),
      ),
  )
  await sleep(LATENCY_AFTER_MS)
  const { startedAt } = await stats()
  const shown = await page.evaluate(() => ({ time: document.querySelector('video').currentTime, at: Date.now() }))
  return (shown.at - startedAt) / 1_000 - (shown.time - first)
}

export async function measure() {
  const world = await startStreamWorld({ channels: ZAPS + 5, kilobits: KILOBITS, folder: 'start/' })
  const { browser, page } = await openScreen()
  const ahead = '**/api/playback/prewarm'
  try {
    await page.goto(address + world.watch(0))
    await page.waitForFunction(() => (document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0) > 10)
    const latency = await latencyOf(page, world.stats)
    await page.route(ahead, route => route.abort())
    const cold = await zapAlong(page, 'PageUp', COLD_SETTLE_MS)
    await page.unroute(ahead)
    // The first one tells the direction.
    await zap(page, 'PageDown')
    const warm = await zapAlong(page, 'PageDown', SETTLE_MS)
    return [
      rowOf('zap to the next channel, received ahead, p50', percentile(warm, 0.5), 200),
      rowOf('zap to the next channel, received ahead, p95', percentile(warm, 0.95), null),
      rowOf('zap to a channel that nobody watches, p50', percentile(cold, 0.5), 700),
      rowOf('zap to a channel that nobody watches, p95', percentile(cold, 0.95), null),
      { ...rowOf('picture behind its source', latency, null), unit: 's' },
    ]
  } finally {
    await browser.close()
    await world.end()
  }
}

const rowOf = (name, value, goal) => ({
  name,
  value,
  unit: 'ms',
  reference: `${ZAPS} zaps, key frame every 2 s`,
  ratio: null,
  goal: goal === null ? '' : `< ${goal} ms`,
  ok: goal === null ? null : value < goal,
})
