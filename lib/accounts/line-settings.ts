import 'server-only'
import { publish } from '@/lib/platform/bus'
import { db } from '@/lib/platform/db'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import { shutRules } from './access-rules'
import { requireAdmin } from './can'
import { requireReadable } from './lines'
import { AccessRules, LineSettings, type Viewer } from './schema'

const KEPT_MS = 30_000
const KEY = 'lines'

interface Kept {
  value: LineSettings
  at: number
}

const kept = () => shared('line-settings', () => ({ current: null as Kept | null }))

/** Every request of an app asks, so the answer is kept for half a minute; a change is told on the bus besides. */
export async function getLineSettings(): Promise<LineSettings> {
  const { current } = kept()
  if (current !== null && performance.now() - current.at < KEPT_MS) return current.value
  const row = await db().setting.findUnique({ where: { key: KEY }, select: { value: true } })
  const value = readSettings(row?.value)
  kept().current = { value, at: performance.now() }
  return value
}

function readSettings(stored: unknown): LineSettings {
  const whole = LineSettings.safeParse(stored ?? {})
  if (whole.success) return whole.data
  // Rules were made to keep somebody out: what cannot be read must not let him in. The rest has good defaults.
  const rules = AccessRules.safeParse(typeof stored === 'object' && stored !== null && 'rules' in stored ? stored.rules : null)
  log().error({ err: whole.error, rulesAreReadable: rules.success }, 'the settings of device lines cannot be read')
  return LineSettings.parse({ rules: rules.success ? rules.data : shutRules() })
}

/** What is known of them at once, or null. */
export function peekLineSettings(): LineSettings | null {
  const { current } = kept()
  return current !== null && performance.now() - current.at < KEPT_MS ? current.value : null
}

export function forgetLineSettings(): void {
  kept().current = null
}

/** @throws FORBIDDEN, INVALID_PARAMETER for a rule that is no network */
export async function updateLineSettings(viewer: Viewer, value: LineSettings): Promise<LineSettings> {
  requireAdmin(viewer)
  requireReadable(value.rules)
  await db().setting.upsert({ where: { key: KEY }, create: { key: KEY, value }, update: { value } })
  forgetLineSettings()
  await publish('settings.changed', {})
  return value
}
