import { createServer, request as forward } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, type Page, test } from '@playwright/test'
import { address, addSource, anna, apiFor, pageFor } from './world'

// What this file is about; everywhere else the worker is left out (playwright.config.ts).
test.use({ serviceWorkers: 'allow' })

const workerState = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    const cached: string[] = []
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) cached.push(new URL(request.url).pathname)
    }
    return { state: registration.active?.state, waiting: registration.waiting !== null, cached }
  })

test('the worker keeps the files of the build and nothing of an account', async ({ browser }) => {
  const api = await apiFor(anna)
  const source = await addSource(api, 'normal', 'Demo TV')
  const page = await pageFor(browser, anna)
  await page.goto('/')
  await expect.poll(async () => (await workerState(page)).state).toBe('activated')
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  await page.goto('/guide')
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await page.waitForLoadState('networkidle')
  const { cached } = await workerState(page)
  expect(cached.length).toBeGreaterThan(20)
  expect(cached.filter(path => !/^\/_next\/static\/(chunks|media)\/|^\/icon|^\/offline$/.test(path))).toEqual([])

  // The files of a page that has been opened once come from the device.
  const served = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry): entry is PerformanceResourceTiming => entry instanceof PerformanceResourceTiming)
      .filter(entry => entry.name.includes('/_next/static/chunks/'))
      .map(entry => entry.workerStart > 0),
  )
  expect(served.length).toBeGreaterThan(0)
  expect(served.every(Boolean)).toBe(true)
  await page.context().close()
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

/** The server behind a door that can change its worker, as an update of the server does. */
async function startDoor(): Promise<{ origin: string; update: () => void; close: () => void }> {
  let updated = false
  const target = new URL(address)
  const door = createServer((request, response) => {
    const { url: path, method } = request
    const changes = updated && path === '/service-worker.js'
    // Whether the browser's copy is still good is not for this server to say.
    const headers = { ...request.headers, 'accept-encoding': 'identity', 'if-none-match': '' }
    const asked = { host: target.hostname, port: target.port, path, method, headers }
    const sent = forward(asked, answer => {
      const { 'content-length': _length, etag: _etag, ...rest } = answer.headers
      response.writeHead(answer.statusCode ?? 502, changes ? rest : answer.headers)
      if (changes) response.write('// another build\n')
      answer.pipe(response)
    })
    request.pipe(sent)
  })
  await new Promise<void>(done => door.listen(0, 'localhost', done))
  const { port } = door.address() as AddressInfo
  return {
    origin: `http://localhost:${port}`,
    update: () => {
      updated = true
    },
    close: () => {
      door.close()
      door.closeAllConnections()
    },
  }
}

test('a new worker takes over from a page of its own build, without loading it again', async ({ browser }) => {
  const door = await startDoor()
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${door.origin}/sign-in`)
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  door.update()
  let loads = 0
  page.on('load', () => {
    loads += 1
  })
  await page.addInitScript(() => {
    navigator.serviceWorker.addEventListener('controllerchange', () => document.documentElement.setAttribute('data-taken', 'yes'))
  })
  await page.reload()
  await expect(page.locator('html[data-taken]')).toHaveCount(1)
  await expect.poll(async () => (await workerState(page)).waiting).toBe(false)
  expect(loads).toBe(1)

  await page.context().close()
  door.close()
})
