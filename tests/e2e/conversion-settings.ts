import { type APIRequestContext, expect } from '@playwright/test'
import type { ConversionSettings } from '@/lib/playback/schema'

/** Sets how pictures are converted. Answers how to put it back: a low highest quality would make every other test's picture small. */
export async function changeConversion(chief: APIRequestContext, data: ConversionSettings): Promise<() => Promise<void>> {
  const { settings } = await (await chief.get('/api/conversion-settings')).json()
  const set = async (to: ConversionSettings) =>
    expect((await chief.put('/api/conversion-settings', { data: to })).ok(), 'settings of conversion').toBe(true)
  await set(data)
  return () => set(settings)
}
