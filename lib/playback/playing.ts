import 'server-only'
import { playbackKeyring } from './keys'
import { findPlan } from './session-plans'
import { verifyToken } from './tokens'

/** A session that this process plays. */
export interface Playing {
  id: string
  accountId: string
  profileId: string
  /** User-Agent of whoever opened it. */
  app: string
  /** Aborted when it ends here. */
  over: AbortSignal
}

/** What a stream token plays here; null when it is not good or its session is not known. */
export function findPlaying(token: string): Playing | null {
  try {
    const { sessionId } = verifyToken(playbackKeyring, token, { now: Date.now() / 1_000 })
    const plan = findPlan(sessionId)
    if (plan === null) return null
    const { id, accountId, profileId, app } = plan.record
    return { id, accountId, profileId, app, over: plan.over.signal }
  } catch {
    return null
  }
}
