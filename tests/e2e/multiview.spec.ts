import AxeBuilder from '@axe-core/playwright'
import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { shootAt } from './playing'
import { addSource, anna, apiFor, pageFor } from './world'

// Several channels at once, and what one is told before a connection is missing.
let api: APIRequestContext
let page: Page

test.beforeAll(async ({ browser }) => {
  api = await apiFor(anna)
  page = await pageFor(browser, anna)
})

test.afterAll(async () => {
  await page.context().close()
  await api.dispose()
})

const videos = () => page.locator('video')
const times = () => videos().evaluateAll(all => all.map(video => (video as HTMLVideoElement).currentTime))
const list = () => page.getByRole('dialog', { name: 'Choose a channel' })
const heard = () => videos().evaluateAll(all => all.map(video => (video as HTMLVideoElement).volume > 0))

async function expectAllMove(count: number): Promise<void> {
  await expect(videos()).toHaveCount(count)
  await expect.poll(async () => (await times()).every(time => time > 0.5), { timeout: 40_000 }).toBe(true)
  const before = await times()
  await expect
    .poll(async () => (await times()).every((time, at) => time > (before[at] ?? 0) + 0.5), { timeout: 20_000 })
    .toBe(true)
}

const shoot = (name: string) => shootAt(page, `multiview-${name}`, { isLowToo: true })

test('two connections: what is free is told, a third channel is refused with its reason, and one may change for another', async () => {
  const source = await addSource(api, 'normal2.tiles', 'Two at once')
  await page.goto('/multiview')
  await page.getByRole('button', { name: 'Choose a channel' }).first().click()
  await expect(list().getByRole('status')).toContainText('2 of 2 connections are free')
  await list().getByRole('listitem').nth(0).getByRole('button').click()
  await expectAllMove(1)
  await expect(page.getByText('1 of 2 connections is free')).toBeVisible()
  await page.getByRole('button', { name: 'Choose a channel' }).click()
  await expect(list().getByRole('listitem').nth(0)).toContainText('Has a tile already')
  await list().getByRole('listitem').nth(1).getByRole('button').click()
  await expectAllMove(2)
  await expect(page.getByText('All 2 connections are in use')).toBeVisible()
  await shoot('full')
  await page.getByRole('button', { name: 'Add a channel' }).click()
  const third = list().getByRole('listitem').nth(2)
  await expect(third).toContainText('No connection is free for it')
  await expect(third.getByRole('button')).toBeDisabled()
  const { violations } = await new AxeBuilder({ page }).include('dialog').analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  await shoot('refused')
  await page.keyboard.press('Escape')
  await page
    .getByRole('button', { name: /^Change / })
    .nth(1)
    .click()
  await expect(list().getByRole('listitem').nth(2).getByRole('button')).toBeEnabled()
  await list().getByRole('listitem').nth(2).getByRole('button').click()
  await expectAllMove(2)
  for (let left = 2; left > 1; left -= 1)
    await page
      .getByRole('button', { name: /^Remove / })
      .first()
      .click()
  await expect(page.getByText('1 of 2 connections is free')).toBeVisible()
  await page.goto('/channels')
  await api.delete(`/api/providers/${source}`)
})

test('three, then four: all of them move, one is heard, and none reaches out of the screen of a phone held across', async () => {
  const source = await addSource(api, 'normal.tiles', 'Five at once')
  const { items } = await (await api.get(`/api/items?kind=channel&limit=10&provider=${source}`)).json()
  const tiles: number[] = items.slice(0, 3).map(({ id }: { id: number }) => id)
  await page.goto('/channels')
  const { profile } = await (await api.get('/api/me')).json()
  await page.evaluate(([key, value]) => localStorage.setItem(key, value), [
    `wtf.player.${profile.id}`,
    JSON.stringify({ tiles }),
  ] as const)
  await page.goto('/multiview')
  await expectAllMove(3)
  await expect(page.getByText('2 of 5 connections are free')).toBeVisible()
  await page.getByRole('button', { name: 'Choose a channel' }).click()
  await list().getByRole('listitem').nth(3).getByRole('button').click()
  await expectAllMove(4)
  await expect(page.getByRole('button', { name: /Choose a channel|Add a channel/ })).toHaveCount(0)
  await expect.poll(async () => (await heard()).filter(Boolean).length).toBe(1)
  await shoot('four')
  await page.setViewportSize({ width: 844, height: 390 })
  for (const tile of await page.getByRole('button', { name: /: whole screen$/ }).all()) {
    const box = await tile.boundingBox()
    expect(box?.x).toBeGreaterThanOrEqual(0)
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(390)
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(16 / 9, 1)
    expect(box?.height).toBeGreaterThan(130)
  }
  await page.goto('/channels')
  await api.delete(`/api/providers/${source}`)
})
