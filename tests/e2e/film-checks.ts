import type { Page } from '@playwright/test'

/**
 * Opens a title's page, clicks Play and waits for the first picture; milliseconds from the click. Fails when there is none within the
 * deadline.
 */
export async function clickPlay(page: Page, id: number, deadlineMs: number): Promise<number> {
  await page.goto(`/title/${id}`)
  const play = page.getByRole('link', { name: /^(Play|Resume)$/ }).first()
  // Until React has taken the link over, a click would load a whole page.
  await page.waitForFunction(
    link => Object.keys(link ?? {}).some(key => key.startsWith('__reactProps')),
    await play.elementHandle({ timeout: 10_000 }),
  )
  await page.evaluate(() => {
    const holder = window as unknown as { started: Promise<number> }
    holder.started = new Promise(done => {
      const onClick = () => {
        const began = performance.now()
        const look = () => {
          const video = document.querySelector<HTMLVideoElement>('video[data-player]')
          if (video === null) requestAnimationFrame(look)
          else video.requestVideoFrameCallback(() => done(Math.round(performance.now() - began)))
        }
        look()
      }
      addEventListener('click', onClick, { once: true, capture: true })
    })
  })
  await play.click()
  const started = page.evaluate(() => (window as unknown as { started: Promise<number> }).started)
  const ms = await within(started, deadlineMs)
  if (ms === null) throw new Error(`no picture; ${(await page.getByRole('alert').allTextContents()).join(' ').slice(0, 80)}`)
  return ms
}

/** Jumps and waits for the first new picture: after how many milliseconds, and how many seconds beside the place. */
export async function jump(page: Page, seconds: number): Promise<{ ms: number; error: number }> {
  const jumped = page.evaluate(
    target =>
      new Promise<{ ms: number; time: number }>(resolve => {
        const video = document.querySelector('video') as HTMLVideoElement
        const began = performance.now()
        video.currentTime = target
        const look = (_now: number, { mediaTime }: { mediaTime: number }) => {
          if (Math.abs(mediaTime - target) > 2) video.requestVideoFrameCallback(look)
          else resolve({ ms: Math.round(performance.now() - began), time: mediaTime })
        }
        video.requestVideoFrameCallback(look)
      }),
    seconds,
  )
  const landed = await within(jumped, 12_000)
  if (landed === null) {
    const state = await page.evaluate(() => {
      const video = document.querySelector('video') as HTMLVideoElement
      const { buffered } = video
      const ranges = Array.from(
        { length: buffered.length },
        (_, n) => `${buffered.start(n).toFixed(2)}-${buffered.end(n).toFixed(2)}`,
      )
      return `at ${video.currentTime.toFixed(2)}, ready ${video.readyState}, buffered ${ranges.join(' ')}`
    })
    throw new Error(`no picture after the jump to ${seconds.toFixed(2)}; ${state}`)
  }
  return { ms: landed.ms, error: landed.time - seconds }
}

/** Listens to the element for a moment: how loud it is, and its strongest tone in Hz. */
export function listen(page: Page, seconds: number): Promise<{ level: number; hertz: number }> {
  return page.evaluate(async length => {
    const video = document.querySelector('video') as HTMLVideoElement
    const holder = window as unknown as { ear?: AnalyserNode; heard?: HTMLVideoElement }
    if (holder.ear === undefined || holder.heard !== video) {
      const context = new AudioContext()
      await context.resume()
      holder.ear = context.createAnalyser()
      holder.ear.fftSize = 8_192
      holder.ear.smoothingTimeConstant = 0
      context.createMediaElementSource(video).connect(holder.ear)
      holder.heard = video
    }
    video.muted = false
    const { ear } = holder
    const bins = new Float32Array(ear.frequencyBinCount)
    const samples = new Float32Array(ear.fftSize)
    let [level, hertz] = [0, 0]
    for (const end = performance.now() + length * 1_000; performance.now() < end && level < 0.02; ) {
      await new Promise(done => setTimeout(done, 60))
      ear.getFloatTimeDomainData(samples)
      const now = Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length)
      if (now <= level) continue
      level = now
      ear.getFloatFrequencyData(bins)
      hertz = (bins.indexOf(Math.max(...bins)) * ear.context.sampleRate) / ear.fftSize
    }
    return { level, hertz }
  }, seconds)
}

/** Chooses a line of the player's settings, as a viewer does. */
export async function choose(page: Page, group: 'Audio' | 'Subtitles', line: number): Promise<void> {
  await page.keyboard.press('s')
  await page.getByRole('radiogroup', { name: group }).getByRole('radio').nth(line).click({ timeout: 5_000 })
  await page.keyboard.press('Escape')
}

/** The words that lie on the picture now. */
export const captions = (page: Page): Promise<string> =>
  page.evaluate(() => document.querySelector<HTMLElement>('[data-player-captions]')?.textContent.trim() ?? '')

async function within<T>(work: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>(done => {
    timer = setTimeout(() => done(null), ms)
  })
  work.catch(() => {})
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Stops the picture at a moment: what lies on it then stays there. */
export async function stopAt(page: Page, seconds: number): Promise<void> {
  await page.evaluate(async target => {
    const video = document.querySelector('video') as HTMLVideoElement
    video.pause()
    const there = new Promise(done => video.addEventListener('seeked', done, { once: true }))
    video.currentTime = target
    await there
  }, seconds)
}
