import { expect, test } from '@playwright/test'
import { expectPictures } from './playing'
import { addSource, anna, apiFor, firstItem, pageFor } from './world'

test('the screen stays on while something plays, also in the corner, and may go off when it is paused', async ({ browser }) => {
  const api = await apiFor(anna)
  const source = await addSource(api, 'normal', 'Awake TV')
  const page = await pageFor(browser, anna)
  await page.addInitScript(() => {
    const state = Object.assign(window, { locks: 0 })
    const request = async () => {
      state.locks++
      let isHeld = true
      return {
        release: async () => {
          if (isHeld) state.locks--
          isHeld = false
        },
      }
    }
    Object.defineProperty(navigator, 'wakeLock', { value: { request } })
  })
  const locks = () => page.evaluate(() => (window as unknown as { locks: number }).locks)
  try {
    await page.goto('/movies')
    expect(await locks()).toBe(0)
    await page.goto(`/title/${(await firstItem(api, 'movie')).id}`)
    await page
      .getByRole('link', { name: /^(Play|Resume)$/ })
      .first()
      .click()
    await expectPictures(page, 1)
    expect(await locks()).toBe(1)
    await page.keyboard.press(' ')
    await expect.poll(locks).toBe(0)
    await page.keyboard.press(' ')
    await expect.poll(locks).toBe(1)
    await page.goBack()
    await expect(page.getByRole('complementary', { name: 'Playing now' })).toBeVisible()
    expect(await locks()).toBe(1)
    await page.getByRole('complementary', { name: 'Playing now' }).getByRole('button', { name: 'End' }).click()
    await expect.poll(locks).toBe(0)
  } finally {
    await page.context().close()
    await api.delete(`/api/providers/${source}`)
    await api.dispose()
  }
})
