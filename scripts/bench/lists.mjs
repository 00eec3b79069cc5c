// Scrolling the list screens with 150,000 movies and 20,000 channels in them: time between frames, against an empty page.
import { chromium } from '@playwright/test'
import { address, admin, importSource, percentile, startWorld } from './world.mjs'

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const SECONDS = 8
// Twenty notches of a wheel a second: as fast as a hand turns it.
const STEP_PX = 120
const STEP_MS = 50

export async function measure() {
  const world = await startWorld()
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: ARGS })
  try {
    await importSource(world.cookie, 'huge')
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(`${address}/sign-in`)
    await page.getByLabel('Email').fill(admin.email)
    await page.getByLabel('Password', { exact: true }).fill(admin.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.waitForURL(url => !url.pathname.startsWith('/sign-in'))
    const empty = await frames(page, 'data:text/html,<div style="height:900000px;background:linear-gradient(red,blue)"></div>')
    const rows = []
    for (const path of ['/movies', '/channels', '/shows']) {
      const times = await frames(page, address + path)
      const p95 = percentile(times, 0.95)
      const reference = percentile(empty, 0.95)
      rows.push({
        name: `scrolling ${path}: frame p95`,
        value: p95,
        unit: 'ms',
        reference: `empty page: ${reference.toFixed(1)} ms`,
        ratio: reference / p95,
        goal: '< 16.8 ms',
        ok: p95 < 16.8,
      })
    }
    return rows
  } finally {
    await browser.close()
    await world.end()
  }
}

/** Milliseconds between frames while the wheel turns. */
async function frames(page, url) {
  await page.goto(url)
  await page.waitForTimeout(2_000)
  await page.mouse.move(700, 500)
  await page.evaluate(() => {
    window.frameTimes = []
    let last = performance.now()
    const next = now => {
      window.frameTimes.push(now - last)
      last = now
      window.frameLoop = requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  })
  const end = Date.now() + SECONDS * 1_000
  while (Date.now() < end) {
    await page.mouse.wheel(0, STEP_PX)
    await page.waitForTimeout(STEP_MS)
  }
  return page.evaluate(() => window.frameTimes.slice(5))
}
