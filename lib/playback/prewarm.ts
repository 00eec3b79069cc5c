import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { listSources } from '@/lib/catalogue'
import { SECOND } from '@/lib/kernel/time'
import { shared } from '@/lib/platform/shared'
import { requireMayWatch } from '@/lib/profiles'
import { streamAddress } from '@/lib/providers'
import type { Origin } from './catch-up-session'
import { parseFacts } from './facts'
import { findPlanRelay, openPlanRelay, relayKey } from './live-relays'
import { findRelay } from './relay/registry'
import type { PrewarmInput, PrewarmView } from './schema'
import { openPlayback } from './sessions'
import { hasFreeSlot } from './slots'

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
 * help. @throws ACCESS_ENDED, BEDTIME, NOT_FOUND for an item outside the line-up
 */
export async function prewarmChannel(viewer: Viewer, input: PrewarmInput, origin?: Origin): Promise<PrewarmView> {
  const { itemId } = input
  const [sources] = await Promise.all([listSources(viewer, itemId), requireMayWatch(viewer)])
  const [first] = sources
  // A source that serves HLS itself has no relay.
  if (first === undefined || first.kind !== 'channel' || parseFacts(first.facts)?.container === 'hls') return cold
  const key = relayKey(sources)
  coolDown(viewer.profileId, key)
  const plan = { sources, line: null }
  if (findPlanRelay(plan) === null) {
    const { maxConnections } = await streamAddress(first)
    if (!(await hasFreeSlot(first.providerId, maxConnections, KEPT_FREE))) return cold
  }
  coolDown(viewer.profileId, key)
  openPlanRelay(plan).touchHls(nameOf(viewer.profileId))
  clearTimeout(warmed().get(viewer.profileId)?.timer)
  const timer = setTimeout(() => coolDown(viewer.profileId), WARM_MS)
  warmed().set(viewer.profileId, { key, timer })
  const session = await openPlayback(viewer, input, { address: '', app: '', ...origin, isAhead: true }).catch(() => null)
  return { warm: true, session }
}

/** Lets go of what the profile had warmed, unless it is the channel that is meant now. */
function coolDown(profileId: string, exceptKey?: string): void {
  const before = warmed().get(profileId)
  if (before === undefined || before.key === exceptKey) return
  warmed().delete(profileId)
  clearTimeout(before.timer)
  findRelay(before.key)?.leaveHls(nameOf(profileId))
}
