import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { listSources } from '@/lib/catalogue'
import { SECOND } from '@/lib/kernel/time'
import { shared } from '@/lib/platform/shared'
import { streamAddress } from '@/lib/providers'
import { parseFacts } from './facts'
import { findPlanRelay, openPlanRelay, relayKey } from './live-relays'
import { findRelay } from './relay/registry'
import type { PrewarmView } from './schema'
import { hasFreeSlot } from './slots'

/** How long in ms a channel stays warm that nobody comes to watch. */
const WARM_MS = 12 * SECOND
/** Connections that must stay free for whoever comes next. */
const KEPT_FREE = 1

interface Warm {
  key: string
  timer: NodeJS.Timeout
}

/** One a profile: whoever warms the next channel lets go of the one before. */
const warmed = () => shared('prewarmed', () => new Map<string, Warm>())

const nameOf = (profileId: string) => `prewarm/${profileId}`

/**
 * Opens the relay of a channel that the viewer is likely to turn to next, for at most 12 s and without a session. Says no where
 * that would take the last free connection, or would not help. @throws NOT_FOUND for an item outside the line-up
 */
export async function prewarmChannel(viewer: Viewer, itemId: number): Promise<PrewarmView> {
  const sources = await listSources(viewer, itemId)
  const [first] = sources
  // A source that serves HLS itself has no relay.
  if (first === undefined || first.kind !== 'channel' || parseFacts(first.facts)?.container === 'hls') return { warm: false }
  const key = relayKey(sources)
  coolDown(viewer.profileId, key)
  const plan = { sources, line: null }
  if (findPlanRelay(plan) === null) {
    const { maxConnections } = await streamAddress(first)
    if (!(await hasFreeSlot(first.providerId, maxConnections, KEPT_FREE))) return { warm: false }
  }
  coolDown(viewer.profileId, key)
  openPlanRelay(plan).touchHls(nameOf(viewer.profileId))
  clearTimeout(warmed().get(viewer.profileId)?.timer)
  const timer = setTimeout(() => coolDown(viewer.profileId), WARM_MS)
  warmed().set(viewer.profileId, { key, timer })
  return { warm: true }
}

/** Lets go of what the profile had warmed, unless it is the channel that is meant now. */
function coolDown(profileId: string, exceptKey?: string): void {
  const before = warmed().get(profileId)
  if (before === undefined || before.key === exceptKey) return
  warmed().delete(profileId)
  clearTimeout(before.timer)
  findRelay(before.key)?.leaveHls(nameOf(profileId))
}
