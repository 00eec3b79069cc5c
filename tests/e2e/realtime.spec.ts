import { spawn } from 'node:child_process'
import { type APIRequestContext, expect, test } from '@playwright/test'
import { address, addSource, anna, apiFor, firstItem, pageFor } from './world'

let api: APIRequestContext
let source = 0

test.beforeAll(async () => {
  api = await apiFor(anna)
  source = await addSource(api, 'normal', 'News TV')
})

test.afterAll(async () => {
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

const moment = (hours: number) =>
  `${new Date(Date.now() + hours * 3_600_000).toISOString().replace(/[-:T]/g, '').slice(0, 14)} +0000`

const guideOf = (channel: string, title: string) =>
  Buffer.from(
    `<tv><channel id="spec.news"><display-name>${channel}</display-name></channel>` +
      `<programme start="${moment(-1)}" stop="${moment(2)}" channel="spec.news"><title>${title}</title></programme></tv>`,
  ).toString('base64')

test('an open grid shows another programme, and a favourite of another device, without being loaded again', async ({
  browser,
}) => {
  const { id, name } = await firstItem(api, 'channel')
  const page = await pageFor(browser, anna)
  let loads = 0
  page.on('load', () => {
    loads += 1
  })
  const line = page.waitForEvent('websocket')
  await page.goto('/guide')
  await expect(page.getByRole('gridcell').first()).toBeVisible()
  await (await line).waitForEvent('framereceived')

  const added = await api.post('/api/guide-sources', {
    data: { name: 'Spec news', file: guideOf(name, 'Breaking news of the spec'), priority: -50 },
  })
  expect(added.status(), await added.text()).toBe(201)
  await expect(page.getByRole('gridcell', { name: /Breaking news of the spec/ })).toBeVisible({ timeout: 40_000 })
  const { id: guide } = await added.json()

  const rows = page.getByRole('rowheader')
  const { ids } = await (await api.get('/api/guide/channels')).json()
  const last = ids.find((one: number) => one !== id && one !== ids[0])
  const favourite = (await (await api.get(`/api/items/${last}`)).json()).name
  await expect(rows.first()).not.toContainText(favourite)
  await api.put(`/api/favourites/${last}`)
  await expect(rows.first()).toContainText(favourite)
  await api.delete(`/api/favourites/${last}`)
  await expect(rows.first()).not.toContainText(favourite)
  expect(loads).toBe(1)
  await api.delete(`/api/guide-sources/${guide}`)
  await page.context().close()
})

test('what is chosen for the player on one device is so on the other, at once and after a reload', async ({ browser }) => {
  const { id } = await firstItem(api, 'channel')
  const [here, there] = [await pageFor(browser, anna), await pageFor(browser, anna)]
  const line = there.waitForEvent('websocket')
  await Promise.all([here, there].map(page => page.goto(`/watch/${id}`)))
  await (await line).waitForEvent('framereceived')
  const look = () => there.locator('[data-player-captions]').evaluate(node => node.style.getPropertyValue('--caption-size'))
  await expect.poll(look).toBe('1')
  await here.keyboard.press('s')
  await here.getByRole('dialog', { name: 'Settings' }).getByRole('button', { name: 'Subtitle style' }).click()
  await here.getByRole('dialog', { name: 'Subtitle style' }).getByRole('radio', { name: 'Very large' }).click()
  await expect.poll(look).toBe('1.8')
  await there.evaluate(() => window.localStorage.clear())
  await there.reload()
  await expect.poll(look).toBe('1.8')
  // Without a network the choice stays on the device, and is told with the next one.
  await here.context().setOffline(true)
  await here.getByRole('dialog', { name: 'Subtitle style' }).getByRole('radio', { name: 'Small' }).click()
  await here.context().setOffline(false)
  await here.getByRole('dialog', { name: 'Subtitle style' }).getByRole('radio', { name: 'Yellow' }).click()
  await expect.poll(look).toBe('0.75')
  await Promise.all([here, there].map(page => page.context().close()))
})

test('the example client of the documents signs in, listens and prints what it hears', async () => {
  const client = spawn(process.execPath, ['docs/examples/realtime-client.mjs', address, anna.email, anna.password])
  let printed = ''
  for (const stream of [client.stdout, client.stderr]) {
    stream.on('data', part => {
      printed += part
    })
  }
  await expect.poll(() => printed).toContain('"type":"welcome"')
  const { id } = await firstItem(api, 'movie')
  await api.put(`/api/favourites/${id}`)
  await expect.poll(() => printed).toContain(`"topic":"favourite.changed","data":{"itemId":${id}}`)
  await api.delete(`/api/favourites/${id}`)
  // Its sign-in ends from elsewhere: it leaves by itself.
  const sessions: { id: string; current: boolean }[] = await (await api.get('/api/sessions')).json()
  const ended = new Promise(done => client.once('exit', done))
  for (const session of sessions) if (!session.current) await api.delete(`/api/sessions/${session.id}`)
  expect(await ended).toBe(0)
})
