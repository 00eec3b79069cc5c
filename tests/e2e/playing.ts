import { expect, type Page } from '@playwright/test'

export interface Picture {
  time: number
  frames: number
  width: number
}

/** What the video element really does: position in seconds, decoded frames, width of the picture. */
export function picture(page: Page): Promise<Picture> {
  return page.evaluate(() => {
    const video = document.querySelector('video')
    return {
      time: video?.currentTime ?? 0,
      frames: video?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
      width: video?.videoWidth ?? 0,
    }
  })
}

/**
 * Fails unless this many seconds of pictures have been shown within half a minute: for what the same processors have to convert while
 * they draw it.
 */
export async function expectPictures(page: Page, seconds: number): Promise<void> {
  await expect.poll(async () => (await picture(page)).frames, { timeout: 20_000 }).toBeGreaterThan(5)
  const first = await picture(page)
  await expect.poll(async () => (await picture(page)).time - first.time, { timeout: 30_000 }).toBeGreaterThan(seconds)
  expect((await picture(page)).frames - first.frames).toBeGreaterThan(seconds * 10)
}

/** Waits for the picture of what was chosen last: until then the one before it goes on behind the word that something starts. */
async function expectStarted(page: Page): Promise<void> {
  const isShown = async () => {
    const starting = await page.getByRole('progressbar', { name: 'Starting' }).count()
    const { frames, width } = await picture(page)
    return starting === 0 && frames > 5 && width > 0
  }
  const staysShown = async () => {
    if (!(await isShown())) return false
    await page.waitForTimeout(300)
    return isShown()
  }
  await expect.poll(staysShown, { timeout: 20_000 }).toBe(true)
}

/** Fails unless decoded frames and position advance in every two seconds, for this many seconds. */
export async function expectMovingPicture(page: Page, seconds: number): Promise<void> {
  await expectStarted(page)
  const first = await picture(page)
  let last = first
  for (let passed = 2; passed <= seconds; passed += 2) {
    await page.waitForTimeout(2_000)
    const now = await picture(page)
    expect(now.frames, `frames after ${passed} s`).toBeGreaterThan(last.frames)
    expect(now.time, `position after ${passed} s`).toBeGreaterThan(last.time)
    last = now
  }
  // A cold channel begins with a thin reserve and plays slower rather than stopping: short looks allow for that, long ones do not.
  expect(last.time - first.time).toBeGreaterThan(seconds * (seconds >= 10 ? 0.8 : 0.6))
}

const LOW = [844, 390] as const
const SIZES = [
  [390, 844],
  [1920, 1080],
  [1280, 800],
] as const

/** Pictures to look at cost more time than a test itself: only when SHOTS is set. `before` brings the page to what is to be seen. */
export async function shootAt(
  page: Page,
  name: string,
  { isLowToo = false, before }: { isLowToo?: boolean; before?: (width: number, height: number) => Promise<void> } = {},
): Promise<void> {
  if (!process.env.SHOTS) return
  for (const [width, height] of isLowToo ? [LOW, ...SIZES] : SIZES) {
    await page.setViewportSize({ width, height })
    await before?.(width, height)
    await page.waitForTimeout(before ? 700 : 300)
    await page.screenshot({ path: `tests/output/screens/${name}-${width}.png` })
  }
}
