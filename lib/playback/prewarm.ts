import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { listSources, type SourceRecord } from '@/lib/catalogue'
import { toAppError } from '@/lib/kernel/errors'
import { SECOND } from '@/lib/kernel/time'
import { shared } from '@/lib/platform/shared'
import { requireMayWatch } from '@/lib/profiles'
import { streamAddress } from '@/lib/providers'
import type { Origin } from './catch-up-session'
import { parseFacts } from './facts'
import { findPlanRelay, openWarmRelay, relayKey } from './live-relays'
import { findRelay } from './relay/registry'
import type { Relay } from './relay/relay'
import type { PrewarmInput, PrewarmView } from './schema'
import { openPlayback } from './sessions'
import { FOR_NOBODY, takeSlot } from './slots'

/** How long in ms a channel stays warm that nobody comes to watch. */
const WARM_MS = 12 * SECOND
/** Connections that must stay free for whoever comes next. */
const KEPT_FREE = 1

const cold: PrewarmView = { warm: false, session: null }

interface Warm {
  key: string
  timer: NodeJS.Timeout
}

/** One a profile: whoever warms the next channel lets go of the one before. */
const warmed = () => shared('prewarmed', () => new Map<string, Warm>())

const nameOf = (profileId: string) => `prewarm/${profileId}`

/**
 * Opens the relay of a channel that the viewer is likely to turn to next, for at most 12 s, and the session it would be watched
 * with, so that the zap asks for nothing but picture. Says no where that would take the last free connection, or would not
 * help; whoever needs its connection gets it at once. @throws ACCESS_ENDED, BEDTIME, NOT_FOUND for an item outside the line-up
 */
export async function prewarmChannel(viewer: Viewer, input: PrewarmInput, origin?: Origin): Promise<PrewarmView> {
  const { itemId } = input
  const [sources] = await Promise.all([listSources(viewer, itemId), requireMayWatch(viewer)])
  const [first] = sources
  // A source that serves HLS itself has no relay.
  if (first === undefined || first.kind !== 'channel' || parseFacts(first.facts)?.container === 'hls') return cold
  const key = relayKey(sources)
  coolDown(viewer.profileId, key)
  const relay = findPlanRelay({ sources }) ?? (await openWarm(sources, first))
  if (relay === null) return cold
  coolDown(viewer.profileId, key)
  relay.touchHls(nameOf(viewer.profileId))
  clearTimeout(warmed().get(viewer.profileId)?.timer)
  const timer = setTimeout(() => coolDown(viewer.profileId), WARM_MS)
  warmed().set(viewer.profileId, { key, timer })
  const session = await openPlayback(viewer, input, { address: '', app: '', ...origin, isAhead: true }).catch(() => null)
  return { warm: true, session }
}

/** Null where no connection can be spared for it. */
async function openWarm(sources: SourceRecord[], first: SourceRecord): Promise<Relay | null> {
  const { maxConnections: limit } = await streamAddress(first)
  const wanted = { providerId: first.providerId, limit, purpose: first.name, priority: FOR_NOBODY, keepFree: KEPT_FREE }
  const slot = await takeSlot(wanted).catch(error => {
    if (toAppError(error).code === 'PROVIDER_LIMIT') return null
    throw error
  })
  if (slot === null) return null
  const opened = openWarmRelay({ sources, line: null }, slot)
  // Somebody else was quicker.
  if (opened === null) await slot.release()
  return opened ?? findPlanRelay({ sources })
}

/** Lets go of what the profile had warmed, unless it is the channel that is meant now. */
function coolDown(profileId: string, exceptKey?: string): void {
  const before = warmed().get(profileId)
  if (before === undefined || before.key === exceptKey) return
  warmed().delete(profileId)
  clearTimeout(before.timer)
  findRelay(before.key)?.leaveHls(nameOf(profileId))
}
