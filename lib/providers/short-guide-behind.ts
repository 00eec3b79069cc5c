import 'server-only'
import { MINUTE, SECOND } from '@/lib/kernel/time'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import { fetchNow, recallNow, type ShortProgramme } from './short-guide'

/** Channels of one provider that wait to be asked for: some screens of a guide. Those seen longest ago go first. */
const MAX_WAITING = 60
/** Asked for in one go, the newest first: where somebody scrolled to. */
const TOGETHER = 8
/** A provider that told nothing of a whole batch is left alone for this long. */
const REST_MS = MINUTE
/** By when some of what waits may have come. */
const SOON_MS = 3 * SECOND

interface Asking {
  waiting: Set<string>
  isBusy: boolean
  restUntil: number
}

const askingOf = (providerId: number): Asking => {
  const all = shared('short-guide-asking', () => new Map<number, Asking>())
  const asking = all.get(providerId) ?? { waiting: new Set(), isBusy: false, restUntil: 0 }
  all.set(providerId, asking)
  return asking
}

/**
 * Asks for what is not known of these channels, or not any more, without anybody waiting for it; a batch at a time for each
 * provider, within the limits of `fetchNow`. Returns when (ms) there may be something new to see.
 */
export function askNowBehind(providerId: number, ids: readonly string[], now = Date.now()): number {
  const known = recallNow(providerId, ids)
  const ages = ids.map(id => known.get(id)?.until ?? 0)
  if (ages.every(until => until > now)) return Math.min(...ages)
  const asking = askingOf(providerId)
  if (asking.restUntil > now) return asking.restUntil
  for (const [at, id] of ids.entries()) {
    if ((ages[at] ?? 0) > now) continue
    asking.waiting.delete(id)
    asking.waiting.add(id)
  }
  for (const id of asking.waiting) {
    if (asking.waiting.size <= MAX_WAITING) break
    asking.waiting.delete(id)
  }
  if (!asking.isBusy) void askAll(providerId, asking)
  return now + SOON_MS
}

async function askAll(providerId: number, asking: Asking): Promise<void> {
  asking.isBusy = true
  while (asking.waiting.size > 0) {
    const ids = [...asking.waiting].slice(-TOGETHER)
    for (const id of ids) asking.waiting.delete(id)
    if (await hasTold(providerId, ids)) continue
    asking.waiting.clear()
    asking.restUntil = Date.now() + REST_MS
  }
  asking.isBusy = false
}

async function hasTold(providerId: number, ids: readonly string[]): Promise<boolean> {
  try {
    const found: Iterable<ShortProgramme[] | null> = (await fetchNow(providerId, ids)).values()
    return [...found].some(programmes => programmes !== null)
  } catch (error) {
    log().debug({ err: error, provider: providerId }, 'a provider could not be asked what is on now')
    return false
  }
}
