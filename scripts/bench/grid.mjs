// The guide with 20,000 channels: a window of it, the first grid on screen, and scrolling it down and along, against an empty page
// and against a still copy of the same cells without script.
import { chromium } from '@playwright/test'
import { address, admin, call, importSource, percentile, sleep, startWorld } from './world.mjs'

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const SECONDS = 8
const STEP_PX = 120
const STEP_MS = 50
const ROUNDS = 60
const MIN_CELLS = 60
const GUIDE_DEADLINE_MS = 300_000

export async function measure() {
  const world = await startWorld()
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: ARGS })
  try {
    await importSource(world.cookie, 'huge')
    const { ids } = await call('GET', '/api/guide/channels', { cookie: world.cookie })
    await guideIsRead(world.cookie, ids)
    const rows = await windows(world.cookie, ids)
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(`${address}/sign-in`)
    await page.getByLabel('Email').fill(admin.email)
    await page.getByLabel('Password', { exact: true }).fill(admin.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.waitForURL(url => !url.pathname.startsWith('/sign-in'))
    rows.push(await firstGrid(page))
    const empty = percentile(
      await frames(
        page,
        'data:text/html,<div style="height:900000px;width:900000px;background:linear-gradient(red,blue)"></div>',
        'down',
      ),
      0.95,
    )
    for (const way of ['down', 'along']) {
      const own = await frames(page, `${address}/guide`, way)
      const copied = await frames(page, await copyStill(page, way), way)
      const [p95, still] = [own, copied].map(times => percentile(times, 0.95))
      rows.push({
        name: `scrolling the guide ${way}: frame p95`,
        value: p95,
        unit: 'ms',
        reference: `empty ${empty.toFixed(1)}, still copy ${still.toFixed(1)} ms`,
        ratio: still / p95,
        goal: '< 16.8 ms',
        ok: p95 < 16.8 || p95 - empty < 0.2,
      })
    }
    return rows
  } finally {
    await browser.close()
    await world.end()
  }
}

const windowOf = (cookie, ids, first) =>
  call('GET', `/api/guide?ids=${ids.slice(first, first + 30)}&from=${Math.floor(Date.now() / 1_000)}&hours=4`, { cookie })

/** The guide is read after the catalogue; it is there when the last channels have programmes. */
async function guideIsRead(cookie, ids) {
  const deadline = Date.now() + GUIDE_DEADLINE_MS
  while (Date.now() < deadline) {
    const { channels } = await windowOf(cookie, ids, ids.length - 30)
    if (channels.flatMap(({ cells }) => cells).length > MIN_CELLS) return
    await sleep(500)
  }
  throw new Error('The guide was not read in time.')
}

/** Windows of 30 channels and 4 hours, each of other channels. */
async function windows(cookie, ids) {
  const times = []
  const floor = []
  let bytes = 0
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now()
    const answer = await windowOf(cookie, ids, (round * 331) % (ids.length - 30))
    times.push(performance.now() - began)
    bytes = Math.max(bytes, Buffer.byteLength(JSON.stringify(answer)))
    const free = performance.now()
    await call('GET', '/api/me', { cookie })
    floor.push(performance.now() - free)
  }
  const [own, reference] = [times, floor].map(values => percentile(values, 0.95))
  return [
    {
      name: 'guide window, 30 rows x 4 h: p95',
      value: own,
      unit: 'ms',
      reference: `signed-in call: ${reference.toFixed(1)} ms`,
      ratio: reference / own,
      goal: '< 50 ms',
      ok: own < 50,
    },
    {
      name: 'guide window, 30 rows x 4 h: size',
      value: bytes / 1_000,
      unit: 'kB',
      reference: 'before compression',
      ratio: null,
      goal: '< 60 kB',
      ok: bytes < 60_000,
    },
  ]
}

/** From the address to the first programmes on screen, with a cache that knows the scripts. */
async function firstGrid(page) {
  const times = []
  for (let round = 0; round < 5; round++) {
    await page.goto(`${address}/settings`)
    const began = performance.now()
    await page.goto(`${address}/guide`)
    await page.locator('[data-kind="programme"]').first().waitFor()
    times.push(performance.now() - began)
  }
  const value = percentile(times, 0.5)
  return { name: 'guide: first grid on screen, p50', value, unit: 'ms', reference: '', ratio: null, goal: '', ok: null }
}

/** Puts what one run of the wheel shows of the grid into one page without script; returns its address. */
async function copyStill(page, way) {
  await page.goto(`${address}/guide`)
  await page.locator('[data-kind="programme"]').first().waitFor()
  const html = await page.evaluate(
    async ({ pixels, way }) => {
      const box = document.querySelector('[data-guide-box]')
      const grid = box.querySelector('[role="grid"]')
      const first = { top: box.scrollTop, left: box.scrollLeft }
      const rows = new Map()
      for (let moved = 0; moved < pixels; moved += 400) {
        box.scrollTo(way === 'down' ? { top: first.top + moved } : { left: first.left + moved })
        await new Promise(done => setTimeout(done, 250))
        for (const row of grid.children) {
          const cells = rows.get(row.dataset.row) ?? { head: row.cloneNode(false).outerHTML, cells: new Map() }
          for (const cell of row.children) cells.cells.set(cell.dataset.start ?? 'head', cell.outerHTML)
          rows.set(row.dataset.row, cells)
        }
      }
      box.scrollTo(first)
      grid.innerHTML = [...rows.values()]
        .map(({ head, cells }) => head.replace('</div>', `${[...cells.values()].join('')}</div>`))
        .join('')
      for (const script of document.querySelectorAll('script, link[as="script"]')) script.remove()
      return `<!doctype html>${document.documentElement.outerHTML}`
    },
    { pixels: (SECONDS * 1_000 * STEP_PX) / STEP_MS, way },
  )
  const copy = `${address}/still-copy-guide-${way}`
  await page.route(copy, route => route.fulfill({ contentType: 'text/html', body: html }))
  return copy
}

/** Milliseconds between frames while the wheel turns. */
async function frames(page, url, way) {
  await page.goto(url)
  await page.waitForTimeout(2_000)
  await page.mouse.move(700, 500)
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
  const end = Date.now() + SECONDS * 1_000
  while (Date.now() < end) {
    await page.mouse.wheel(way === 'along' ? STEP_PX : 0, way === 'down' ? STEP_PX : 0)
    await page.waitForTimeout(STEP_MS)
  }
  return page.evaluate(() => window.frameTimes.slice(5))
}
