import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { addSource, anna, apiFor, firstItem, pageFor } from './world'

let api: APIRequestContext
let page: Page
let source = 0

test.beforeAll(async ({ browser }) => {
  api = await apiFor(anna)
  source = await addSource(api, 'normal.guides', 'Guide TV')
  page = await pageFor(browser, anna)
})

test.afterAll(async () => {
  await page?.context().close()
  await api.delete(`/api/providers/${source}`)
  await api.dispose()
})

const moment = (hours: number) =>
  `${new Date(Date.now() + hours * 3_600_000).toISOString().replace(/[-:T]/g, '').slice(0, 14)} +0000`

test('a guide from a file gives a channel another programme, and a word of its owner takes it away', async () => {
  const { name } = await firstItem(api, 'channel')
  const guide =
    `<tv><channel id="spec.demo"><display-name>${name}</display-name></channel>` +
    `<programme start="${moment(-1)}" stop="${moment(2)}" channel="spec.demo"><title>From the file</title></programme></tv>`
  await page.goto('/sources')
  await page.getByRole('link', { name: 'TV guides' }).click()
  await page.getByRole('button', { name: 'Add a guide' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a guide' })
  await dialog.getByLabel('Name', { exact: true }).fill('Spec guide')
  await dialog.getByLabel('Or a file').setInputFiles({ name: 'guide.xml', mimeType: 'text/xml', buffer: Buffer.from(guide) })
  await dialog.getByLabel('Order').selectOption({ label: 'First' })
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  const row = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Spec guide' }) })
  await expect(row.getByText('1 channel, read')).toBeVisible()

  await page.getByRole('tab', { name: /^All/ }).click()
  await page.getByLabel('Find a channel').fill(name)
  const channel = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) })
  await expect(async () => {
    await page.reload()
    await page.getByRole('tab', { name: /^All/ }).click()
    await page.getByLabel('Find a channel').fill(name)
    await expect(channel.getByText('Now: From the file').first()).toBeVisible({ timeout: 2_000 })
  }).toPass()
  await channel.getByRole('button', { name: 'No guide' }).click()
  await expect(channel.getByText('No guide, as you said')).toBeVisible()
  await channel.getByRole('button', { name: 'Find it by itself' }).click()
  await expect(channel.getByText('Now: From the file').first()).toBeVisible()

  await row.getByRole('button', { name: 'Remove Spec guide' }).click()
  await page.getByRole('button', { name: 'Remove this guide' }).click()
  await expect(row).toHaveCount(0)
})
