import { SECOND } from '@/lib/kernel/time'
import type { PlaybackView, PrewarmInput } from '@/lib/playback/schema'
import type { PlaybackApi } from './playback-api'
import type { OpenWish } from './session-open'

/** The server forgets sessions that nobody touched for two minutes. */
const KEPT_MS = 60 * SECOND

/** Ms of a zap to such a session in which nothing but its picture is asked for. */
export const FAREWELL_MS = SECOND

export interface SessionAhead {
  /** Has the channel received and its session opened, if there is room. Never rejects. */
  ask: (input: PrewarmInput, isStillWanted: () => boolean) => Promise<void>
  /** The session that fits the wish, for good; null when there is none. */
  take: (wish: OpenWish) => PlaybackView | null
  drop: () => void
}

/** Keeps the one session that was opened before anybody asked for it. */
export function createSessionAhead(api: PlaybackApi): SessionAhead {
  let kept: { itemId: number; view: PlaybackView } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const pick = () => {
    clearTimeout(timer)
    const had = kept
    kept = null
    return had
  }
  const giveBack = ({ sessionId }: PlaybackView) => void api.close(sessionId).catch(() => {})
  const drop = () => {
    const had = pick()
    if (had) giveBack(had.view)
  }
  return {
    ask: async (input, isStillWanted) => {
      const { session } = await api.prewarm(input).catch(() => ({ session: null }))
      if (session === null) return
      if (!isStillWanted()) return giveBack(session)
      drop()
      kept = { itemId: input.itemId, view: session }
      timer = setTimeout(drop, KEPT_MS)
    },
    take: wish => {
      const isPlain = Object.keys(wish).every(name => name === 'itemId')
      return isPlain && kept?.itemId === wish.itemId ? (pick()?.view ?? null) : null
    },
    drop,
  }
}
