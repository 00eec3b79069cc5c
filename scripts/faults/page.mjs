// Faults as a viewer's page meets them, in Chromium, on a channel that is converted: the picture has to come back by itself.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openScreen } from '../bench/screen.mjs'
import { address, call, importSource, sleep, until } from '../bench/world.mjs'
import { waitFor } from './viewer.mjs'

const CHANNEL = 'AC-3'
/** A clock thirteen hours slow: addresses last twelve. */
const EARLIER = `data:text/javascript,${encodeURIComponent('const now = Date.now; Date.now = () => now() - 13 * 3_600_000')}`
const seconds = ms => `${(ms / 1_000).toFixed(1)} s`

async function findConverted(world) {
  world.formats ??= (await importSource(world.cookie, 'formats')).id
  const { items } = await call('GET', `/api/items?kind=channel&limit=60&provider=${world.formats}`, { cookie: world.cookie })
  return items.find(({ name }) => name === CHANNEL).id
}

/** A page that shows the channel and counts the longest time without a new frame. */
async function watch(world, itemId) {
  const { browser, page } = await openScreen()
  await page.goto(`${address}/watch/${itemId ?? (await findConverted(world))}`)
  await page.waitForFunction(() => (document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0) > 50)
  await page.evaluate(() => {
    const video = document.querySelector('video')
    window.lastFrame = performance.now()
    window.longest = 0
    const next = () => {
      const now = performance.now()
      window.longest = Math.max(window.longest, now - window.lastFrame)
      window.lastFrame = now
      video.requestVideoFrameCallback(next)
    }
    video.requestVideoFrameCallback(next)
  })
  return { browser, page }
}

/** Does something to a page that plays; the longest time without a frame from then on, and whether frames come at the end. */
async function through(world, fault, { settle = 12_000, itemId } = {}) {
  const { browser, page } = await watch(world, itemId)
  try {
    await page.evaluate(() => {
      window.longest = 0
    })
    const told = await fault(page)
    await sleep(settle)
    const silence = await page.evaluate(() => Math.max(window.longest, performance.now() - window.lastFrame))
    const now = await page.evaluate(() => performance.now() - window.lastFrame)
    return { silence, isBack: now < 1_000, told }
  } finally {
    await browser.close()
  }
}

const ffmpegOf = pid =>
  execFileSync('pgrep', ['-P', String(pid), 'ffmpeg'], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number)

async function killFfmpeg(world) {
  const { silence, isBack } = await through(world, async () => {
    const [pid] = ffmpegOf(world.app.pid)
    process.kill(pid, 'SIGKILL')
  })
  return { measured: `longest stop on the screen ${seconds(silence)}`, ok: isBack && silence < 5_000 }
}

async function fillDisk(world) {
  const folder = join(world.dataDir, 'timeshift', String(world.app.pid))
  mkdirSync(folder, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder])
  // What cannot be finished is taken away again, so that the disk is full for moments only.
  let fullest = 0
  const isFull = () => {
    fullest = Math.max(fullest, used(folder))
    return fullest > 50
  }
  try {
    const { silence, isBack } = await through(world, () => waitFor(isFull, 30_000))
    const { status } = await fetch(`${address}/health/ready`)
    return {
      measured: `disk at most ${fullest} % full, longest stop ${seconds(silence)}, API ${status}`,
      ok: isBack && silence < 1_000 && status === 200,
    }
  } finally {
    execFileSync('umount', ['-l', folder])
  }
}

const used = folder =>
  Number(execFileSync('df', ['--output=pcent', folder], { encoding: 'utf8' }).split('\n')[1].replace('%', ''))

/** Does what ends the picture; milliseconds from then until it moves again. */
async function backAfter(page, fault) {
  await fault()
  const began = performance.now()
  const before = await page.evaluate(() => window.lastFrame)
  await page.waitForFunction(last => window.lastFrame > last, before, { timeout: 40_000 })
  return performance.now() - began
}

/** The provider behind the channel dies for good; the channel has a second source at another. */
async function loseSource(world) {
  const [channel] = await world.channels(1)
  const { silence, isBack, told } = await through(
    world,
    () => {
      const [used, other] = world.a.pairs.size > 0 ? [world.a, world.b] : [world.b, world.a]
      used.mode = 'answer'
      used.answer = 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n'
      const before = other.requests
      used.cut()
      return () => other.requests - before
    },
    { itemId: channel.id, settle: 20_000 },
  )
  return {
    measured: `longest stop on the screen ${seconds(silence)}, ${told()} requests to the other`,
    ok: isBack && silence < 8_000 && told() > 0,
  }
}

/**
 * A server whose clock is half a day slow hands out addresses, and comes back with the right time: every address that the page knows
 * has run out. That way round, because its clock has to agree with that of the database while the page finds its way back.
 */
async function runOut(world) {
  const startWith = async env => {
    const died = new Promise(done => world.app.once('exit', done))
    world.app.kill('SIGTERM')
    await died
    world.startAgain(env)
    await until(() => fetch(`${address}/health/ready`))
  }
  await startWith({ NODE_OPTIONS: `--import=${EARLIER}` })
  const { isBack, told } = await through(world, page => backAfter(page, () => startWith({})), { settle: 15_000 })
  return { measured: `back ${seconds(told)} after the server`, ok: isBack && told < 15_000 }
}

async function loseNetwork(world) {
  const { silence, isBack, told } = await through(world, async page => {
    await page.context().setOffline(true)
    await sleep(20_000)
    return backAfter(page, () => page.context().setOffline(false))
  })
  return { measured: `back ${seconds(told)} after the network, longest stop ${seconds(silence)}`, ok: isBack && told < 8_000 }
}

async function sleepAndWake(world) {
  const { isBack, told } = await through(world, async page => {
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' })
    await sleep(30_000)
    return backAfter(page, () => devtools.send('Page.setWebLifecycleState', { state: 'active' }))
  })
  return { measured: `back ${seconds(told)} after waking`, ok: isBack && told < 8_000 }
}

export const faults = {
  C14: { promise: 'FFmpeg is killed in mid-play: the picture goes on by itself', inject: killFfmpeg },
  C16: { promise: 'the disk is full: live goes on, only the past is shorter', inject: fillDisk },
  NET: { promise: 'the network of the viewer is away for 20 s', inject: loseNetwork },
  GONE: { promise: 'the source in use dies in mid-play: the other one takes over', inject: loseSource },
  LATE: { promise: 'every address the page knows has run out', inject: runOut },
  WAKE: { promise: 'the page sleeps for 30 s and wakes', inject: sleepAndWake },
}
