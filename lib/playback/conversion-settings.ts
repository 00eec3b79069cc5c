import 'server-only'
import { requireAdmin } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import { coreCapacity, ffmpegAbilities, freeCores } from '@/lib/platform/ffmpeg'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import { readStoredSettings } from './conversion/ladder'
import { ConversionSettings, type ConversionView } from './schema'
import { readSetting, writeSetting } from './store'

const KEPT_MS = 30_000
const KEY = 'conversion'

const kept = () => shared('conversion-settings', () => ({ current: null as { value: ConversionSettings; at: number } | null }))

/** Each channel that is opened asks, so the answer is kept for half a minute; a change is told on the bus besides. */
export async function getConversionSettings(): Promise<ConversionSettings> {
  const { current } = kept()
  if (current !== null && performance.now() - current.at < KEPT_MS) return current.value
  const value = readOrDefault((await readSetting(KEY)) ?? {})
  kept().current = { value, at: performance.now() }
  return value
}

function readOrDefault(stored: unknown): ConversionSettings {
  try {
    return readStoredSettings(stored)
  } catch (err) {
    log().error({ err }, 'the settings of conversions cannot be read')
    return ConversionSettings.parse({})
  }
}

export function forgetConversionSettings(): void {
  kept().current = null
}

/** @throws FORBIDDEN */
export async function viewConversionSettings(viewer: Viewer): Promise<ConversionView> {
  requireAdmin(viewer)
  const [settings, abilities] = await Promise.all([getConversionSettings(), ffmpegAbilities()])
  return {
    settings,
    ffmpeg: abilities && { version: abilities.version, hardware: abilities.hardware?.kind ?? null },
    cores: { capacity: coreCapacity(), free: freeCores() },
  }
}

/** What runs goes on as it began. @throws FORBIDDEN */
export async function updateConversionSettings(viewer: Viewer, value: ConversionSettings): Promise<ConversionView> {
  requireAdmin(viewer)
  await writeSetting(KEY, value)
  forgetConversionSettings()
  return viewConversionSettings(viewer)
}
