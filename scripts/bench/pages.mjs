// Lighthouse (its desktop preset) of the sign-in page and of Home, on the production build over loopback, with Debian's Chromium.
import { launch } from 'chrome-launcher'
import lighthouse from 'lighthouse'
import desktop from 'lighthouse/core/config/desktop-config.js'
import { address, importSource, startWorld } from './world.mjs'

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const GOAL = 0.95

export async function measure() {
  const world = await startWorld()
  const chrome = await launch({ chromePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', chromeFlags: FLAGS })
  try {
    await importSource(world.cookie, 'normal')
    const rows = []
    for (const [name, path, cookie] of [
      ['sign-in', '/sign-in', ''],
      ['home', '/', world.cookie],
    ]) {
      const extraHeaders = cookie ? { cookie } : {}
      const options = {
        port: chrome.port,
        extraHeaders,
        onlyCategories: ['performance', 'accessibility', 'best-practices', 'seo'],
      }
      const result = await lighthouse(address + path, options, desktop)
      if (!result) throw new Error(`Lighthouse said nothing about ${path}`)
      for (const category of Object.values(result.lhr.categories)) {
        rows.push({
          name: `Lighthouse ${name}: ${category.title}`,
          value: (category.score ?? 0) * 100,
          unit: '',
          reference: 'of 100',
          ratio: category.score,
          goal: '>= 95',
          ok: (category.score ?? 0) >= GOAL,
        })
        if ((category.score ?? 0) < 1) explain(result.lhr, category)
      }
      rows.push(scriptBytes(result.lhr, name))
    }
    return rows
  } finally {
    chrome.kill()
    await world.end()
  }
}

function explain(lhr, category) {
  for (const { id, weight } of category.auditRefs) {
    const audit = lhr.audits[id]
    if (weight > 0 && audit?.score !== null && audit?.score < 0.9)
      process.stdout.write(`  ${category.title}: ${audit.title} ${audit.displayValue ?? ''}\n`)
  }
}

function scriptBytes(lhr, name) {
  const items = lhr.audits['network-requests']?.details?.items ?? []
  const bytes = items.filter(item => item.resourceType === 'Script').reduce((sum, item) => sum + (item.transferSize ?? 0), 0)
  return {
    name: `first load scripts of ${name}`,
    value: bytes / 1000,
    unit: 'kB',
    reference: 'as transferred',
    ratio: null,
    goal: name === 'home' ? '< 170 kB' : '',
    ok: name === 'home' ? bytes < 170_000 : null,
  }
}
