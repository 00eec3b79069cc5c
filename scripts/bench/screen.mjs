// A browser signed in to the server that is measured, and the time between its frames while a wheel turns.
import { chromium } from '@playwright/test'
import { address, admin } from './world.mjs'

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync']
export const SECONDS = 8
// Twenty notches of a wheel a second: as fast as a hand turns it.
const STEP_PX = 120
const STEP_MS = 50
/** Pixels that one run of the wheel moves. */
export const RUN_PX = (SECONDS * 1_000 * STEP_PX) / STEP_MS

export async function openScreen() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: ARGS })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, baseURL: address })
  await page.goto(`${address}/sign-in`)
  await page.getByLabel('Email').fill(admin.email)
  await page.getByLabel('Password', { exact: true }).fill(admin.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL(url => !url.pathname.startsWith('/sign-in'))
  return { browser, page }
}

/** Frames of a page with nothing in it: what the machine can do. */
export const emptyFrames = (page, way = 'down') =>
  frames(page, 'data:text/html,<div style="height:900000px;width:900000px;background:linear-gradient(red,blue)"></div>', way)

/** Milliseconds between frames while the wheel turns down or along. */
export async function frames(page, url, way = 'down') {
  await page.goto(url)
  await page.waitForTimeout(2_000)
  await page.evaluate(() => {
    window.frameTimes = []
    let last = performance.now()
    const next = now => {
      window.frameTimes.push(now - last)
      last = now
      requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  })
  await turnWheel(page, way)
  return page.evaluate(() => window.frameTimes.slice(5))
}

export async function turnWheel(page, way) {
  await page.mouse.move(700, 500)
  const end = Date.now() + SECONDS * 1_000
  while (Date.now() < end) {
    await page.mouse.wheel(way === 'along' ? STEP_PX : 0, way === 'down' ? STEP_PX : 0)
    await page.waitForTimeout(STEP_MS)
  }
}

/** Serves `html` as a page of the server's own; returns its address. */
export async function serveStill(page, name, html) {
  const copy = `${address}/still-copy-${name}`
  await page.route(copy, route => route.fulfill({ contentType: 'text/html', body: html }))
  return copy
}
